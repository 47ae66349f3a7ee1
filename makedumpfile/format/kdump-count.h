/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the descriptors of a kdump-compressed file say, counted without inflating a page.
 * Trusts nothing in them. Used by --info.
 */
#pragma once

#include "makedumpfile/format/kdump-reader.h"

/**
 * Pages by descriptor. @zero: all point to one raw page of zeros; @shared: point to a
 * payload that another page has, too: exact for files of up to 2 GiB, an upper bound for
 * larger ones; @unreadable: lost while dumping; @missing: never written, or behind the
 * end of the file; @corrupt: makes no sense. @payload_bytes: stored, each once
 */
struct kd_kdump_census {
	uint64_t raw, zlib, lzo, snappy, zstd;
	uint64_t zero, shared, unreadable, missing, corrupt;
	uint64_t payload_bytes;
};

/** 0, -ENOMEM, or a read error. */
int kd_kdump_count(const struct kd_kdump *k, struct kd_kdump_census *ret,
		   struct kd_error *err);

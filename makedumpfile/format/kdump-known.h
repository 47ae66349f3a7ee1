/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Payloads that were found good, so that those which many pages share are not read and
 * inflated for each: the page of zeros, and pages that equal an earlier one. Only what was
 * met twice is remembered, in a table that does not grow. One thread's. Used by
 * kdump-verify.c.
 */
#pragma once

#include "makedumpfile/format/kdump-format.h"

#define KD_KDUMP_KNOWN 1024 /* a power of two */

/**
 * @end:   behind the highest payload that was good so far
 * @slots: by the payload's offset, the last one that hit it; size 0 for none
 */
struct kd_kdump_known {
	uint64_t end;
	struct kd_kdump_known_slot {
		uint64_t offset;
		uint32_t size;
		uint32_t flags;
	} slots[KD_KDUMP_KNOWN];
};

/** Whether the payload of @d is known to be good: the same bytes, of the same codec. */
bool kd_kdump_is_known(const struct kd_kdump_known *k, const struct kd_kdump_desc *d);

/** The payload of @d was good. */
void kd_kdump_known_add(struct kd_kdump_known *k, const struct kd_kdump_desc *d);

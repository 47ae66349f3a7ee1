/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a dump that was cut short still holds, as one that opens: kdump-compressed or ELF,
 * flattened or not. Trusts nothing in it. Called by --salvage.
 */
#pragma once

#include "makedumpfile/format/kdump-salvage.h"

/**
 * @counts: pages of a kdump-compressed file
 * @elf:    it is an ELF core: @saved_bytes of the @bytes its headers promise are there
 */
struct kd_salvage_report {
	struct kd_salvage_counts counts;
	bool elf;
	uint64_t bytes, saved_bytes;
};

/**
 * @fd:  empty, open for reading and writing; borrowed. Synced on success
 * @how: threads and progress; @block stays NULL
 * Errors: those of opening @path; -EBADMSG when not even its headers are there; those
 * of writing.
 */
int kd_salvage_at(int dir_fd, const char *path, int fd, const struct kd_kdump_verify *how,
		  struct kd_salvage_report *ret, struct kd_error *err);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether every page of a dump can be had, whatever its format. Trusts nothing in it.
 * Called by --verify.
 */
#pragma once

#include "makedumpfile/input.h"

/** @pages that should be there, of which @bad are not; @first_bad: the first such frame;
 *  @unreadable: lost while dumping, and marked so */
struct kd_verify_report {
	uint64_t pages, bad, unreadable;
	kd_pfn_t first_bad;
};

/**
 * @threads: as many at once
 * Returns 0; -EBADMSG when pages cannot be had or the file is not whole, in words, *ret
 * set; other errors as of the readers, *ret untouched.
 */
int kd_dump_verify(const struct kd_input *input, unsigned int threads,
		   struct kd_verify_report *ret, struct kd_error *err);

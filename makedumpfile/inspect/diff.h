/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two dumps page by page: which pages one has and the other lacks, and which differ. Any
 * two inputs; memory is a page of each. Trusts what the readers check. Called by --diff.
 */
#pragma once

#include "makedumpfile/input.h"

enum kd_diff_kind {
	KD_DIFF_EQUAL,
	KD_DIFF_ONLY_A,
	KD_DIFF_ONLY_B,
	KD_DIFF_DIFFERENT,
	KD_DIFF_UNREADABLE, /* both have it, and one of them cannot be read */
	KD_DIFF_KINDS,
};

/** Pages of each kind. */
struct kd_diff_counts {
	uint64_t pages[KD_DIFF_KINDS];
};

/**
 * @run: NULL, or given runs [start, end) of frames of one kind, ascending, equal ones left
 *       out
 * Returns 0; -EINVAL when the page sizes differ; -ENOMEM; a read error of the bitmaps.
 */
int kd_diff(const struct kd_input *a, const struct kd_input *b,
	    void (*run)(void *context, enum kd_diff_kind kind, kd_pfn_t start,
			kd_pfn_t end),
	    void *context, struct kd_diff_counts *ret, struct kd_error *err);

/** Whether nothing differs. */
bool kd_diff_none(const struct kd_diff_counts *counts);

/** "equal", "only in the first" …; for JSON: "equal", "only_a" … */
const char *kd_diff_words(enum kd_diff_kind kind);
const char *kd_diff_name(enum kd_diff_kind kind);

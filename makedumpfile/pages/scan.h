/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Walks page frames range by range: which exist, which are kept at a dump level, how
 * many there are of each class. Never fails: what cannot be judged is kept and counted
 * as unknown. Called by dump.c; asks memmap, page, classify and policy.
 */
#pragma once

#include "makedumpfile/pages/keepmap.h"
#include "makedumpfile/pages/memmap.h"
#include "makedumpfile/pages/policy.h"

struct kd_scan_counts {
	uint64_t seen[KD_CLASS_COUNT];
	uint64_t kept[KD_CLASS_COUNT];
};

/**
 * @memmap: borrowed; NULL keeps every page
 * @span_*: the compound page or free block that the last frame was part of: it may
 *          reach into the next range
 */
struct kd_scan {
	const struct kd_memory *memory;
	struct kd_memmap *memmap;
	struct kd_page_format format;
	struct kd_class_rules rules;
	unsigned int level;
	kd_pfn_t span_end;
	enum kd_page_class span_class;
	bool span_kept;
	struct kd_scan_counts counts;
};

/**
 * Set up for ranges that ascend from frame 0.
 *
 * @layout: NULL together with @memmap
 * Returns 0, or -ENODATA and -EBADMSG when struct page cannot be decoded.
 */
int kd_scan_init(struct kd_scan *ret, const struct kd_memory *memory,
		 struct kd_memmap *memmap, const struct kd_layout *layout,
		 unsigned int level, struct kd_error *err);

/** Start again at frame 0, counts at zero. */
void kd_scan_restart(struct kd_scan *s);

/**
 * Judge [first, end).
 * @exists, @keep: restarted for the range and filled
 * Returns 0, -EINVAL when the maps are too small.
 */
int kd_scan_range(struct kd_scan *s, kd_pfn_t first, kd_pfn_t end,
		  struct kd_keepmap *exists, struct kd_keepmap *keep);

/** One past the highest frame of which at least a byte exists. */
kd_pfn_t kd_scan_max_pfn(const struct kd_memory *memory);

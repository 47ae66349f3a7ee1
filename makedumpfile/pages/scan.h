/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Judges page frames range by range: which exist, which are kept under a policy, how
 * many there are of each class. A range needs nothing of the one before it, so any
 * number of threads may judge ranges in any order. Never fails on what memory holds:
 * what cannot be judged is kept and counted as unknown. Driven by keepstore.c.
 */
#pragma once

#include "makedumpfile/pages/exclude.h"
#include "makedumpfile/pages/keepmap.h"
#include "makedumpfile/pages/memmap.h"
#include "makedumpfile/pages/plain.h"
#include "makedumpfile/pages/policy.h"

/**
 * @seen, @kept: by class; @seen sums up to all frames that exist
 * @absent: frames of them that the input does not have (a dump filtered before): counted
 *          in the class their struct page gives, never kept
 */
struct kd_scan_counts {
	uint64_t seen[KD_CLASS_COUNT];
	uint64_t kept[KD_CLASS_COUNT];
	uint64_t absent;
};

/**
 * How to judge; read-only after kd_scan_init(), so threads share it.
 *
 * @memmap:  borrowed; NULL keeps every page
 * @keeps:   the policy, by class
 * @guest:   matches nothing unless guest memory is to be left out by name
 */
struct kd_scan {
	const struct kd_memory *memory;
	const struct kd_memmap *memmap;
	struct kd_page_format format;
	struct kd_class_rules rules;
	struct kd_policy policy;
	bool keeps[KD_CLASS_COUNT];
	struct kd_plain plain;
	struct kd_guest_rule guest;
};

/**
 * Set up.
 *
 * @layout: NULL together with @memmap
 * @policy: copied; kd_exclude_refusal() says which of its exclusions will find nothing
 * Returns 0, or -ENODATA and -EBADMSG when struct page cannot be decoded.
 */
int kd_scan_init(struct kd_scan *ret, const struct kd_memory *memory,
		 const struct kd_memmap *memmap, const struct kd_layout *layout,
		 const struct kd_policy *policy, struct kd_error *err);

/** One past the highest frame of which at least a byte exists. */
kd_pfn_t kd_scan_max_pfn(const struct kd_memory *memory);

/** Whether none of [first, end) exists: there is nothing to judge. */
bool kd_scan_empty(const struct kd_scan *scan, kd_pfn_t first, kd_pfn_t end);

/**
 * One thread's part in a scan.
 *
 * @span_*: the compound page or free block that the last frame was part of
 * @plain:  frames of this range that kd_plain_run() judged, not in @counts yet
 * @counts: of all ranges so far
 */
struct kd_scanner {
	const struct kd_scan *scan;
	struct kd_memmap_view view;
	kd_pfn_t span_end;
	enum kd_page_class span_class;
	bool span_kept;
	uint64_t plain[KD_PLAIN_KEYS];
	struct kd_guest_cache guest;
	struct kd_scan_counts counts;
};

/** @scan: borrowed. -ENOMEM. */
int kd_scanner_init(struct kd_scanner *s, const struct kd_scan *scan);
void kd_scanner_done(struct kd_scanner *s);

/**
 * Judge [first, end), @first even. A compound page or free block that reaches in from before @first
 * is looked up.
 *
 * @exists, @keep: restarted for the range and filled
 * Returns 0, -EINVAL when the maps are too small, or what kd_memory_ops.present returns.
 */
int kd_scanner_range(struct kd_scanner *s, kd_pfn_t first, kd_pfn_t end,
		     struct kd_keepmap *exists, struct kd_keepmap *keep);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a page is, from its decoded struct page: pure, values in and values out. The
 * class says nothing about keeping it; policy.h does. Orders found in memory are
 * bounded before anyone multiplies with them. Called by scan.c; see docs/filtering.md.
 */
#pragma once

#include "makedumpfile/pages/page.h"

enum kd_page_class {
	KD_CLASS_KERNEL,     /* in use by the kernel, or not known to be anything else */
	KD_CLASS_UNKNOWN,    /* no readable struct page */
	KD_CLASS_TAIL,	     /* tail of a compound page whose head was not seen */
	KD_CLASS_SLAB,	     /* slab allocator */
	KD_CLASS_FREE,	     /* in the buddy allocator */
	KD_CLASS_UNACCEPTED, /* free, and not yet accepted by a confidential guest */
	KD_CLASS_CACHE,	     /* page cache, nothing private attached */
	KD_CLASS_CACHE_PRIVATE, /* page cache with private data (buffer heads …) */
	KD_CLASS_USER,		/* anonymous memory of processes */
	KD_CLASS_HUGETLB,	/* hugetlbfs */
	KD_CLASS_ZRAM,		/* zsmalloc: swapped out and compressed into memory */
	KD_CLASS_GUEST,		/* page cache of guest_memfd, told by scan.c */
	KD_CLASS_OFFLINE,	/* logically offline: ballooned out, unplugged */
	KD_CLASS_HWPOISON,	/* broken memory: reading it may kill the machine */
	KD_CLASS_COUNT,
};

/** A page type: matches when (mapcount & mask) == value; mask 0 means there is none. */
struct kd_page_type {
	uint32_t value;
	uint32_t mask;
};

/**
 * How to tell classes apart on one kernel. Masks are 0 for flags it does not have.
 *
 * @cache_swap:  flags that, all of them set, make a page one of the swap cache
 * @hugetlb_flag: PG_hugetlb in the second page's flags (6.6 to 6.8)
 * @dtor:        hugetlb's destructor number in the second page, -1 without
 * @max_order:   compound pages are of at most this order
 * @free_orders: orders of free blocks are below this
 */
struct kd_class_rules {
	uint64_t lru, cache_swap, private, slab, head, hwpoison, hugetlb_flag;
	struct kd_page_type buddy, offline, hugetlb, slab_type, unaccepted, zsmalloc;
	int dtor;
	unsigned int max_order;
	unsigned int free_orders;
};

/**
 * A page's class.
 *
 * @order:    log2 of the pages it stands for: those of a free block, or of a compound
 *            page when this is its head; 0 otherwise
 * @poisoned: the page itself is marked as broken memory, whatever class it is of
 */
struct kd_verdict {
	enum kd_page_class class;
	unsigned int order;
	bool poisoned;
};

/**
 * Take the flags and types from @layout; those it lacks match nothing.
 * @page_shift: log2 of the dumped machine's page size
 */
void kd_class_rules_init(struct kd_class_rules *ret, const struct kd_layout *layout,
			 unsigned int page_shift);

/**
 * Classify the page @pfn.
 * @next: the struct page after it, for the order of a compound page; NULL when it is
 *        not to be had
 */
struct kd_verdict kd_classify(const struct kd_class_rules *rules, kd_pfn_t pfn,
			      const struct kd_page *page, const struct kd_page *next);

/** Name of a class, as in statistics and the outcome: "free". */
const char *kd_class_name(enum kd_page_class class);

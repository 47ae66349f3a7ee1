/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * PT_LOADs made into a map: which bytes of the file show which physical memory. Pure:
 * segments in, sorted disjoint pieces and extents out. Trusts nothing: ranges that
 * wrap or lie outside the file are dropped and counted. Used by elf-core.c.
 */
#pragma once

#include "makedumpfile/vmcore/memory.h"

/* Physical addresses beyond this are no addresses: the widest any Linux port has
 * (riscv Sv57 machines, 56 bits). */
#define KD_PADDR_LIMIT (UINT64_C(1) << 56)

/* More page frames than this are no machine: 256 TiB of 4 KiB pages. It bounds what a
 * single corrupt address can make everything behind us do. */
#define KD_MAX_PFN (UINT64_C(1) << 36)

/** Physical [start, end) is found at @offset of the file. */
struct kd_segment {
	kd_paddr_t start;
	kd_paddr_t end;
	uint64_t offset;
};

/**
 * @items:    owned; sorted and disjoint after kd_segments_finish()
 * @absent:   owned; memory that is known to be, but not in the file
 * @extents:  owned; all of it with adjacent pieces joined
 * @dropped:  segments that made no sense
 * @missing:  bytes that the headers promise behind the end of the file
 */
struct kd_segments {
	struct kd_segment *items;
	size_t n_items;
	size_t capacity;
	struct kd_extent *absent;
	size_t n_absent;
	size_t absent_capacity;
	uint64_t absent_bytes;
	struct kd_extent *extents;
	size_t n_extents;
	size_t dropped;
	uint64_t missing;
};

/** Free what it holds; usable on a zeroed struct. */
void kd_segments_done(struct kd_segments *s);

/**
 * Add @size bytes of memory at @start, stored at @offset of a file of @file_size
 * bytes. Returns 0 (also when the range was dropped or cut, see the counters) or
 * -ENOMEM.
 */
int kd_segments_add(struct kd_segments *s, kd_paddr_t start, uint64_t size,
		    uint64_t offset, uint64_t file_size);

/** Memory from @start + @from to @start + @to > @from that is not in the file. Far more
 *  than a filter could have left out of one of @file_size bytes is dropped. 0 or -ENOMEM. */
int kd_segments_add_absent(struct kd_segments *s, kd_paddr_t start, uint64_t from,
			   uint64_t to, uint64_t file_size);

/** Drop what lies at or above @limit, for a kernel that told how far memory can go. */
void kd_segments_limit(struct kd_segments *s, kd_paddr_t limit);

/**
 * Sort, resolve overlaps and make the extents. Of two segments that show the same
 * byte, the one that begins lower keeps it: on x86_64 the kernel text's segment lies
 * inside a RAM segment that shows the same memory.
 * Returns 0 or -ENOMEM.
 */
int kd_segments_finish(struct kd_segments *s);

/** The piece that holds @addr, or NULL. */
const struct kd_segment *kd_segments_find(const struct kd_segments *s, kd_paddr_t addr);

/** Number of the first piece that ends behind @addr; n_items when none does. */
size_t kd_segments_after(const struct kd_segments *s, kd_paddr_t addr);

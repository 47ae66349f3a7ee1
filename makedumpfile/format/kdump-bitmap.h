/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One bitmap of a kdump-compressed file, left in the file: an index of counts, a fixed
 * number of entries however large the machine, and one block of bits in memory.
 * Trusts nothing but that the bitmap lies inside the file. Used by the reader alone.
 */
#pragma once

#include "base/error.h"
#include "base/types.h"

/* More page frames than this are refused: 256 TiB of 4 KiB pages, 8 GiB of bitmap. It
 * bounds how long opening a hostile file, which may be one large hole, can take. */
#define KD_KDUMP_MAX_PFN ((uint64_t)1 << 36)

/**
 * @fd:      borrowed
 * @offset:  of the bitmap in the file
 * @start, @end: bits outside of [start, end) count as clear, as in a split dump's part
 * @total:   bits set
 * @block_bits: bits one index entry stands for
 * @ranks:   bits set before each block; @n_blocks of them
 * @words:   bits of block @loaded, or of none when that is UINT64_MAX
 */
struct kd_kdump_bitmap {
	int fd;
	uint64_t offset;
	kd_pfn_t start;
	kd_pfn_t end;
	uint64_t total;
	uint64_t block_bits;
	uint64_t n_blocks;
	uint64_t *ranks;
	uint64_t *words;
	uint64_t loaded;
};

/**
 * Read the bitmap once and count. Everything is allocated here.
 *
 * Returns 0, -EFBIG for more than KD_KDUMP_MAX_PFN, -EBADMSG when the file ends inside
 * of it, -ENOMEM, or a read error.
 */
int kd_kdump_bitmap_init(struct kd_kdump_bitmap *b, int fd, uint64_t offset,
			 kd_pfn_t start, kd_pfn_t end);
void kd_kdump_bitmap_done(struct kd_kdump_bitmap *b);

/** How many bits are set before @pfn, itself set. 0, -ENODATA when its bit is clear,
 *  or a read error. */
int kd_kdump_bitmap_rank(struct kd_kdump_bitmap *b, kd_pfn_t pfn, uint64_t *ret);

/** The first frame at or after @pfn whose bit is @value; the bitmap's end when there is
 *  none. 0 or a read error. */
int kd_kdump_bitmap_next(struct kd_kdump_bitmap *b, kd_pfn_t pfn, bool value,
			 kd_pfn_t *ret);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One bitmap of a kdump-compressed file, left in the file: an index of counts, a fixed
 * number of entries however large the machine, that threads share, and one block of
 * bits in memory for each of them. Trusts nothing in the file. Used by format/ alone.
 */
#pragma once

#include "base/file-view.h"

/* More page frames than this are refused: 256 TiB of 4 KiB pages, 8 GiB of bitmap. It
 * bounds how long opening a hostile file can take; what of it is a hole takes none. */
#define KD_KDUMP_MAX_PFN ((uint64_t)1 << 36)

/**
 * @file:    borrowed
 * @offset:  of the bitmap in the file
 * @start, @end: bits outside of [start, end) count as clear, as in a split dump's part
 * @cut:     bits behind the end of the file count as clear, too
 * @total:   bits set
 * @block_bits: bits one index entry stands for
 * @ranks:   bits set before each of @n_blocks blocks, and behind the last
 */
struct kd_kdump_bitmap {
	const struct kd_file_view *file;
	uint64_t offset;
	kd_pfn_t start;
	kd_pfn_t end;
	bool cut;
	uint64_t total;
	uint64_t block_bits;
	uint64_t n_blocks;
	uint64_t *ranks;
};

/** A bitmap as one thread reads it. @words: of block @loaded, of none when that is
 *  UINT64_MAX. */
struct kd_kdump_bits {
	const struct kd_kdump_bitmap *map;
	uint64_t *words;
	uint64_t loaded;
};

/**
 * Read the bitmap once and count: file, offset, start, end and cut are set. Everything
 * is allocated here.
 *
 * Returns 0, -EFBIG for more than KD_KDUMP_MAX_PFN, -EBADMSG when the file ends inside
 * of it, -ENOMEM, or a read error.
 */
int kd_kdump_bitmap_init(struct kd_kdump_bitmap *b);
void kd_kdump_bitmap_done(struct kd_kdump_bitmap *b);

/** @map: borrowed. 0 or -ENOMEM. */
int kd_kdump_bits_init(struct kd_kdump_bits *b, const struct kd_kdump_bitmap *map);
void kd_kdump_bits_done(struct kd_kdump_bits *b);

/** Whether no bit of block @block < n_blocks is set. */
static inline bool kd_kdump_bitmap_empty(const struct kd_kdump_bitmap *b, uint64_t block)
{
	return b->ranks[block + 1] == b->ranks[block];
}

/** The words of block @block < n_blocks, block_bits of them; lent until the next call. */
int kd_kdump_bits_block(struct kd_kdump_bits *b, uint64_t block, const uint64_t **ret);

/** Whether @pfn's bit is set: 1, 0, or a read error. */
int kd_kdump_bits_test(struct kd_kdump_bits *b, kd_pfn_t pfn);

/** How many bits are set before @pfn, itself set. 0, -ENODATA when its bit is clear,
 *  or a read error. */
int kd_kdump_bits_rank(struct kd_kdump_bits *b, kd_pfn_t pfn, uint64_t *ret);

/** The first frame at or after @pfn whose bit is @value; the bitmap's end when there is
 *  none. 0 or a read error. */
int kd_kdump_bits_next(struct kd_kdump_bits *b, kd_pfn_t pfn, bool value, kd_pfn_t *ret);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files of keepstore share. Blocks are of the same size but for the last; each
 * is written by one thread, once a fill.
 */
#pragma once

#include "makedumpfile/pages/keepstore.h"

/**
 * @bits:   whole bitmaps when they are held in memory, else NULL
 * @before: frames that exist, that are kept, before each block; n_blocks + 1 of them
 */
struct kd_keepstore {
	kd_pfn_t max_pfn;
	uint64_t block_frames;
	uint64_t n_blocks;
	enum kd_keep_place place;
	struct kd_keep_spill spill;
	uint8_t *bits[2];
	uint64_t *before[2];
	const struct kd_scan *scan;
	struct kd_scan_counts counts;
};

static inline size_t kd_keepstore_block_bytes(const struct kd_keepstore *s)
{
	return (size_t)(s->block_frames / 8);
}

static inline kd_pfn_t kd_keepstore_block_first(const struct kd_keepstore *s,
						uint64_t block)
{
	return block * s->block_frames;
}

static inline kd_pfn_t kd_keepstore_block_end(const struct kd_keepstore *s,
					      uint64_t block)
{
	return MIN((block + 1) * s->block_frames, s->max_pfn);
}

/** Frames of @which in @block. */
static inline uint64_t kd_keepstore_in_block(const struct kd_keepstore *s,
					     enum kd_keep_which which, uint64_t block)
{
	return s->before[which][block + 1] - s->before[which][block];
}

/** Hand over a block's bitmap, where it is held at all. Its count is the caller's. */
int kd_keepstore_put(struct kd_keepstore *s, enum kd_keep_which which, uint64_t block,
		     const struct kd_keepmap *map);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The two bitmaps of a whole machine, filled once by any number of threads, whatever
 * its size: held in memory, or in a file through two functions of the caller's, or not
 * at all: then each block is judged again when it is asked for. Readers see no
 * difference. Used by the façade; filled from scan.c.
 */
#pragma once

#include "makedumpfile/pages/scan.h"

struct kd_keepstore;

/** Which bitmap; also their order in a kdump-compressed file. */
enum kd_keep_which {
	KD_KEEP_EXISTS,
	KD_KEEP_KEPT,
};

enum kd_keep_place {
	KD_KEEP_IN_MEMORY,
	KD_KEEP_IN_FILE,
	KD_KEEP_AGAIN, /* judged again, block by block */
};

/**
 * A place for bitmaps that memory does not hold. Blocks of which no frame exists are
 * never put: what was not put must read as zeros to whoever reads the file in the end.
 *
 * @put, @get: bytes [offset, offset + size) of a bitmap; several threads at once, never
 *             the same bytes. 0 or a negative errno, which ends the scan or the read
 */
struct kd_keep_spill {
	int (*put)(void *context, enum kd_keep_which which, uint64_t offset,
		   const void *data, size_t size);
	int (*get)(void *context, enum kd_keep_which which, uint64_t offset, void *data,
		   size_t size);
	void *context;
};

/**
 * @max_pfn:      frames there are at most
 * @memory:       bytes that both bitmaps together may take; larger ones are spilled
 * @spill:        copied; NULL when there is no such place
 * @block_frames: 0 for what suits max_pfn; else a multiple of 64 (tests)
 */
struct kd_keepstore_setup {
	kd_pfn_t max_pfn;
	uint64_t memory;
	const struct kd_keep_spill *spill;
	uint64_t block_frames;
};

/** Allocates all there will be, cursors excepted. Returns 0, -EINVAL, -ENOMEM. */
int kd_keepstore_new(const struct kd_keepstore_setup *setup, struct kd_keepstore **ret);
void kd_keepstore_free(struct kd_keepstore *store);
KD_DEFINE_GUARD(struct kd_keepstore, kd_keepstore_free)

/**
 * Judge all frames. May be called again, with another policy: everything starts over.
 *
 * @scan:    borrowed for the life of the store
 * @threads: as kd_parallel()
 * @tick:    may be NULL; called on the calling thread with frames judged
 * Errors: -ENOMEM, those of @spill and of the input's present().
 */
int kd_keepstore_fill(struct kd_keepstore *store, const struct kd_scan *scan,
		      unsigned int threads, void (*tick)(void *context, kd_pfn_t done),
		      void *context);

/**
 * -e: after a fill, leave out pages of the memory map all of whose struct pages describe
 * frames that are not kept. They count as kernel pages that are not kept.
 *
 * @ret: how many went
 * Returns 0, -ENOTSUP where blocks are judged again or there is no memory map that
 * could be cut at pages, -ENOMEM, or a negative errno of the spill.
 */
int kd_keepstore_drop_memmap(struct kd_keepstore *store, uint64_t *ret);

enum kd_keep_place kd_keepstore_place(const struct kd_keepstore *store);
/** What the last fill counted. */
const struct kd_scan_counts *kd_keepstore_counts(const struct kd_keepstore *store);
/** Frames that exist, that are kept. */
uint64_t kd_keepstore_total(const struct kd_keepstore *store);
uint64_t kd_keepstore_kept(const struct kd_keepstore *store);
/** Frames a block has, the last one cut at max_pfn. */
uint64_t kd_keepstore_block_frames(const struct kd_keepstore *store);
/** One past the last frame. */
kd_pfn_t kd_keepstore_max_pfn(const struct kd_keepstore *store);

/** A reader of a filled store: one thread's, with room for one block of both bitmaps.
 *  Any number may read at once. */
struct kd_keep_cursor {
	const struct kd_keepstore *store;
	struct kd_keepmap maps[2];
	struct kd_scanner scanner;
	uint64_t block;
};

/** -ENOMEM. */
int kd_keep_cursor_init(struct kd_keep_cursor *c, const struct kd_keepstore *store);
void kd_keep_cursor_done(struct kd_keep_cursor *c);

/**
 * The first run of kept frames at or after *from; runs end at block boundaries.
 * Returns 1 and [*from, *ret_end), 0 at the end, or a negative errno of the spill.
 */
int kd_keep_cursor_next(struct kd_keep_cursor *c, kd_pfn_t *from, kd_pfn_t *ret_end);

/**
 * The bitmaps of the block that frame @first is in, to be written in order.
 *
 * @ret: by enum kd_keep_which; borrowed until the next call on this cursor
 * @ret_bytes: of each; bits behind max_pfn are 0
 * Returns 0, -EINVAL behind max_pfn, or a negative errno of the spill.
 */
int kd_keep_cursor_block(struct kd_keep_cursor *c, kd_pfn_t first, const uint8_t *ret[2],
			 size_t *ret_bytes);

/** How many kept frames come before @pfn. 0 or a negative errno of the spill. */
int kd_keep_cursor_rank(struct kd_keep_cursor *c, kd_pfn_t pfn, uint64_t *ret);

/**
 * Where parts of a split dump begin so that each gets about as many kept frames.
 *
 * @align: parts begin at multiples of this many frames
 * @ret:   @n starts, ascending, the first 0; part i ends where part i + 1 begins, the
 *         last one at max_pfn. Empty parts come last and begin there, too
 * Returns 0, -EINVAL for no parts or no alignment, or a negative errno of the spill.
 */
int kd_keep_cursor_split(struct kd_keep_cursor *c, size_t n, uint64_t align,
			 kd_pfn_t *ret);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How a limit of memory is shared out, before anything is allocated: threads, windows,
 * bitmaps, the table of identical pages. Pure. Called by dump.c.
 */
#pragma once

#include "base/error.h"
#include "base/types.h"

/** What all threads share by default: bitmaps of 16 GiB of memory, and the table. */
#define KD_PLAN_SHARED_DEFAULT (UINT64_C(4) << 20)

/**
 * @limit:     bytes of all buffers, 0 for as much as the defaults take
 * @threads:   asked for, at least 1
 * @page_size: of the dumped machine
 * @max_pfn:   one past its last frame
 * @bitmaps:   bytes of bitmap at a time, 0 for no wish
 * @buffer:    bytes that a thread should write at a time, 0 for no wish
 */
struct kd_plan_wish {
	uint64_t limit;
	unsigned int threads;
	uint32_t page_size;
	kd_pfn_t max_pfn;
	uint64_t bitmaps;
	size_t buffer;
};

/**
 * @threads: as many as there is memory for, at least 1
 * @window:  bytes of each thread's view of memory, while copying
 * @buffer:  bytes that each thread writes at a time, KD_KDUMP_BUFFER_MIN at least
 * @bitmaps: bytes for both bitmaps; larger ones are spilled
 * @dedup_entries: a power of two, 0 for none
 * @total:   bytes of it all, as far as it can be told
 */
struct kd_plan_memory {
	unsigned int threads;
	size_t window, buffer;
	uint64_t bitmaps;
	size_t dedup_entries;
	uint64_t total;
};

/** Share out. -ENOMEM, with the least that would do named in @err, when not even one
 *  thread fits. */
int kd_plan_memory(const struct kd_plan_wish *wish, struct kd_plan_memory *ret,
		   struct kd_error *err);

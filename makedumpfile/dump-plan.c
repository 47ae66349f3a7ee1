/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The least first, one thread and a block of bitmap, then what makes the dump faster:
 * threads before larger buffers of theirs and bitmaps, these before the table of identical
 * pages. See dump-plan.h.
 */
#include "makedumpfile/dump-plan.h"

#include "base/parallel.h"
#include "makedumpfile/format/dedup.h"
#include "makedumpfile/format/kdump-writer.h"

/* A compression context of the default level, measured: lzo 136 KiB at pages of 4 KiB, zstd
 * 107 KiB, most of it for inflating, and three pages (zstd-quick.c). */
#define CODEC_BYTES (160U << 10)
#define ZSTD_BYTES  (108U << 10)
#define WINDOW_MIN  (64U << 10)
#define WINDOW_MAX  (256U << 10)
#define BITMAPS_MIN (64U << 10)
#define DEDUP_MAX   (32U << 10)
#define DEDUP_MIN   1024U

static uint64_t thread_bytes(uint32_t page_size, size_t window)
{
	uint64_t zstd = ZSTD_BYTES + UINT64_C(3) * page_size;

	/* a lane has room for three pages beside its buffer: see kdump-lane.c */
	return KD_KDUMP_LANE_BYTES + KD_KDUMP_BUFFER_MIN +
	       MAX((uint64_t)CODEC_BYTES, zstd) + window + UINT64_C(4) * page_size;
}

/* What a thread may write at a time, when a quarter of what is left, but for a block of
 * bitmap, makes buffers larger. */
static size_t buffer_bytes(size_t wish, uint64_t left, unsigned int threads)
{
	uint64_t more = (left - BITMAPS_MIN) / 4 / threads;
	uint64_t size = MIN((uint64_t)wish, KD_KDUMP_BUFFER_MIN + more);

	return (size_t)MAX(size, (uint64_t)KD_KDUMP_BUFFER_MIN);
}

static size_t window_bytes(uint64_t limit, uint32_t page_size)
{
	uint64_t size = MIN((uint64_t)WINDOW_MAX, limit / 16);

	size = MAX(size, (uint64_t)WINDOW_MIN);
	return (size_t)MAX(kd_align_down(size, page_size), (uint64_t)page_size);
}

static size_t dedup_entries(uint64_t bytes)
{
	size_t n = DEDUP_MAX;

	while (n >= DEDUP_MIN && n * KD_DEDUP_ENTRY_BYTES > bytes)
		n /= 2;
	return n < DEDUP_MIN ? 0 : n;
}

int kd_plan_memory(const struct kd_plan_wish *wish, struct kd_plan_memory *ret,
		   struct kd_error *err)
{
	uint64_t both = wish->max_pfn / 4 + 2, limit = wish->limit, left, each;
	struct kd_plan_memory plan = { .threads = MAX(wish->threads, 1U) };

	plan.threads = MIN(plan.threads, (unsigned int)KD_PARALLEL_MAX);
	plan.window = window_bytes(limit ? limit : UINT64_MAX, wish->page_size);
	each = thread_bytes(wish->page_size, plan.window);
	if (!limit)
		limit = KD_PLAN_SHARED_DEFAULT + plan.threads * each;
	if (limit < each + BITMAPS_MIN)
		return kd_fail_msg(
			err, -ENOMEM,
			"%llu KiB of memory are not enough: the least is %llu",
			(unsigned long long)(limit >> 10),
			(unsigned long long)((each + BITMAPS_MIN + 1023) >> 10));

	while (plan.threads > 1 && plan.threads * each + BITMAPS_MIN > limit)
		plan.threads--;
	left = limit - plan.threads * each;
	plan.buffer = buffer_bytes(wish->buffer, left, plan.threads);
	each += plan.buffer - KD_KDUMP_BUFFER_MIN;
	left = limit - plan.threads * each;
	plan.bitmaps = MAX(MIN(both, left * 3 / 4), (uint64_t)BITMAPS_MIN);
	if (wish->bitmaps)
		plan.bitmaps = MIN(plan.bitmaps,
				   MAX(wish->bitmaps, (uint64_t)BITMAPS_MIN));
	left -= plan.bitmaps;
	plan.dedup_entries = dedup_entries(left);
	plan.total = plan.threads * each + plan.bitmaps +
		     plan.dedup_entries * KD_DEDUP_ENTRY_BYTES;
	*ret = plan;
	return 0;
}

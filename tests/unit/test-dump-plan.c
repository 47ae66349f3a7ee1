/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * makedumpfile/dump-plan: a limit is never passed, the least comes first, and what is
 * too little is refused.
 */
#include "makedumpfile/dump-plan.h"

#include "makedumpfile/format/kdump-writer.h"
#include "tests/unit/test.h"

#define MIB (UINT64_C(1) << 20)
#define TIB (UINT64_C(1) << 40)

static const struct {
	uint64_t limit;
	unsigned int threads;
	uint32_t page_size;
	uint64_t memory;
	uint64_t bitmaps;
	unsigned int want_threads;
	bool want_fit;
	bool want_dedup;
} rows[] = {
	/* limit, threads, page, machine, wish: threads, both bitmaps at once, table */
	{ 0, 1, 4096, 2048 * MIB, 0, 1, true, true },
	{ 0, 2, 4096, 2048 * MIB, 0, 2, true, true },
	{ 0, 64, 4096, 2048 * MIB, 0, 64, true, true },
	{ 0, 100, 4096, 2048 * MIB, 0, 64, true, true },
	{ 0, 0, 4096, 2048 * MIB, 0, 1, true, true },
	{ 0, 2, 4096, 16 * TIB, 0, 2, false, true },
	{ 24 * MIB, 2, 4096, 64 * 1024 * MIB, 0, 2, true, true },
	{ 24 * MIB, 64, 4096, 2048 * MIB, 0, 35, true, true },
	{ 2 * MIB, 8, 4096, 2048 * MIB, 0, 3, true, true },
	{ 1 * MIB, 8, 4096, 2048 * MIB, 0, 1, true, true },
	{ 700 * 1024, 8, 4096, TIB, 0, 1, false, true },
	{ 570 * 1024, 8, 4096, TIB, 0, 1, false, false },
	{ 24 * MIB, 2, 4096, 2048 * MIB, 65536, 2, false, true },
	{ 24 * MIB, 2, 4096, 2048 * MIB, 1, 2, false, true },
	{ 0, 2, 65536, 2048 * MIB, 0, 2, true, true },
};

static void shares(struct test *t)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct kd_plan_wish wish = {
			.limit = rows[i].limit,
			.threads = rows[i].threads,
			.page_size = rows[i].page_size,
			.max_pfn = rows[i].memory / rows[i].page_size,
			.bitmaps = rows[i].bitmaps,
		};
		struct kd_plan_memory plan;

		CHECK_INT(t, kd_plan_memory(&wish, &plan, NULL), 0);
		if (plan.threads != rows[i].want_threads ||
		    (plan.bitmaps >= wish.max_pfn / 4) != rows[i].want_fit ||
		    (plan.dedup_entries != 0) != rows[i].want_dedup)
			test_failed(t, __FILE__, __LINE__,
				    "row %zu: %u threads, %llu of bitmap, %zu entries", i,
				    plan.threads, (unsigned long long)plan.bitmaps,
				    plan.dedup_entries);
		CHECK(t, !wish.limit || plan.total <= wish.limit);
		CHECK(t, plan.window % wish.page_size == 0 && plan.window > 0);
	}
}

/* Larger buffers for threads that ask for them, as far as a quarter of the rest goes. */
static void buffers(struct test *t)
{
	static const struct {
		uint64_t limit;
		unsigned int threads;
		size_t wish, at_least, at_most;
	} cases[] = {
		{ 17 * MIB, 2, 0, KD_KDUMP_BUFFER_MIN, KD_KDUMP_BUFFER_MIN },
		{ 17 * MIB, 2, 1000, KD_KDUMP_BUFFER_MIN, KD_KDUMP_BUFFER_MIN },
		{ 17 * MIB, 2, KD_KDUMP_BUFFER_MAX, KD_KDUMP_BUFFER_MAX,
		  KD_KDUMP_BUFFER_MAX },
		{ 0, 2, KD_KDUMP_BUFFER_MAX, 600 << 10, KD_KDUMP_BUFFER_MAX },
		{ 4 * MIB, 2, KD_KDUMP_BUFFER_MAX, 400 << 10, 600 << 10 },
		{ 700 << 10, 1, KD_KDUMP_BUFFER_MAX, KD_KDUMP_BUFFER_MIN, 240 << 10 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct kd_plan_wish wish = { .limit = cases[i].limit,
					     .threads = cases[i].threads,
					     .page_size = 4096,
					     .max_pfn = TIB / 4096,
					     .buffer = cases[i].wish };
		struct kd_plan_memory plan;

		CHECK_INT(t, kd_plan_memory(&wish, &plan, NULL), 0);
		CHECK_INT(t, plan.threads, cases[i].threads);
		if (plan.buffer < cases[i].at_least || plan.buffer > cases[i].at_most)
			test_failed(t, __FILE__, __LINE__, "row %zu: %zu", i,
				    plan.buffer);
		CHECK(t, !wish.limit || plan.total <= wish.limit);
	}
}

/* 16 MiB and 0.7 MiB a thread is what a dump may take at any size of machine. */
static void default_is_small(struct test *t)
{
	for (unsigned int n = 1; n <= 64; n *= 2) {
		struct kd_plan_wish wish = { .threads = n,
					     .page_size = 4096,
					     .max_pfn = 64 * TIB / 4096 };
		struct kd_plan_memory plan;

		CHECK_INT(t, kd_plan_memory(&wish, &plan, NULL), 0);
		CHECK(t, plan.total <= 6 * MIB + n * 7 * MIB / 10);
	}
}

static void too_little(struct test *t)
{
	struct kd_plan_wish wish = {
		.limit = 300 * 1024, .threads = 1, .page_size = 4096, .max_pfn = 1 << 19
	};
	struct kd_plan_memory plan = { .threads = 77 };
	struct kd_error err = { 0 };

	CHECK_INT(t, kd_plan_memory(&wish, &plan, &err), -ENOMEM);
	CHECK(t, strstr(err.message, "300 KiB of memory are not enough"));
	CHECK_INT(t, plan.threads, 77);
	wish.limit = 1 * MIB;
	wish.page_size = 262144;
	CHECK_INT(t, kd_plan_memory(&wish, &plan, NULL), -ENOMEM);
}

static const struct test_case cases[] = {
	{ "the limit is shared out", shares },
	{ "larger buffers", buffers },
	{ "the default stays small", default_is_small },
	{ "too little is refused", too_little },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * makedumpfile/format, reading by several threads: each gets the pages it asked for, the
 * check finds the same with any number, and what is present is told.
 */
#include "base/parallel.h"
#include "tests/unit/sample-dump.h"
#include "tests/unit/test.h"

#define SUB   4096U
#define DESCS 16384U

static void put(struct memory_sink *m, uint64_t offset, uint64_t value, size_t size)
{
	memcpy(m->data + offset, &value, size);
}

/* The runs of frames that a dump has are those its second bitmap names. */
static void what_is_present(struct test *t)
{
	_cleanup_(memory_sink_done) struct memory_sink m;
	_cleanup_(kd_kdump_freep) struct kd_kdump *k = NULL;
	const struct kd_memory *memory;
	kd_pfn_t from = 0, end, pfn = 0;
	struct sample s;

	sample_init(&s);
	CHECK_INT(t, sample_make(&s, &m), 0);
	CHECK_INT(t, sample_open_bytes(&m, &k, NULL), 0);
	memory = kd_kdump_memory(k);
	for (; memory->ops->present(memory, &from, &end) == 1; from = end) {
		CHECK(t, from >= pfn && end > from && end <= SAMPLE_FRAMES);
		for (; pfn < end; pfn++)
			CHECK_INT(t, pfn >= from, !!(s.kept[pfn / 8] & 1U << pfn % 8));
	}
	for (; pfn < SAMPLE_FRAMES; pfn++)
		CHECK(t, !(s.kept[pfn / 8] & 1U << pfn % 8));
	from = UINT64_MAX;
	CHECK_INT(t, memory->ops->present(memory, &from, &end), 0);
}

struct crowd {
	const struct kd_kdump *dump;
	_Atomic unsigned int wrong;
};

/* Each thread begins elsewhere and goes its own way. */
static int read_along(void *context, unsigned int worker)
{
	struct crowd *c = context;
	uint8_t got[4096], want[4096];

	for (kd_pfn_t i = 0; i < 4 * SAMPLE_FRAMES; i++) {
		kd_pfn_t pfn = (worker * 31 + i * (worker % 7 + 1)) % SAMPLE_FRAMES;
		int r = sample_read(c->dump, pfn * 4096, got, sizeof(got));

		sample_fill(pfn, /* whole= */ false, want, sizeof(want));
		if (r != sample_expected(pfn, /* whole= */ false) ||
		    (r == 0 && memcmp(got, want, sizeof(got)) != 0))
			c->wrong++;
	}
	return 0;
}

/* More threads than cursors: some have to wait, none reads another's page. */
static void many_threads(struct test *t)
{
	_cleanup_(memory_sink_done) struct memory_sink m;
	_cleanup_(kd_kdump_freep) struct kd_kdump *k = NULL;
	struct crowd crowd = { .wrong = 0 };
	struct sample s;

	sample_init(&s);
	CHECK_INT(t, sample_make(&s, &m), 0);
	CHECK_INT(t, sample_open_bytes(&m, &k, NULL), 0);
	crowd.dump = k;
	CHECK_INT(t, kd_parallel(24, read_along, &crowd), 0);
	CHECK_INT(t, crowd.wrong, 0);
}

struct seen {
	uint8_t good[SAMPLE_FRAMES / 8 + 8];
	_Atomic unsigned int blocks;
};

static int see_block(void *context, kd_pfn_t first, const uint64_t *good, size_t n_words)
{
	struct seen *s = context;

	s->blocks++;
	if (first < SAMPLE_FRAMES)
		memcpy(s->good + first / 8, good,
		       MIN(n_words * 8, sizeof(s->good) - first / 8));
	return first > 1 << 20 ? -ECANCELED : 0;
}

/* The same answer from any number of threads, and page by page. */
static void threads_check(struct test *t)
{
	_cleanup_(memory_sink_done) struct memory_sink m;
	struct sample s;

	sample_init(&s);
	CHECK_INT(t, sample_make(&s, &m), 0);
	put(&m, SUB + 96, 5000, 8); /* two blocks of the index */
	put(&m, DESCS + 24 * 2, UINT64_MAX, 8);
	for (unsigned int threads = 0; threads < 5; threads++) {
		_cleanup_(kd_kdump_freep) struct kd_kdump *k = NULL;
		struct seen seen = { .blocks = 0 };
		const struct kd_kdump_verify how = { .threads = threads,
						     .block = see_block,
						     .context = &seen };
		struct kd_kdump_check found = { 0 };
		struct kd_error err = { 0 };

		CHECK_INT(t, sample_open_bytes(&m, &k, NULL), 0);
		CHECK_INT(t, kd_kdump_verify_with(k, &how, &found, &err), -EBADMSG);
		CHECK_INT(t, found.pages, s.n_described);
		CHECK_INT(t, found.bad, 1);
		CHECK_INT(t, found.first_bad, 2);
		CHECK(t, strstr(err.message, "page frame 0x2:") != NULL);
		CHECK_INT(t, seen.blocks, 1); /* the empty one is passed by */
		for (kd_pfn_t pfn = 0; pfn < SAMPLE_FRAMES; pfn++)
			CHECK_INT(t, seen.good[pfn / 8] >> pfn % 8 & 1,
				  pfn != 2 && sample_expected(pfn, false) == 0);
	}
}

static const struct test_case cases[] = {
	{ "what is present", what_is_present },
	{ "many threads", many_threads },
	{ "threads check", threads_check },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * format/kdump-known: what is remembered of payloads, and what is never said of others.
 */
#include "makedumpfile/format/kdump-known.h"

#include "tests/unit/test.h"

static struct kd_kdump_desc desc(uint64_t offset, uint32_t size, uint32_t flags)
{
	return (struct kd_kdump_desc) { .offset = offset, .size = size, .flags = flags };
}

/* Adds come in this order; each row says whether it is known before it is added. */
static void shared_ones(struct test *t)
{
	static const struct {
		uint64_t offset;
		uint32_t size, flags;
		bool known;
	} table[] = {
		{ 8192, 4096, 0, false }, /* the page of zeros */
		{ 8192, 4096, 0, false }, /* met twice */
		{ 8192, 4096, 0, true },
		{ 12288, 900, 32, false }, /* in order: not remembered */
		{ 13188, 700, 32, false },
		{ 13888, 20, 32, false },
		{ 13188, 700, 32, false }, /* shared */
		{ 13188, 700, 32, true },
		{ 8192, 4096, 0, true },
		{ 13188, 701, 32, false }, /* not the same bytes, not the same codec */
		{ 13188, 700, 2, false },
		{ 13189, 700, 32, false },
		{ 12288, 900, 32, false },
		{ 12288, 900, 32, true },
	};
	_cleanup_(kd_freep) struct kd_kdump_known *k = calloc(1, sizeof(*k));

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		struct kd_kdump_desc d = desc(table[i].offset, table[i].size,
					      table[i].flags);

		if (kd_kdump_is_known(k, &d) != table[i].known)
			printf("# row %zu\n", i);
		CHECK_INT(t, kd_kdump_is_known(k, &d), table[i].known);
		kd_kdump_known_add(k, &d);
	}
}

/* Many more than there is room for: each answer "known" is about one that was added. */
static void many(struct test *t)
{
	enum {
		PAGES = 50000,
		SIZE = 64,
		START = 4096,
	};
	_cleanup_(kd_freep) struct kd_kdump_known *k = calloc(1, sizeof(*k));
	_cleanup_(kd_freep) bool *twice = calloc(PAGES, sizeof(*twice));
	unsigned int hits = 0, wrong = 0;
	uint32_t x = 1;

	for (unsigned int i = 0; i < PAGES; i++) {
		struct kd_kdump_desc d = desc(START + (uint64_t)i * SIZE, SIZE, 32);
		unsigned int back;

		wrong += kd_kdump_is_known(k, &d);
		kd_kdump_known_add(k, &d);
		x = x * 1664525 + 1013904223;
		/* half of the looks back are at few pages, as in dumps */
		back = x >> 31 ? (x >> 8) % (i + 1) : (x >> 8) % (i / 100 + 1) % 100;
		d = desc(START + (uint64_t)back * SIZE, SIZE, 32);
		if (kd_kdump_is_known(k, &d)) {
			hits++;
			wrong += !twice[back];
		}
		kd_kdump_known_add(k, &d);
		twice[back] = true;
	}
	CHECK_INT(t, wrong, 0);
	printf("# %u of %u looks back were known\n", hits, (unsigned int)PAGES);
	CHECK(t, hits > PAGES / 4);
}

static const struct test_case cases[] = {
	{ "payloads that pages share", shared_ones },
	{ "more of them than there is room for", many },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}

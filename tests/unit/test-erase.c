/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Physical ranges to erase: overlaps, edges of pages, the text that goes with a dump.
 */
#include "makedumpfile/erase/erase.h"
#include "tests/unit/test.h"

#define PAGE 4096

static void start(struct test *t, struct kd_erase **ret)
{
	CHECK_INT(t, kd_erase_new(PAGE, ret), 0);
}

/* @want_first: 'e' for an erased byte, '0' for a zero */
static void check_page(struct test *t, const struct kd_erase *e, kd_pfn_t pfn,
		       const char *want_first, size_t at)
{
	char page[PAGE];

	memset(page, '.', sizeof(page));
	kd_erase_apply(e, pfn, page);
	for (size_t i = 0; want_first[i]; i++) {
		char want = want_first[i] == '0' ? '\0' : want_first[i];

		want = want == 'e' ? 'X' : want;

		if (page[at + i] != want)
			test_failed(t, __FILE__, __LINE__,
				    "byte %zu of page %" PRIu64 " is %d, not %d", at + i,
				    pfn, page[at + i], want);
	}
}

static void test_nothing(struct test *t)
{
	_cleanup_(kd_erase_freep) struct kd_erase *e = NULL;
	uint64_t bytes;
	size_t n;

	start(t, &e);
	CHECK_INT(t, kd_erase_add(e, 4096, 0, KD_ERASE_X), 0);
	kd_erase_seal(e);
	CHECK(t, !kd_erase_touches(e, 1));
	CHECK(t, !kd_erase_touches(NULL, 1));
	check_page(t, NULL, 1, "....", 0);
	check_page(t, e, 1, "....", 0);
	kd_erase_count(e, &bytes, &n);
	CHECK_INT(t, bytes, 0);
	CHECK_STR(t, kd_erase_text(e, &n), "");
	CHECK_INT(t, n, 0);
}

static void test_across_pages(struct test *t)
{
	_cleanup_(kd_erase_freep) struct kd_erase *e = NULL;

	start(t, &e);
	CHECK_INT(t, kd_erase_add(e, 2 * PAGE - 2, PAGE + 4, KD_ERASE_X), 0);
	kd_erase_seal(e);
	CHECK(t, !kd_erase_touches(e, 0));
	CHECK(t, kd_erase_touches(e, 1));
	CHECK(t, kd_erase_touches(e, 2));
	CHECK(t, kd_erase_touches(e, 3));
	CHECK(t, !kd_erase_touches(e, 4));
	check_page(t, e, 1, "..ee", PAGE - 4);
	check_page(t, e, 2, "eeee", 0);
	check_page(t, e, 2, "eeee", PAGE - 4);
	check_page(t, e, 3, "ee..", 0);
	check_page(t, e, 4, "....", 0);
}

static void test_overlaps(struct test *t)
{
	_cleanup_(kd_erase_freep) struct kd_erase *e = NULL;
	uint64_t bytes;
	size_t n;

	start(t, &e);
	CHECK_INT(t, kd_erase_add(e, 12, 2, KD_ERASE_X), 0);
	CHECK_INT(t, kd_erase_add(e, 2, 8, KD_ERASE_ZERO), 0);
	CHECK_INT(t, kd_erase_add(e, 4, 2, KD_ERASE_X), 0);
	CHECK_INT(t, kd_erase_add(e, 5, 2, KD_ERASE_X), 0);
	CHECK_INT(t, kd_erase_add(e, 4, 1, KD_ERASE_X), 0);
	kd_erase_seal(e);
	check_page(t, e, 0, "..00eee000..ee..", 0);
	kd_erase_count(e, &bytes, &n);
	CHECK_INT(t, n, 3);
	CHECK_INT(t, bytes, 8 + 3 + 2);
}

/* More than the first room, in falling order, all of them apart; then all the same. */
static void test_many(struct test *t)
{
	_cleanup_(kd_erase_freep) struct kd_erase *e = NULL;
	uint64_t bytes;
	size_t n;

	start(t, &e);
	for (uint64_t i = 1000; i > 0; i--)
		CHECK_INT(t, kd_erase_add(e, i * PAGE, 1, KD_ERASE_X), 0);
	for (uint64_t i = 0; i < 10000; i++)
		CHECK_INT(t, kd_erase_add(e, 7 * PAGE, 1 + i % 3, KD_ERASE_X), 0);
	kd_erase_seal(e);
	kd_erase_count(e, &bytes, &n);
	CHECK_INT(t, n, 1000);
	CHECK_INT(t, bytes, 1002);
	CHECK(t, !kd_erase_touches(e, 0));
	for (kd_pfn_t pfn = 1; pfn <= 1000; pfn++)
		CHECK(t, kd_erase_touches(e, pfn));
	CHECK(t, !kd_erase_touches(e, 1001));
	check_page(t, e, 7, "eee.", 0);
}

static void test_ends_of_the_world(struct test *t)
{
	_cleanup_(kd_erase_freep) struct kd_erase *e = NULL;

	start(t, &e);
	CHECK_INT(t, kd_erase_add(e, UINT64_MAX - 1, 3, KD_ERASE_X), -ERANGE);
	CHECK_INT(t, kd_erase_add(e, UINT64_MAX - 1, 1, KD_ERASE_X), 0);
	kd_erase_seal(e);
	/* the frame number times the page size would wrap */
	CHECK(t, !kd_erase_touches(e, UINT64_MAX));
	check_page(t, e, UINT64_MAX, "....", 0);
	CHECK(t, !kd_erase_touches(e, 0));
}

static void test_text(struct test *t)
{
	_cleanup_(kd_erase_freep) struct kd_erase *e = NULL;
	size_t n;

	start(t, &e);
	CHECK_INT(t, kd_erase_tell(e, "k.data", 16, KD_ERASE_X), 0);
	CHECK_INT(t, kd_erase_tell(e, "sym.ptr", 8, KD_ERASE_ZERO), 0);
	CHECK_STR(t, kd_erase_text(e, &n),
		  "erase k.data size 16\nerase sym.ptr nullify\n");
	CHECK_INT(t, n, 43);
}

int main(void)
{
	static const struct test_case cases[] = {
		{ "nothing to erase", test_nothing },
		{ "across pages", test_across_pages },
		{ "overlaps: X over zeros", test_overlaps },
		{ "many ranges, many times the same", test_many },
		{ "addresses at the very end", test_ends_of_the_world },
		{ "text for the dump", test_text },
	};

	return test_run(cases, ARRAY_SIZE(cases));
}

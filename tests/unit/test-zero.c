/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * base/zero: one byte anywhere decides, at every alignment; bytes beside the page do not
 * count.
 */
#include "base/zero.h"
#include "tests/unit/test.h"

#define ROOM 4096

/* The page lies in the middle of bytes that are not zero. */
static uint8_t *zeros_at(uint8_t *room, size_t align, size_t size)
{
	memset(room, 0xff, ROOM + 128);
	memset(room + 64 + align, 0, size);
	return room + 64 + align;
}

static void test_sizes(struct test *t)
{
	static const size_t sizes[] = { 0, 1, 7, 8, 63, 64, 65, 100, 127, 128, 4000 };
	static _Alignas(64) uint8_t room[ROOM + 128];

	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++)
		for (size_t align = 0; align < 16; align++) {
			const uint8_t *page = zeros_at(room, align, sizes[i]);

			CHECK(t, kd_page_is_zero(page, sizes[i]));
			CHECK(t, !kd_page_is_zero(page, sizes[i] + 1));
			CHECK(t, !kd_page_is_zero(page - 1, sizes[i] + 1));
		}
}

static void test_each_byte(struct test *t)
{
	static _Alignas(64) uint8_t room[ROOM + 128];

	for (size_t align = 0; align < 2; align++) {
		uint8_t *page = zeros_at(room, align * 3, ROOM);

		for (size_t at = 0; at < ROOM; at++) {
			page[at] = (uint8_t)(1U << at % 8);
			CHECK(t, !kd_page_is_zero(page, ROOM));
			page[at] = 0;
		}
		CHECK(t, kd_page_is_zero(page, ROOM));
	}
}

static const struct test_case cases[] = {
	{ "any size and alignment, and nothing beside it", test_sizes },
	{ "one bit anywhere", test_each_byte },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * makedumpfile/codec/compressible: noise is taken for what it is, and no page that codecs
 * shrink is taken for it.
 */
#include "makedumpfile/codec/codec.h"
#include "makedumpfile/codec/compressible.h"
#include "tests/unit/test.h"

#define PAGE_MAX 65536

static uint64_t next_random(uint64_t *x)
{
	*x ^= *x << 13;
	*x ^= *x >> 7;
	*x ^= *x << 17;
	return *x * UINT64_C(0x2545f4914f6cdd1d);
}

static void fill_noise(uint8_t *page, size_t size, uint64_t x)
{
	for (size_t i = 0; i < size; i++)
		page[i] = (uint8_t)(next_random(&x) >> 56);
}

static void noise(uint8_t *page, size_t size)
{
	fill_noise(page, size, 1);
}

static void zeros(uint8_t *page, size_t size)
{
	memset(page, 0, size);
}

/* objects of 192 bytes: pointers into one region, small numbers, zeros */
static void slab(uint8_t *page, size_t size)
{
	uint64_t x = 7;

	memset(page, 0, size);
	for (size_t at = 0; at + 192 <= size; at += 192)
		for (size_t i = 0; i < 64; i += 8) {
			uint64_t p = UINT64_C(0xffff888000000000) |
				     (next_random(&x) & 0xffffc0);

			memcpy(page + at + i, &p, sizeof(p));
		}
}

static void log_lines(uint8_t *page, size_t size)
{
	memset(page, '\n', size);
	for (size_t i = 0; i + 32 <= size; i += 32)
		(void)snprintf((char *)page + i, 32, "kernel: usb %zu-1: new device",
			       i % 977);
}

/* no words come again, yet 1 byte in 2 is one of 16 */
static void skewed(uint8_t *page, size_t size)
{
	uint64_t x = 3;

	for (size_t i = 0; i < size; i++) {
		uint64_t r = next_random(&x);

		page[i] = (uint8_t)(r >> 40 & 1 ? r >> 56 & 15 : r >> 56);
	}
}

/* base64: 64 of 256 values, random */
static void base64(uint8_t *page, size_t size)
{
	uint64_t x = 5;

	for (size_t i = 0; i < size; i++)
		page[i] = (uint8_t)(' ' + (next_random(&x) >> 58));
}

/* numbers whose low halves are random: half of the bytes are zero */
static void numbers(uint8_t *page, size_t size)
{
	uint64_t x = 9;

	for (size_t i = 0; i < size; i += 8) {
		uint64_t v = next_random(&x) >> 32;

		memcpy(page + i, &v, sizeof(v));
	}
}

/* of each 4 KiB */
static void last_eighth_is_zero(uint8_t *page, size_t size)
{
	noise(page, size);
	for (size_t end = 4096; end <= size; end += 4096)
		memset(page + end - 512, 0, 512);
}

/* a page of 64 KiB of which 4 KiB are not like the others */
static void mostly_noise(uint8_t *page, size_t size)
{
	noise(page, size);
	zeros(page + size - 4096, 4096);
}

/* @shrinks: by zstd's automatic level, which has no codes for single bytes */
static const struct {
	const char *name;
	void (*fill)(uint8_t *page, size_t size);
	bool noise, shrinks;
} table[] = {
	{ "noise", noise, true, false },
	{ "zeros", zeros, false, true },
	{ "slab", slab, false, true },
	{ "log lines", log_lines, false, true },
	{ "skewed", skewed, false, false },
	{ "base64", base64, false, false },
	{ "numbers", numbers, false, true },
	{ "last eighth is zero", last_eighth_is_zero, false, true },
	{ "mostly noise", mostly_noise, false, true },
};

static void test_pages(struct test *t)
{
	static uint8_t page[PAGE_MAX];

	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		for (size_t size = 4096; size <= PAGE_MAX; size *= 4) {
			table[i].fill(page, size);
			if (kd_page_is_noise(page, size) != table[i].noise)
				test_failed(t, __FILE__, __LINE__, "%s, %zu bytes",
					    table[i].name, size);
		}
}

/* What random pages are taken for does not hang on the one that was tried. */
static void test_much_noise(struct test *t)
{
	static uint8_t page[4096];
	unsigned int noisy = 0;

	for (uint64_t seed = 1; seed <= 1000; seed++) {
		fill_noise(page, sizeof(page), seed * UINT64_C(0x9e3779b97f4a7c15));
		noisy += kd_page_is_noise(page, sizeof(page));
	}
	CHECK(t, noisy >= 995);
}

static void test_not_judged(struct test *t)
{
	static uint8_t page[8192];

	noise(page, sizeof(page));
	CHECK(t, !kd_page_is_noise(page, 0));
	CHECK(t, !kd_page_is_noise(page, 2048));
	CHECK(t, !kd_page_is_noise(page, 4095));
	CHECK(t, !kd_page_is_noise(page, 6000));
	CHECK(t, kd_page_is_noise(page, 8192));
}

/* zstd's automatic level: every kind comes back as it was; noise is not tried. */
static void test_round_trips(struct test *t)
{
	static uint8_t page[PAGE_MAX], packed[PAGE_MAX], back[PAGE_MAX];
	const struct kd_codec_ops *ops = kd_codec_find(KD_CODEC_ZSTD);

	for (size_t size = 4096; size <= PAGE_MAX; size *= 4) {
		void *context = NULL;

		CHECK_INT(t, ops->context_new(ops->level_default, size, &context), 0);
		for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
			ssize_t n;

			table[i].fill(page, size);
			n = ops->compress(context, page, size, packed, size - 1);
			CHECK_INT(t, n > 0, table[i].shrinks);
			if (n <= 0)
				continue;
			CHECK_INT(t,
				  ops->decompress(context, packed, (size_t)n, back, size),
				  0);
			CHECK(t, memcmp(page, back, size) == 0);
		}
		ops->context_free(context);
	}
}

static const struct test_case cases[] = {
	{ "pages of all kinds", test_pages },
	{ "noise is noise, whichever", test_much_noise },
	{ "what is no page is not judged", test_not_judged },
	{ "zstd's automatic level gives all kinds back", test_round_trips },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * makedumpfile/codec/zstd-quick: libzstd inflates every frame to the page it was made of,
 * checksum included; nothing is written past the room that was lent.
 */
#include "makedumpfile/codec/zstd-quick.h"

#include "makedumpfile/codec/codec.h"
#include "tests/unit/test.h"

#define PAGE_MIN 4096
#define PAGE_MAX 65536
#define GUARD	 64

static uint64_t next_random(uint64_t *x)
{
	*x ^= *x << 13;
	*x ^= *x >> 7;
	*x ^= *x << 17;
	return *x * UINT64_C(0x2545f4914f6cdd1d) >> 20;
}

/* New bytes and earlier ones by turns, up to so many of each: all that sequences tell. */
static void fill_sequences(uint8_t *page, size_t size, uint64_t seed, size_t most)
{
	uint64_t x = seed * 2 + 1;
	size_t at = 0;

	while (at < size) {
		size_t fresh = 1 + next_random(&x) % most;
		size_t again = 4 + next_random(&x) % most;

		for (; fresh && at < size; fresh--)
			page[at++] = (uint8_t)next_random(&x);
		for (size_t back = 1 + next_random(&x) % at; again && at < size;
		     again--) {
			page[at] = page[at - back];
			at++;
		}
	}
}

/* Words of 8 bytes of which only some bytes differ, as pointers do */
static void fill_words(uint8_t *page, size_t size, uint64_t seed, size_t differing)
{
	uint64_t x = seed * 2 + 1;

	for (size_t i = 0; i < size; i++)
		page[i] = i % 8 < differing ? (uint8_t)next_random(&x)
					    : (uint8_t)(i % 8 * 31);
}

struct packer {
	struct kd_zstd_quick *quick;
	void *inflater;
	size_t size;
	uint8_t page[PAGE_MAX], packed[PAGE_MAX + GUARD], back[PAGE_MAX];
};

/* Packs the page, checks what came of it, and returns how much that was. */
static size_t pack(struct test *t, struct packer *p, size_t room)
{
	const struct kd_codec_ops *ops = kd_codec_find(KD_CODEC_ZSTD);
	size_t n;

	memset(p->packed, 0x5a, sizeof(p->packed));
	n = kd_zstd_quick_page(p->quick, p->page, p->size, p->packed, room);
	CHECK(t, n <= room);
	for (size_t i = room; i < room + GUARD; i++)
		CHECK_INT(t, p->packed[i], 0x5a);
	if (!n)
		return 0;
	memset(p->back, 0xa5, p->size);
	CHECK_INT(t, ops->decompress(p->inflater, p->packed, n, p->back, p->size), 0);
	CHECK(t, memcmp(p->page, p->back, p->size) == 0);
	return n;
}

/* Calls @with for pages of every size. */
static void for_sizes(struct test *t, void (*with)(struct test *t, struct packer *p))
{
	const struct kd_codec_ops *ops = kd_codec_find(KD_CODEC_ZSTD);
	static struct packer p;

	for (p.size = PAGE_MIN; p.size <= PAGE_MAX; p.size *= 2) {
		CHECK_INT(t, kd_zstd_quick_new(p.size, &p.quick), 0);
		CHECK_INT(t, ops->context_new(ops->level_default, p.size, &p.inflater),
			  0);
		with(t, &p);
		kd_zstd_quick_free(p.quick);
		ops->context_free(p.inflater);
	}
}

static void pack_sequences(struct test *t, struct packer *p)
{
	for (uint64_t seed = 0; seed < 200; seed++)
		for (size_t most = 2; most <= p->size; most *= 3) {
			fill_sequences(p->page, p->size, seed, most);
			(void)pack(t, p, p->size - 1);
		}
}

static void test_sequences(struct test *t)
{
	for_sizes(t, pack_sequences);
}

static void pack_words(struct test *t, struct packer *p)
{
	for (uint64_t seed = 0; seed < 20; seed++)
		for (size_t differing = 0; differing <= 8; differing++) {
			size_t n;

			fill_words(p->page, p->size, seed, differing);
			n = pack(t, p, p->size - 1);
			/* 2 of 8 bytes are new, and each word is two bytes to tell of */
			if (differing <= 2)
				CHECK(t, n > 0 && n < p->size * 5 / 8);
		}
}

static void test_words(struct test *t)
{
	for_sizes(t, pack_words);
}

/* A repeat that is as long as there can be, one byte before the end, at each place */
static void pack_edges(struct test *t, struct packer *p)
{
	uint64_t x = 77;

	memset(p->page, 0, p->size);
	CHECK(t, pack(t, p, p->size - 1) < 64);
	p->page[p->size - 1] = 1;
	CHECK(t, pack(t, p, p->size - 1) < 64);
	for (size_t back = 1; back < p->size; back += 1 + back / 4) {
		for (size_t i = 0; i < p->size; i++)
			p->page[i] = i < back ? (uint8_t)next_random(&x)
					      : p->page[i - back];
		(void)pack(t, p, p->size - 1);
	}
	for (size_t i = 0; i < p->size; i++)
		p->page[i] = (uint8_t)next_random(&x);
	CHECK_INT(t, pack(t, p, p->size - 1), 0);
}

static void test_edges(struct test *t)
{
	for_sizes(t, pack_edges);
}

/* In all the room it takes, it fits; in a little less, it does not. */
static void pack_in_room(struct test *t, struct packer *p)
{
	for (uint64_t seed = 0; seed < 5; seed++) {
		size_t n;

		fill_sequences(p->page, p->size, seed, 60);
		n = pack(t, p, p->size - 1);
		CHECK(t, n > 100);
		CHECK_INT(t, pack(t, p, n + GUARD), n);
		for (size_t less = 1; less < n; less += 1 + less / 3)
			CHECK_INT(t, pack(t, p, n - less), 0);
		CHECK_INT(t, pack(t, p, 0), 0);
	}
}

static void test_room(struct test *t)
{
	for_sizes(t, pack_in_room);
}

static void test_sizes(struct test *t)
{
	static uint8_t page[2 * PAGE_MAX], packed[PAGE_MAX];
	struct kd_zstd_quick *q = NULL;

	CHECK_INT(t, kd_zstd_quick_new(2048, &q), -EINVAL);
	CHECK_INT(t, kd_zstd_quick_new(2 * PAGE_MAX, &q), -EINVAL);
	CHECK(t, q == NULL);
	CHECK_INT(t, kd_zstd_quick_new(8192, &q), 0);
	CHECK(t, kd_zstd_quick_page(q, page, 8192, packed, 8191) > 0);
	CHECK(t, kd_zstd_quick_page(q, page, 4096, packed, 4095) > 0);
	CHECK_INT(t, kd_zstd_quick_page(q, page, 16384, packed, 16383), 0);
	CHECK_INT(t, kd_zstd_quick_page(q, page, 6144, packed, 6143), 0);
	CHECK_INT(t, kd_zstd_quick_page(q, page, 2048, packed, 2047), 0);
	kd_zstd_quick_free(q);
}

static const struct test_case cases[] = {
	{ "sequences of all kinds", test_sequences },
	{ "words that are alike", test_words },
	{ "repeats of all distances", test_edges },
	{ "no more room than there is", test_room },
	{ "sizes that are no page's", test_sizes },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}

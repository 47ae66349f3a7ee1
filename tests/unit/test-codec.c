/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * makedumpfile/codec: every codec gives back what it was given, never writes past the
 * room it was lent, says so when a page does not shrink, and refuses what is corrupt.
 */
#include "makedumpfile/codec/codec.h"
#include "tests/unit/test.h"

#define PAGE_MAX 65536

static const enum kd_codec_id shrinking[] = { KD_CODEC_ZLIB, KD_CODEC_LZO,
					      KD_CODEC_SNAPPY, KD_CODEC_ZSTD };

static void fill_text(uint8_t *page, size_t size)
{
	for (size_t i = 0; i + 16 <= size; i += 16)
		(void)snprintf((char *)page + i, 16, "line %zu", i / 16 % 100);
}

static void fill_noise(uint8_t *page, size_t size)
{
	uint64_t x = 88172645463325252ULL;

	for (size_t i = 0; i < size; i++) {
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		page[i] = (uint8_t)x;
	}
}

static void round_trip(struct test *t, const struct kd_codec_ops *ops, int level,
		       size_t size)
{
	static uint8_t page[PAGE_MAX], packed[PAGE_MAX + 1], back[PAGE_MAX + 1];
	void *context = NULL;
	ssize_t n;

	CHECK_INT(t, ops->context_new(level, size, &context), 0);
	memset(page, 0, sizeof(page));
	fill_text(page, size);
	/* Twice: the second page meets a context that was used. */
	for (int i = 0; i < 2; i++) {
		n = ops->compress(context, page, size, packed, size - 1);
		CHECK(t, n > 0 && (size_t)n < size);
		if (n <= 0)
			break;
		back[size] = 0xa5;
		CHECK_INT(t, ops->decompress(context, packed, (size_t)n, back, size), 0);
		CHECK(t, memcmp(page, back, size) == 0);
		CHECK_INT(t, back[size], 0xa5);
		page[i] ^= 1;
	}
	ops->context_free(context);
}

static void round_trips(struct test *t)
{
	for (size_t i = 0; i < ARRAY_SIZE(shrinking); i++) {
		const struct kd_codec_ops *ops = kd_codec_find(shrinking[i]);

		CHECK(t, ops != NULL);
		if (!ops)
			continue;
		for (size_t size = 4096; size <= PAGE_MAX; size *= 4) {
			round_trip(t, ops, ops->level_default, size);
			round_trip(t, ops, ops->level_max, size);
			round_trip(t, ops, ops->level_min, size);
		}
	}
}

static void stays_in_its_room(struct test *t)
{
	static uint8_t page[4096], packed[4096 + 8];

	fill_noise(page, sizeof(page));
	for (size_t i = 0; i < ARRAY_SIZE(shrinking); i++) {
		const struct kd_codec_ops *ops = kd_codec_find(shrinking[i]);
		void *context = NULL;

		CHECK_INT(t, ops->context_new(ops->level_default, 4096, &context), 0);
		for (size_t room = 1; room < 4096; room += 273) {
			memset(packed, 0x5a, sizeof(packed));
			CHECK_INT(t, ops->compress(context, page, 4096, packed, room), 0);
			for (size_t j = room; j < sizeof(packed); j++)
				CHECK_INT(t, packed[j], 0x5a);
		}
		/* It still works after pages that did not fit. */
		ops->context_free(context);
		round_trip(t, ops, ops->level_default, 4096);
	}
}

/* Flip each bit, cut at each byte. A flip may leave the page as it was (a bit without
 * meaning); with zstd and zlib, which carry checksums, it never gives another page. */
static void corrupt(struct test *t, const struct kd_codec_ops *ops, bool checksum)
{
	static uint8_t page[4096], packed[4096], back[4096];
	void *context = NULL;
	ssize_t n;

	fill_text(page, sizeof(page));
	CHECK_INT(t, ops->context_new(ops->level_default, 4096, &context), 0);
	n = ops->compress(context, page, 4096, packed, 4095);
	CHECK(t, n > 0);
	for (ssize_t bit = 0; bit < 8 * n; bit++) {
		int r;

		packed[bit / 8] ^= (uint8_t)(1U << bit % 8);
		r = ops->decompress(context, packed, (size_t)n, back, 4096);
		CHECK(t, r == 0 || r == -EBADMSG);
		if (r == 0 && checksum)
			CHECK(t, memcmp(page, back, 4096) == 0);
		packed[bit / 8] ^= (uint8_t)(1U << bit % 8);
	}
	for (ssize_t cut = 0; cut < n; cut++)
		CHECK_INT(t, ops->decompress(context, packed, (size_t)cut, back, 4096),
			  -EBADMSG);
	CHECK_INT(t, ops->decompress(context, packed, (size_t)n, back, 4095), -EBADMSG);
	ops->context_free(context);
}

static void refuses_corrupt(struct test *t)
{
	corrupt(t, kd_codec_find(KD_CODEC_ZLIB), /* checksum= */ true);
	corrupt(t, kd_codec_find(KD_CODEC_LZO), /* checksum= */ false);
	corrupt(t, kd_codec_find(KD_CODEC_SNAPPY), /* checksum= */ false);
	corrupt(t, kd_codec_find(KD_CODEC_ZSTD), /* checksum= */ true);
}

/* Another page size than the payload's: inflating to less is as wrong as to more. */
static void refuses_short_payload(struct test *t)
{
	static uint8_t page[8192], packed[4096], back[8192];

	fill_text(page, sizeof(page));
	for (size_t i = 0; i < ARRAY_SIZE(shrinking); i++) {
		const struct kd_codec_ops *ops = kd_codec_find(shrinking[i]);
		void *context = NULL;
		ssize_t n;

		CHECK_INT(t, ops->context_new(ops->level_default, 8192, &context), 0);
		n = ops->compress(context, page, 4096, packed, 4095);
		CHECK_INT(t, ops->decompress(context, packed, (size_t)n, back, 8192),
			  -EBADMSG);
		ops->context_free(context);
	}
}

static void none(struct test *t)
{
	const struct kd_codec_ops *ops = kd_codec_find(KD_CODEC_NONE);
	uint8_t page[64] = { 1, 2, 3 }, back[64];
	void *context = NULL;

	CHECK_INT(t, ops->context_new(0, 64, &context), 0);
	CHECK_INT(t, ops->compress(context, page, 64, back, 64), 0);
	CHECK_INT(t, ops->decompress(context, page, 64, back, 64), 0);
	CHECK(t, memcmp(page, back, 64) == 0);
	CHECK_INT(t, ops->decompress(context, page, 63, back, 64), -EBADMSG);
	ops->context_free(context);
}

static void unknown(struct test *t)
{
	CHECK(t, kd_codec_find((enum kd_codec_id)0x3) == NULL);
	CHECK(t, kd_codec_find((enum kd_codec_id)0x21) == NULL);
}

static const struct test_case cases[] = {
	{ "what goes in comes out", round_trips },
	{ "a page that does not fit gives 0", stays_in_its_room },
	{ "flipped and cut payloads are refused", refuses_corrupt },
	{ "a payload shorter than the page is refused", refuses_short_payload },
	{ "none stores", none },
	{ "codecs that are not there", unknown },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}

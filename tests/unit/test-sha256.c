/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SHA-256 against FIPS 180's examples and against nettle, on each path this CPU has.
 */
#include <nettle/sha2.h>
#include <stdlib.h>
#include <time.h>

#include "base/sha256.h"
#include "test.h"

#define MILLION 1000000

static const struct {
	const char *text;
	const char *digest;
} examples[] = {
	{ "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
	{ "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
	{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
	  "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
	{ "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopq"
	  "klmnopqrlmnopqrsmnopqrstnopqrstu",
	  "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1" },
};

static const char *hex(const uint8_t digest[KD_SHA256_SIZE])
{
	static _Thread_local char text[2 * KD_SHA256_SIZE + 1];

	for (size_t i = 0; i < KD_SHA256_SIZE; i++)
		(void)snprintf(text + 2 * i, 3, "%02x", digest[i]);
	return text;
}

static const char *digest_of(kd_sha256_blocks_fn *blocks, const void *data, size_t size,
			     size_t step)
{
	uint8_t digest[KD_SHA256_SIZE];
	struct kd_sha256 h;

	kd_sha256_init(&h, blocks);
	for (size_t at = 0; at < size; at += step)
		kd_sha256_update(&h, (const uint8_t *)data + at, MIN(step, size - at));
	kd_sha256_final(&h, digest);
	return hex(digest);
}

static void check_examples(struct test *t, kd_sha256_blocks_fn *blocks)
{
	_cleanup_(kd_freep) char *many = malloc(MILLION);

	for (size_t i = 0; i < ARRAY_SIZE(examples); i++) {
		const char *text = examples[i].text;

		CHECK_STR(t, digest_of(blocks, text, strlen(text), SIZE_MAX),
			  examples[i].digest);
		CHECK_STR(t, digest_of(blocks, text, strlen(text), 1),
			  examples[i].digest);
	}
	memset(many, 'a', MILLION);
	CHECK_STR(t, digest_of(blocks, many, MILLION, 4001),
		  "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

/* Every length around the block's edges, every alignment, fed in uneven pieces. */
static void check_against_nettle(struct test *t, kd_sha256_blocks_fn *blocks)
{
	enum {
		SIZE = 700
	};
	uint8_t data[SIZE + 16], want[SHA256_DIGEST_SIZE];
	uint32_t seed = 1;

	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t)((seed = seed * 1664525 + 1013904223) >> 24);
	for (size_t size = 0; size <= SIZE; size++) {
		const uint8_t *from = data + size % 16;
		struct sha256_ctx peer;

		sha256_init(&peer);
		sha256_update(&peer, size, from);
		sha256_digest(&peer, sizeof(want), want);
		{
			char text[2 * KD_SHA256_SIZE + 1];

			(void)snprintf(text, sizeof(text), "%s", hex(want));
			CHECK_STR(t, digest_of(blocks, from, size, 1 + size % 97), text);
			CHECK_STR(t, digest_of(blocks, from, size, SIZE_MAX), text);
		}
	}
}

static void portable(struct test *t)
{
	check_examples(t, kd_sha256_blocks_portable);
	check_against_nettle(t, kd_sha256_blocks_portable);
}

/* The SHA instructions where the CPU has them; elsewhere the portable code once more. */
static void best(struct test *t)
{
	kd_sha256_blocks_fn *blocks = kd_sha256_best();

	printf("# SHA instructions: %s\n", kd_sha256_has_ni() ? "yes" : "no");
	check_examples(t, blocks);
	check_against_nettle(t, blocks);
}

static double seconds_for(kd_sha256_blocks_fn *blocks, const uint8_t *data, size_t size)
{
	struct timespec a, b;

	clock_gettime(CLOCK_MONOTONIC, &a);
	(void)digest_of(blocks, data, size, SIZE_MAX);
	clock_gettime(CLOCK_MONOTONIC, &b);
	return (double)(b.tv_sec - a.tv_sec) + (double)(b.tv_nsec - a.tv_nsec) * 1e-9;
}

/* Shown, not judged: what 60 MB, a kernel and its initrd, cost. */
static void speed(struct test *t)
{
	const size_t size = 60 << 20;
	_cleanup_(kd_freep) uint8_t *data = malloc(size);
	double slow, fast;

	memset(data, 0x5a, size);
	slow = seconds_for(kd_sha256_blocks_portable, data, size);
	fast = seconds_for(kd_sha256_best(), data, size);
	printf("# 60 MiB: portable %.3f s, best %.3f s, ratio %.1f\n", slow, fast,
	       slow / fast);
	CHECK(t, slow > 0);
}

static const struct test_case cases[] = {
	{ "portable: FIPS 180, nettle", portable },
	{ "best: FIPS 180, nettle", best },
	{ "speed", speed },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}

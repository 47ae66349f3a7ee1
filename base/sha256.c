/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SHA-256 on any CPU: FIPS 180-4, sections 4.1.2, 5.1.1 and 6.2.2, whose names it keeps.
 * Built twice, into purgatory and into the library, so it calls nothing and owns nothing.
 * See sha256.h.
 */
#include "base/sha256.h"

const uint32_t kd_sha256_k[64] __attribute__((aligned(16))) = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1,
	0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
	0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
	0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
	0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
	0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
	0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
	0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
	0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
	0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
	0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static inline uint32_t ror(uint32_t x, unsigned int n)
{
	return x >> n | x << (32 - n);
}

static inline uint32_t be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* One round. The working variables stay where they are and change their names: a is the
 * one at -t mod 8. @t is a constant wherever this is called, so that they are registers. */
static inline __attribute__((always_inline)) void one_round(uint32_t s[8], unsigned int t,
							    uint32_t kw)
{
	uint32_t a = s[(0 - t) & 7], b = s[(1 - t) & 7], c = s[(2 - t) & 7];
	uint32_t e = s[(4 - t) & 7], f = s[(5 - t) & 7], g = s[(6 - t) & 7];
	uint32_t *d = &s[(3 - t) & 7], *h = &s[(7 - t) & 7];
	uint32_t t1 = *h + (ror(e, 6) ^ ror(e, 11) ^ ror(e, 25)) + (g ^ (e & (f ^ g))) +
		      kw;
	uint32_t t2 = (ror(a, 2) ^ ror(a, 13) ^ ror(a, 22)) + ((a & b) | (c & (a | b)));

	*d += t1;
	*h = t1 + t2;
}

static inline void eight_rounds(uint32_t s[8], const uint32_t *w, const uint32_t *k)
{
	one_round(s, 0, w[0] + k[0]);
	one_round(s, 1, w[1] + k[1]);
	one_round(s, 2, w[2] + k[2]);
	one_round(s, 3, w[3] + k[3]);
	one_round(s, 4, w[4] + k[4]);
	one_round(s, 5, w[5] + k[5]);
	one_round(s, 6, w[6] + k[6]);
	one_round(s, 7, w[7] + k[7]);
}

static void schedule(uint32_t w[64])
{
	for (unsigned int t = 16; t < 64; t++) {
		uint32_t a = w[t - 15], b = w[t - 2];

		w[t] = w[t - 16] + w[t - 7] + (ror(a, 7) ^ ror(a, 18) ^ a >> 3) +
		       (ror(b, 17) ^ ror(b, 19) ^ b >> 10);
	}
}

static void one_block(uint32_t state[8], const uint8_t *data)
{
	uint32_t s[8], w[64];

	for (unsigned int i = 0; i < 8; i++)
		s[i] = state[i];
	for (unsigned int t = 0; t < 16; t++)
		w[t] = be32(data + 4 * t);
	schedule(w);
	for (unsigned int t = 0; t < 64; t += 8)
		eight_rounds(s, w + t, kd_sha256_k + t);
	for (unsigned int i = 0; i < 8; i++)
		state[i] += s[i];
}

void kd_sha256_blocks_portable(uint32_t state[8], const uint8_t *data, size_t n)
{
	for (; n; n--, data += KD_SHA256_BLOCK)
		one_block(state, data);
}

void kd_sha256_init(struct kd_sha256 *h, kd_sha256_blocks_fn *blocks)
{
	h->blocks = blocks;
	h->bytes = 0;
	h->state[0] = 0x6a09e667;
	h->state[1] = 0xbb67ae85;
	h->state[2] = 0x3c6ef372;
	h->state[3] = 0xa54ff53a;
	h->state[4] = 0x510e527f;
	h->state[5] = 0x9b05688c;
	h->state[6] = 0x1f83d9ab;
	h->state[7] = 0x5be0cd19;
}

/* Fill the tail up from @data; returns how much of it that took. */
static size_t fill_tail(struct kd_sha256 *h, const uint8_t *data, size_t size)
{
	size_t used = h->bytes % KD_SHA256_BLOCK, n;

	for (n = 0; n < size && used + n < KD_SHA256_BLOCK; n++)
		h->tail[used + n] = data[n];
	h->bytes += n;
	if (used + n == KD_SHA256_BLOCK)
		h->blocks(h->state, h->tail, 1);
	return n;
}

void kd_sha256_update(struct kd_sha256 *h, const void *data, size_t size)
{
	const uint8_t *p = data;

	if (h->bytes % KD_SHA256_BLOCK && size) {
		size_t n = fill_tail(h, p, size);

		p += n;
		size -= n;
	}
	if (size >= KD_SHA256_BLOCK) {
		size_t blocks = size / KD_SHA256_BLOCK;

		h->blocks(h->state, p, blocks);
		h->bytes += blocks * KD_SHA256_BLOCK;
		p += blocks * KD_SHA256_BLOCK;
		size %= KD_SHA256_BLOCK;
	}
	if (size)
		fill_tail(h, p, size);
}

static void put_be32(uint8_t *p, uint32_t v)
{
	for (unsigned int i = 0; i < 4; i++)
		p[i] = (uint8_t)(v >> (24 - 8 * i));
}

void kd_sha256_final(struct kd_sha256 *h, uint8_t ret[KD_SHA256_SIZE])
{
	static const uint8_t padding[KD_SHA256_BLOCK] = { 0x80 };
	uint64_t bits = h->bytes * 8;
	uint8_t length[8];

	kd_sha256_update(h, padding,
			 1 + (119 - h->bytes % KD_SHA256_BLOCK) % KD_SHA256_BLOCK);
	put_be32(length, (uint32_t)(bits >> 32));
	put_be32(length + 4, (uint32_t)bits);
	kd_sha256_update(h, length, sizeof(length));
	for (unsigned int i = 0; i < 8; i++)
		put_be32(ret + 4 * i, h->state[i]);
}

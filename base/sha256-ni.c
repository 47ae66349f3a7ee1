/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SHA-256 by x86's SHA instructions (Intel's manual, volume 1, section 5.19): some five
 * times the portable code, which a crash waits for. Built twice, into purgatory and into
 * the library. Called by sha256.c through kd_sha256.blocks, where CPUID says it can be.
 */
#include <cpuid.h>
#include <immintrin.h>

#include "base/sha256.h"

#define NI static inline __attribute__((always_inline, target("sha,sse4.1")))

/* The halves of the state as the instructions want them. */
struct halves {
	__m128i abef;
	__m128i cdgh;
};

NI __m128i load_be(const uint8_t *p)
{
	const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);

	return _mm_shuffle_epi8(_mm_loadu_si128((const __m128i_u *)p), swap);
}

NI void four_rounds(struct halves *s, __m128i w, const uint32_t *k)
{
	__m128i kw = _mm_add_epi32(w, _mm_loadu_si128((const __m128i_u *)k));

	s->cdgh = _mm_sha256rnds2_epu32(s->cdgh, s->abef, kw);
	kw = _mm_shuffle_epi32(kw, 0x0e);
	s->abef = _mm_sha256rnds2_epu32(s->abef, s->cdgh, kw);
}

/* The next four words of the schedule from the sixteen before them, oldest first. */
NI __m128i schedule(__m128i w0, __m128i w4, __m128i w8, __m128i w12)
{
	__m128i sum = _mm_add_epi32(_mm_sha256msg1_epu32(w0, w4),
				    _mm_alignr_epi8(w12, w8, 4));

	return _mm_sha256msg2_epu32(sum, w12);
}

NI void one_block(struct halves *s, const uint8_t *data)
{
	__m128i w0 = load_be(data), w4 = load_be(data + 16);
	__m128i w8 = load_be(data + 32), w12 = load_be(data + 48);
	__m128i any = _mm_or_si128(_mm_or_si128(w0, w4), _mm_or_si128(w8, w12));
	struct halves was = *s;

	for (const uint32_t *k = kd_sha256_k;; k += 16) {
		four_rounds(s, w0, k);
		four_rounds(s, w4, k + 4);
		four_rounds(s, w8, k + 8);
		four_rounds(s, w12, k + 12);
		if (k == kd_sha256_k + 48)
			break;
		/* of zeros it is zeros: see sha256.c */
		if (_mm_testz_si128(any, any))
			continue;
		w0 = schedule(w0, w4, w8, w12);
		w4 = schedule(w4, w8, w12, w0);
		w8 = schedule(w8, w12, w0, w4);
		w12 = schedule(w12, w0, w4, w8);
	}
	s->abef = _mm_add_epi32(s->abef, was.abef);
	s->cdgh = _mm_add_epi32(s->cdgh, was.cdgh);
}

__attribute__((target("sha,sse4.1"))) void kd_sha256_blocks_ni(uint32_t state[8],
							       const uint8_t *data,
							       size_t n)
{
	/* dcba and hgfe, highest word first, become abef and cdgh */
	__m128i dcba = _mm_loadu_si128((const __m128i_u *)state);
	__m128i hgfe = _mm_loadu_si128((const __m128i_u *)(state + 4));
	__m128i cdab = _mm_shuffle_epi32(dcba, 0xb1),
		efgh = _mm_shuffle_epi32(hgfe, 0x1b);
	struct halves s = {
		.abef = _mm_alignr_epi8(cdab, efgh, 8),
		.cdgh = _mm_blend_epi16(efgh, cdab, 0xf0),
	};
	__m128i feba, dchg;

	for (; n; n--, data += KD_SHA256_BLOCK)
		one_block(&s, data);
	feba = _mm_shuffle_epi32(s.abef, 0x1b);
	dchg = _mm_shuffle_epi32(s.cdgh, 0xb1);
	_mm_storeu_si128((__m128i_u *)state, _mm_blend_epi16(feba, dchg, 0xf0));
	_mm_storeu_si128((__m128i_u *)(state + 4), _mm_alignr_epi8(dchg, feba, 8));
}

bool kd_sha256_has_ni(void)
{
	unsigned int a, b, c, d;
	const unsigned int wanted = bit_SSSE3 | bit_SSE4_1;

	if (!__get_cpuid(1, &a, &b, &c, &d) || (c & wanted) != wanted)
		return false;
	return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & bit_SHA) != 0;
}

kd_sha256_blocks_fn *kd_sha256_best(void)
{
	return kd_sha256_has_ni() ? kd_sha256_blocks_ni : kd_sha256_blocks_portable;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The guess: see compressible.h. Each 4 KiB are sampled in rows spread over them, a
 * quarter of all bytes being looked at: first for words seen before, since most pages
 * have many and are done with early, then for how often a byte meets its like.
 */
#include "makedumpfile/codec/compressible.h"

#include <string.h>

#define BLOCK	4096
#define ROWS	8
#define ROW	128
#define SAMPLES (ROWS * ROW / 4)

/* A row begins where the one before it ended on its cache lines and structures do not:
 * what repeats with the distance of rows would be overrated, or not seen at all. */
#define ROW_AT(row) ((row) * (BLOCK / ROWS) + (row) % 4 * 37)

/* Of 256 words, this many seen before are no accident. */
#define REPEATS_MIN 8

/* Of the first half of them; the other half, where all are new, finds next to none. */
#define REPEATS_HALF 2

/* Pairs of equal bytes among 256: 127.5 are expected of random ones, with a standard
 * deviation of 11; text and code have 500 and more. Of pages below this even Huffman codes
 * leave 95 %. */
#define NOISE_PAIRS 450

/* Words are 5 bytes, what zstd's fast levels look for; a table of their hashes, each
 * entry the last one that fell there. */
static unsigned int count_repeats(const uint8_t *block)
{
	uint16_t seen[256] = { 0 };
	unsigned int n = 0;

	for (size_t row = 0; row < ROWS && n < REPEATS_MIN; row++) {
		if (row == ROWS / 2 && n < REPEATS_HALF)
			break;
		const uint8_t *at = block + ROW_AT(row);

		for (size_t i = 0; i < ROW; i += 4) {
			uint64_t word, hash;
			uint16_t tag;

			memcpy(&word, at + i, sizeof(word));
			hash = (word << 24) * UINT64_C(0x9e3779b97f4a7c15);
			tag = (uint16_t)(hash >> 40) | 1;
			n += seen[hash >> 56] == tag;
			seen[hash >> 56] = tag;
		}
	}
	return n;
}

/* Every second one from another byte of a word: those of one place are alike in tables
 * of numbers, and a table of random ones has zeros elsewhere. */
static unsigned int count_pairs(const uint8_t *block)
{
	uint8_t met[256] = { 0 };
	unsigned int n = 0;

	for (size_t row = 0; row < ROWS; row++) {
		const uint8_t *at = block + ROW_AT(row);

		for (size_t i = 0; i < ROW; i += 4)
			n += met[at[i + i / 4 % 4]]++;
	}
	return n;
}

bool kd_page_is_noise(const uint8_t *page, size_t size)
{
	if (!size || size % BLOCK)
		return false;
	for (size_t at = 0; at < size; at += BLOCK)
		if (count_repeats(page + at) >= REPEATS_MIN ||
		    count_pairs(page + at) >= NOISE_PAIRS)
			return false;
	return true;
}

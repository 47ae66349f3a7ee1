/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bitmap of a kdump-compressed file with an index of counts: see kdump-bitmap.h.
 * Memory is bounded by MAX_BLOCKS whatever the file claims. Called by the reader.
 */
#include "makedumpfile/format/kdump-bitmap.h"

#include <string.h>

#define BLOCK_BITS_MIN 4096U
#define MAX_BLOCKS     65536U
#define WORD_BITS      64U

static uint64_t blocks_of(const struct kd_kdump_bitmap *b)
{
	return b->end / b->block_bits + (b->end % b->block_bits != 0);
}

/* Bits of the word at @pfn that lie in [start, end). */
static uint64_t inside(const struct kd_kdump_bitmap *b, kd_pfn_t pfn)
{
	uint64_t mask = UINT64_MAX;

	if (pfn >= b->end || pfn + WORD_BITS <= b->start)
		return 0;
	if (b->start > pfn)
		mask &= UINT64_MAX << (b->start - pfn);
	if (b->end - pfn < WORD_BITS)
		mask &= ~(UINT64_MAX << (b->end - pfn));
	return mask;
}

static uint64_t bytes_of(const struct kd_kdump_bitmap *b, uint64_t block)
{
	return MIN((b->end + 7) / 8 - block * b->block_bits / 8, b->block_bits / 8);
}

static int load(struct kd_kdump_bits *bits, uint64_t block)
{
	const struct kd_kdump_bitmap *b = bits->map;
	kd_pfn_t first = block * b->block_bits;
	uint64_t bytes = bytes_of(b, block);
	ssize_t n;

	if (bits->loaded == block)
		return 0;
	bits->loaded = UINT64_MAX;
	memset(bits->words, 0, b->block_bits / 8);
	n = kd_file_view_read(b->file, bits->words, (size_t)bytes, b->offset + first / 8);
	if (n < 0)
		return (int)n;
	if ((uint64_t)n != bytes && !b->cut)
		return -EBADMSG;
	for (uint64_t i = 0; i < b->block_bits / WORD_BITS; i++)
		bits->words[i] &= inside(b, first + i * WORD_BITS);
	bits->loaded = block;
	return 0;
}

static uint64_t count(const uint64_t *words, uint64_t n)
{
	uint64_t sum = 0;

	for (uint64_t i = 0; i < n; i++)
		sum += (uint64_t)__builtin_popcountll(words[i]);
	return sum;
}

/* Whether the file has a hole there. @data: no byte before it, from the last block that
 * was asked for on, can be anything but zero. */
static bool is_hole(const struct kd_kdump_bitmap *b, uint64_t block, uint64_t *data)
{
	uint64_t at = b->offset + block * (b->block_bits / 8);
	uint64_t end = at + bytes_of(b, block);

	if (end > b->file->size)
		return false;
	if (*data <= at)
		*data = kd_file_view_data(b->file, at);
	return *data >= end;
}

int kd_kdump_bitmap_init(struct kd_kdump_bitmap *b)
{
	uint64_t data = 0;
	_cleanup_(kd_freep) uint64_t *ranks = NULL;
	_cleanup_(kd_kdump_bits_done) struct kd_kdump_bits bits = { 0 };
	int r;

	if (b->end > KD_KDUMP_MAX_PFN)
		return -EFBIG;
	b->block_bits = BLOCK_BITS_MIN;
	while (blocks_of(b) > MAX_BLOCKS)
		b->block_bits *= 2;
	b->n_blocks = blocks_of(b);
	b->total = 0;

	ranks = calloc((size_t)b->n_blocks + 1, sizeof(*ranks));
	if (!ranks)
		return -ENOMEM;
	r = kd_kdump_bits_init(&bits, b);
	if (r < 0)
		return r;
	for (uint64_t i = 0; i < b->n_blocks; i++) {
		ranks[i] = b->total;
		if (is_hole(b, i, &data))
			continue;
		r = load(&bits, i);
		if (r < 0)
			return r;
		b->total += count(bits.words, b->block_bits / WORD_BITS);
	}
	ranks[b->n_blocks] = b->total;
	b->ranks = TAKE_PTR(ranks);
	return 0;
}

void kd_kdump_bitmap_done(struct kd_kdump_bitmap *b)
{
	free(b->ranks);
	*b = (struct kd_kdump_bitmap) { 0 };
}

int kd_kdump_bits_init(struct kd_kdump_bits *b, const struct kd_kdump_bitmap *map)
{
	uint64_t *words = malloc((size_t)(map->block_bits / 8));

	if (!words)
		return -ENOMEM;
	*b = (struct kd_kdump_bits) { .map = map, .words = words, .loaded = UINT64_MAX };
	return 0;
}

void kd_kdump_bits_done(struct kd_kdump_bits *b)
{
	free(b->words);
	*b = (struct kd_kdump_bits) { .loaded = UINT64_MAX };
}

int kd_kdump_bits_block(struct kd_kdump_bits *b, uint64_t block, const uint64_t **ret)
{
	int r = load(b, block);

	if (r < 0)
		return r;
	*ret = b->words;
	return 0;
}

int kd_kdump_bits_test(struct kd_kdump_bits *b, kd_pfn_t pfn)
{
	const struct kd_kdump_bitmap *map = b->map;
	int r;

	if (pfn < map->start || pfn >= map->end)
		return 0;
	r = load(b, pfn / map->block_bits);
	if (r < 0)
		return r;
	return b->words[pfn % map->block_bits / WORD_BITS] >> pfn % WORD_BITS & 1;
}

int kd_kdump_bits_rank(struct kd_kdump_bits *b, kd_pfn_t pfn, uint64_t *ret)
{
	const struct kd_kdump_bitmap *map = b->map;
	uint64_t block, word, bit;
	int r;

	if (pfn < map->start || pfn >= map->end)
		return -ENODATA;
	block = pfn / map->block_bits;
	word = pfn % map->block_bits / WORD_BITS;
	bit = (uint64_t)1 << pfn % WORD_BITS;
	r = load(b, block);
	if (r < 0)
		return r;
	if (!(b->words[word] & bit))
		return -ENODATA;
	*ret = map->ranks[block] + count(b->words, word) +
	       (uint64_t)__builtin_popcountll(b->words[word] & (bit - 1));
	return 0;
}

int kd_kdump_bits_next(struct kd_kdump_bits *b, kd_pfn_t pfn, bool value, kd_pfn_t *ret)
{
	const struct kd_kdump_bitmap *map = b->map;
	uint64_t flip = value ? 0 : UINT64_MAX;

	while (pfn < map->end) {
		uint64_t bits, block = pfn / map->block_bits;
		int r;

		if (kd_kdump_bitmap_empty(map, block)) {
			if (!value)
				break;
			pfn = (block + 1) * map->block_bits;
			continue;
		}
		r = load(b, block);
		if (r < 0)
			return r;
		bits = b->words[pfn % map->block_bits / WORD_BITS] ^ flip;
		bits &= UINT64_MAX << pfn % WORD_BITS;
		if (bits) {
			pfn = kd_align_down(pfn, WORD_BITS) +
			      (uint64_t)__builtin_ctzll(bits);
			break;
		}
		pfn = kd_align_down(pfn, WORD_BITS) + WORD_BITS;
	}
	*ret = MIN(pfn, map->end);
	return 0;
}

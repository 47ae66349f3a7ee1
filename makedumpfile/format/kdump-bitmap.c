/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bitmap of a kdump-compressed file with an index of counts: see kdump-bitmap.h.
 * Memory is bounded by MAX_BLOCKS whatever the file claims. Called by the reader.
 */
#include "makedumpfile/format/kdump-bitmap.h"

#include <string.h>

#include "base/io.h"

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

static int load(struct kd_kdump_bitmap *b, uint64_t block)
{
	kd_pfn_t first = block * b->block_bits;
	uint64_t bytes = MIN((b->end + 7) / 8 - first / 8, b->block_bits / 8);
	ssize_t n;

	if (b->loaded == block)
		return 0;
	b->loaded = UINT64_MAX;
	memset(b->words, 0, b->block_bits / 8);
	n = kd_pread_full(b->fd, b->words, (size_t)bytes, b->offset + first / 8);
	if (n < 0)
		return (int)n;
	if ((uint64_t)n != bytes)
		return -EBADMSG;
	for (uint64_t i = 0; i < b->block_bits / WORD_BITS; i++)
		b->words[i] &= inside(b, first + i * WORD_BITS);
	b->loaded = block;
	return 0;
}

static uint64_t count(const uint64_t *words, uint64_t n)
{
	uint64_t sum = 0;

	for (uint64_t i = 0; i < n; i++)
		sum += (uint64_t)__builtin_popcountll(words[i]);
	return sum;
}

int kd_kdump_bitmap_init(struct kd_kdump_bitmap *b, int fd, uint64_t offset,
			 kd_pfn_t start, kd_pfn_t end)
{
	_cleanup_(kd_freep) uint64_t *ranks = NULL, *words = NULL;
	struct kd_kdump_bitmap new = { .fd = fd,
				       .offset = offset,
				       .start = start,
				       .end = end,
				       .block_bits = BLOCK_BITS_MIN,
				       .loaded = UINT64_MAX };

	if (end > KD_KDUMP_MAX_PFN)
		return -EFBIG;
	while (blocks_of(&new) > MAX_BLOCKS)
		new.block_bits *= 2;
	new.n_blocks = blocks_of(&new);

	ranks = calloc((size_t) new.n_blocks + 1, sizeof(*ranks));
	words = malloc((size_t)(new.block_bits / 8));
	if (!ranks || !words)
		return -ENOMEM;
	new.ranks = ranks;
	new.words = words;
	for (uint64_t i = 0; i < new.n_blocks; i++) {
		int r = load(&new, i);

		if (r < 0)
			return r;
		ranks[i] = new.total;
		new.total += count(words, new.block_bits / WORD_BITS);
	}
	*b = new;
	TAKE_PTR(ranks);
	TAKE_PTR(words);
	return 0;
}

void kd_kdump_bitmap_done(struct kd_kdump_bitmap *b)
{
	free(b->ranks);
	free(b->words);
	*b = (struct kd_kdump_bitmap) { .fd = -EBADF, .loaded = UINT64_MAX };
}

int kd_kdump_bitmap_rank(struct kd_kdump_bitmap *b, kd_pfn_t pfn, uint64_t *ret)
{
	uint64_t block, word, bit;
	int r;

	if (pfn < b->start || pfn >= b->end)
		return -ENODATA;
	block = pfn / b->block_bits;
	word = pfn % b->block_bits / WORD_BITS;
	bit = (uint64_t)1 << pfn % WORD_BITS;
	r = load(b, block);
	if (r < 0)
		return r;
	if (!(b->words[word] & bit))
		return -ENODATA;
	*ret = b->ranks[block] + count(b->words, word) +
	       (uint64_t)__builtin_popcountll(b->words[word] & (bit - 1));
	return 0;
}

int kd_kdump_bitmap_next(struct kd_kdump_bitmap *b, kd_pfn_t pfn, bool value,
			 kd_pfn_t *ret)
{
	uint64_t flip = value ? 0 : UINT64_MAX;

	while (pfn < b->end) {
		uint64_t bits;
		int r = load(b, pfn / b->block_bits);

		if (r < 0)
			return r;
		bits = b->words[pfn % b->block_bits / WORD_BITS] ^ flip;
		bits &= UINT64_MAX << pfn % WORD_BITS;
		if (bits) {
			pfn = kd_align_down(pfn, WORD_BITS) +
			      (uint64_t)__builtin_ctzll(bits);
			break;
		}
		pfn = kd_align_down(pfn, WORD_BITS) + WORD_BITS;
	}
	*ret = MIN(pfn, b->end);
	return 0;
}

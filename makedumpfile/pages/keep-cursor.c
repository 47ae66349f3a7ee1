/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading a keepstore block by block: see keepstore.h. The index says which blocks are
 * worth loading, and what they must hold: a file or a memory that reads differently the
 * second time is an error, not a dump with other pages. Called by the façade.
 */
#include <string.h>

#include "makedumpfile/pages/keepstore-private.h"

int kd_keep_cursor_init(struct kd_keep_cursor *c, const struct kd_keepstore *store)
{
	int r = 0;

	*c = (struct kd_keep_cursor) { .store = store, .block = UINT64_MAX };
	if (store->place == KD_KEEP_IN_MEMORY)
		return 0;
	for (size_t i = 0; r == 0 && i < 2; i++)
		r = kd_keepmap_init(&c->maps[i], store->block_frames);
	if (r == 0 && store->place == KD_KEEP_AGAIN)
		r = kd_scanner_init(&c->scanner, store->scan);
	if (r < 0)
		kd_keep_cursor_done(c);
	return r;
}

void kd_keep_cursor_done(struct kd_keep_cursor *c)
{
	for (size_t i = 0; i < 2; i++)
		/* in memory they are the store's */
		if (c->store && c->store->place != KD_KEEP_IN_MEMORY)
			kd_keepmap_done(&c->maps[i]);
	kd_scanner_done(&c->scanner);
	*c = (struct kd_keep_cursor) { 0 };
}

static int get(struct kd_keep_cursor *c, enum kd_keep_which which, uint64_t block)
{
	const struct kd_keepstore *s = c->store;
	struct kd_keepmap *map = &c->maps[which];
	int r;

	r = kd_keepmap_start(map, kd_keepstore_block_first(s, block),
			     kd_keepstore_block_end(s, block));
	/* never put: the file may be shorter */
	if (r < 0 || !kd_keepstore_in_block(s, KD_KEEP_EXISTS, block))
		return r;
	return s->spill.get(s->spill.context, which, block * kd_keepstore_block_bytes(s),
			    map->bits, kd_keepmap_bytes(map));
}

static int check(const struct kd_keep_cursor *c, uint64_t block)
{
	for (unsigned int i = 0; i < 2; i++)
		if (kd_keepmap_count(&c->maps[i]) !=
		    kd_keepstore_in_block(c->store, (enum kd_keep_which)i, block))
			return -EIO;
	return 0;
}

static int load(struct kd_keep_cursor *c, uint64_t block)
{
	const struct kd_keepstore *s = c->store;
	int r = 0;

	if (c->block == block)
		return 0;
	c->block = UINT64_MAX;
	switch (s->place) {
	case KD_KEEP_IN_MEMORY:
		for (size_t i = 0; i < 2; i++)
			c->maps[i] = (struct kd_keepmap) {
				.bits = s->bits[i] + block * kd_keepstore_block_bytes(s),
				.capacity = kd_keepstore_block_bytes(s),
				.first = kd_keepstore_block_first(s, block),
				.end = kd_keepstore_block_end(s, block),
			};
		break;
	case KD_KEEP_IN_FILE:
		r = get(c, KD_KEEP_EXISTS, block);
		if (r == 0)
			r = get(c, KD_KEEP_KEPT, block);
		break;
	case KD_KEEP_AGAIN:
		r = kd_scanner_range(&c->scanner, kd_keepstore_block_first(s, block),
				     kd_keepstore_block_end(s, block),
				     &c->maps[KD_KEEP_EXISTS], &c->maps[KD_KEEP_KEPT]);
		break;
	}
	if (r == 0 && s->place != KD_KEEP_IN_MEMORY)
		r = check(c, block);
	if (r < 0)
		return r;
	c->block = block;
	return 0;
}

int kd_keep_cursor_next(struct kd_keep_cursor *c, kd_pfn_t *from, kd_pfn_t *ret_end)
{
	const struct kd_keepstore *s = c->store;
	kd_pfn_t at = *from;

	for (uint64_t b = at / s->block_frames; b < s->n_blocks; b++) {
		int r;

		if (!kd_keepstore_in_block(s, KD_KEEP_KEPT, b))
			continue;
		r = load(c, b);
		if (r < 0)
			return r;
		at = MAX(at, kd_keepstore_block_first(s, b));
		if (!kd_keepmap_next(&c->maps[KD_KEEP_KEPT], &at, ret_end))
			continue;
		*from = at;
		return 1;
	}
	return 0;
}

int kd_keep_cursor_block(struct kd_keep_cursor *c, kd_pfn_t first, const uint8_t *ret[2],
			 size_t *ret_bytes)
{
	int r;

	if (first >= c->store->max_pfn)
		return -EINVAL;
	r = load(c, first / c->store->block_frames);
	if (r < 0)
		return r;
	for (size_t i = 0; i < 2; i++)
		ret[i] = c->maps[i].bits;
	*ret_bytes = kd_keepmap_bytes(&c->maps[0]);
	return 0;
}

int kd_keep_cursor_rank(struct kd_keep_cursor *c, kd_pfn_t pfn, uint64_t *ret)
{
	const struct kd_keepstore *s = c->store;
	const uint64_t *before = s->before[KD_KEEP_KEPT];
	uint64_t block = pfn / s->block_frames, n;
	int r;

	if (pfn >= s->max_pfn) {
		*ret = before[s->n_blocks];
		return 0;
	}
	n = before[block];
	if (pfn % s->block_frames && before[block + 1] > n) {
		r = load(c, block);
		if (r < 0)
			return r;
		n += kd_keepmap_count_range(&c->maps[KD_KEEP_KEPT],
					    kd_keepstore_block_first(s, block), pfn);
	}
	*ret = n;
	return 0;
}

/* The multiple of @align next to where @want kept frames have gone by, from @low up. */
static int find_start(struct kd_keep_cursor *c, uint64_t want, uint64_t align,
		      kd_pfn_t low, kd_pfn_t *ret)
{
	uint64_t a = low / align, b = (c->store->max_pfn + align - 1) / align;
	uint64_t rank = 0, above = 0;
	int r;

	while (a < b) {
		uint64_t mid = a + (b - a) / 2;

		r = kd_keep_cursor_rank(c, mid * align, &rank);
		if (r < 0)
			return r;
		if (rank < want)
			a = mid + 1;
		else
			b = mid;
	}
	/* the one before may be nearer */
	if (a * align > low) {
		r = kd_keep_cursor_rank(c, a * align, &above);
		if (r == 0)
			r = kd_keep_cursor_rank(c, (a - 1) * align, &rank);
		if (r < 0)
			return r;
		if (want > rank && want - rank < above - want)
			a--;
	}
	*ret = MIN(a * align, c->store->max_pfn);
	return 0;
}

/* Parts of no frames go last: makedumpfile --reassemble looks for the one part that
 * begins where another ends. */
static void put_empty_last(kd_pfn_t *starts, size_t n, kd_pfn_t max_pfn)
{
	size_t used = 1;

	for (size_t i = 1; i < n; i++)
		if (starts[i] != starts[used - 1])
			starts[used++] = starts[i];
	while (used < n)
		starts[used++] = max_pfn;
}

int kd_keep_cursor_split(struct kd_keep_cursor *c, size_t n, uint64_t align,
			 kd_pfn_t *ret)
{
	uint64_t kept = kd_keepstore_kept(c->store);
	kd_pfn_t at = 0;
	int r;

	if (!n || !align || align > UINT64_MAX / 4)
		return -EINVAL;
	for (size_t i = 0; i < n; i++) {
		/* kept < 2^52 and there are few parts */
		r = i ? find_start(c, kept / n * i + kept % n * i / n, align, at, &at)
		      : 0;
		if (r < 0)
			return r;
		ret[i] = at;
	}
	put_empty_last(ret, n, c->store->max_pfn);
	return 0;
}

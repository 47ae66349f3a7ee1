/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bits in steps of bytes and words where that pays: runs are long, and a terabyte has
 * 2^28 frames. Trusts no range: each is cut to what the map covers. Called by scan.c.
 */
#include "makedumpfile/pages/keepmap.h"

int kd_keepmap_init(struct kd_keepmap *map, uint64_t n)
{
	uint64_t bytes = kd_align_up(n / 8 + 1, 8); /* whole words, for the search */
	uint8_t *bits;

	if (bytes > SIZE_MAX / 2)
		return -ENOMEM;
	bits = calloc(1, bytes);
	if (!bits)
		return -ENOMEM;
	*map = (struct kd_keepmap) { .bits = bits, .capacity = bytes };
	return 0;
}

void kd_keepmap_done(struct kd_keepmap *map)
{
	free(map->bits);
	*map = (struct kd_keepmap) { 0 };
}

size_t kd_keepmap_bytes(const struct kd_keepmap *map)
{
	return (map->end - map->first + 7) / 8;
}

int kd_keepmap_start(struct kd_keepmap *map, kd_pfn_t first, kd_pfn_t end)
{
	if (end < first || end - first > (uint64_t)map->capacity * 8)
		return -EINVAL;
	map->first = first;
	map->end = end;
	memset(map->bits, 0, map->capacity);
	return 0;
}

static void fill_bits(uint8_t *byte, uint64_t from, uint64_t to, bool value)
{
	uint8_t mask = (uint8_t)(0xffU << from & 0xffU >> (8 - to));

	*byte = (uint8_t)(value ? *byte | mask : *byte & ~mask);
}

static uint64_t fill(struct kd_keepmap *map, kd_pfn_t from, kd_pfn_t to, bool value)
{
	uint64_t a, b, n;

	from = MAX(from, map->first);
	to = MIN(to, map->end);
	if (from >= to)
		return 0;
	a = from - map->first;
	b = to - map->first;
	n = b - a;
	if (a % 8 && a / 8 == b / 8) {
		fill_bits(&map->bits[a / 8], a % 8, b % 8, value);
		return n;
	}
	if (a % 8) {
		fill_bits(&map->bits[a / 8], a % 8, 8, value);
		a = kd_align_up(a, 8);
	}
	memset(map->bits + a / 8, value ? 0xff : 0, (b - a) / 8);
	if (b % 8)
		fill_bits(&map->bits[b / 8], 0, b % 8, value);
	return n;
}

uint64_t kd_keepmap_set(struct kd_keepmap *map, kd_pfn_t from, kd_pfn_t to)
{
	return fill(map, from, to, true);
}

uint64_t kd_keepmap_clear(struct kd_keepmap *map, kd_pfn_t from, kd_pfn_t to)
{
	return fill(map, from, to, false);
}

bool kd_keepmap_test(const struct kd_keepmap *map, kd_pfn_t pfn)
{
	uint64_t i = pfn - map->first;

	return pfn >= map->first && pfn < map->end && (map->bits[i / 8] >> (i % 8) & 1);
}

static uint64_t word(const struct kd_keepmap *map, uint64_t index)
{
	uint64_t v;

	memcpy(&v, map->bits + index * 8, sizeof(v));
	return le64toh(v);
}

uint64_t kd_keepmap_count(const struct kd_keepmap *map)
{
	uint64_t n = 0;

	/* bits beyond the end are never set */
	for (uint64_t i = 0; i < map->capacity / 8; i++)
		n += (uint64_t)__builtin_popcountll(word(map, i));
	return n;
}

uint64_t kd_keepmap_count_range(const struct kd_keepmap *map, kd_pfn_t from, kd_pfn_t to)
{
	uint64_t n = 0, i, end, part;

	from = MAX(from, map->first);
	to = MIN(to, map->end);
	if (from >= to)
		return 0;
	end = to - map->first;
	for (i = from - map->first; i < end; i += part) {
		uint64_t w = word(map, i / 64) >> (i % 64);

		part = MIN(64 - i % 64, end - i);
		if (part < 64)
			w &= (UINT64_C(1) << part) - 1;
		n += (uint64_t)__builtin_popcountll(w);
	}
	return n;
}

/* First bit at or after @i whose value, xored with @flip, is 1; may be past the end. */
static uint64_t search(const struct kd_keepmap *map, uint64_t i, uint64_t flip)
{
	uint64_t n = map->end - map->first;
	uint64_t w;

	while (i < n) {
		w = (word(map, i / 64) ^ flip) >> (i % 64);
		if (w)
			return i + (uint64_t)__builtin_ctzll(w);
		i = kd_align_down(i, 64) + 64;
	}
	return n;
}

bool kd_keepmap_next(const struct kd_keepmap *map, kd_pfn_t *from, kd_pfn_t *ret_end)
{
	uint64_t n = map->end - map->first;
	uint64_t i;

	if (*from >= map->end)
		return false;
	i = search(map, MAX(*from, map->first) - map->first, 0);
	if (i >= n)
		return false;
	*from = map->first + i;
	*ret_end = map->first + MIN(search(map, i, UINT64_MAX), n);
	return true;
}

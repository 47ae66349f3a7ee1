/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The map from physical memory to file offsets: see segments.h. Trusts nothing about
 * the ranges it is given. Called by elf-core.c while it opens a core.
 */
#include "makedumpfile/vmcore/segments.h"

/* A dump has at least the struct pages of what it leaves out, a 64th of it, unless these
 * were left out, too. Headers that claim more than so many times the file made it up, and
 * would have each page of it looked at. */
#define ABSENT_RATIO 4096
#define ABSENT_MIN   (UINT64_C(1) << 40)

void kd_segments_done(struct kd_segments *s)
{
	free(s->items);
	free(s->absent);
	free(s->extents);
	*s = (struct kd_segments) { 0 };
}

/* Room for one more: the items, perhaps moved, or NULL with -ENOMEM. */
static void *grown(void *items, size_t n, size_t *capacity, size_t size)
{
	size_t more = *capacity ? 2 * *capacity : 16;
	void *bigger;

	if (n < *capacity)
		return items;
	bigger = reallocarray(items, more, size);
	if (bigger)
		*capacity = more;
	return bigger;
}

static int append(struct kd_segments *s, struct kd_segment item)
{
	struct kd_segment *items = grown(s->items, s->n_items, &s->capacity,
					 sizeof(*items));

	if (!items)
		return -ENOMEM;
	s->items = items;
	s->items[s->n_items++] = item;
	return 0;
}

int kd_segments_add(struct kd_segments *s, kd_paddr_t start, uint64_t size,
		    uint64_t offset, uint64_t file_size)
{
	uint64_t end, there;

	if (!size)
		return 0;
	if (__builtin_add_overflow(start, size, &end) || end > KD_PADDR_LIMIT) {
		s->dropped++;
		return 0;
	}
	there = offset < file_size ? MIN(size, file_size - offset) : 0;
	if (__builtin_add_overflow(s->missing, size - there, &s->missing))
		s->missing = UINT64_MAX;
	if (!there)
		return 0;
	return append(s, (struct kd_segment) { start, start + there, offset });
}

int kd_segments_add_absent(struct kd_segments *s, kd_paddr_t start, uint64_t from,
			   uint64_t to, uint64_t file_size)
{
	uint64_t most = ABSENT_MIN, sum;
	struct kd_extent e, *items;

	if (file_size > ABSENT_MIN / ABSENT_RATIO)
		most = file_size < UINT64_MAX / ABSENT_RATIO ? file_size * ABSENT_RATIO
							     : UINT64_MAX;
	if (__builtin_add_overflow(s->absent_bytes, to - from, &sum) || sum > most ||
	    __builtin_add_overflow(start, from, &e.start) ||
	    __builtin_add_overflow(start, to, &e.end) || e.end > KD_PADDR_LIMIT) {
		s->dropped++;
		return 0;
	}
	items = grown(s->absent, s->n_absent, &s->absent_capacity, sizeof(*items));
	if (!items)
		return -ENOMEM;
	s->absent = items;
	s->absent[s->n_absent++] = e;
	s->absent_bytes = sum;
	return 0;
}

void kd_segments_limit(struct kd_segments *s, kd_paddr_t limit)
{
	size_t n = 0;

	for (size_t i = 0; i < s->n_items; i++) {
		struct kd_segment item = s->items[i];

		if (item.end > limit)
			s->dropped++;
		else
			s->items[n++] = item;
	}
	s->n_items = n;
	n = 0;
	for (size_t i = 0; i < s->n_absent; i++) {
		if (s->absent[i].end > limit)
			s->dropped++;
		else
			s->absent[n++] = s->absent[i];
	}
	s->n_absent = n;
}

static int by_start(const void *a, const void *b)
{
	const struct kd_segment *x = a, *y = b;

	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	/* of two with the same start the longer one first, so the other vanishes */
	if (x->end != y->end)
		return x->end > y->end ? -1 : 1;
	return x->offset < y->offset ? -1 : x->offset > y->offset;
}

static void cut_overlaps(struct kd_segments *s)
{
	kd_paddr_t covered = 0;
	size_t n = 0;

	for (size_t i = 0; i < s->n_items; i++) {
		struct kd_segment item = s->items[i];

		if (item.end <= covered)
			continue;
		if (item.start < covered) {
			item.offset += covered - item.start;
			item.start = covered;
		}
		covered = item.end;
		s->items[n++] = item;
	}
	s->n_items = n;
}

static int by_extent(const void *a, const void *b)
{
	const struct kd_extent *x = a, *y = b;

	return x->start < y->start ? -1 : x->start > y->start;
}

/* Pieces and absent memory, joined where they touch or overlap. */
static size_t join(struct kd_extent *all, size_t n)
{
	size_t k = 0;

	qsort(all, n, sizeof(*all), by_extent);
	for (size_t i = 0; i < n; i++) {
		if (k && all[i].start <= all[k - 1].end)
			all[k - 1].end = MAX(all[k - 1].end, all[i].end);
		else
			all[k++] = all[i];
	}
	return k;
}

int kd_segments_finish(struct kd_segments *s)
{
	struct kd_extent *extents;
	size_t n = 0;

	if (!s->n_items)
		return 0;
	qsort(s->items, s->n_items, sizeof(*s->items), by_start);
	cut_overlaps(s);
	extents = calloc(s->n_items + s->n_absent, sizeof(*extents));
	if (!extents)
		return -ENOMEM;
	for (size_t i = 0; i < s->n_items; i++)
		extents[n++] = (struct kd_extent) { s->items[i].start, s->items[i].end };
	for (size_t i = 0; i < s->n_absent; i++)
		extents[n++] = s->absent[i];
	free(s->extents);
	s->extents = extents;
	s->n_extents = join(extents, n);
	return 0;
}

size_t kd_segments_after(const struct kd_segments *s, kd_paddr_t addr)
{
	size_t low = 0, high = s->n_items;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (addr >= s->items[mid].end)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

const struct kd_segment *kd_segments_find(const struct kd_segments *s, kd_paddr_t addr)
{
	size_t i = kd_segments_after(s, addr);

	return i == s->n_items || addr < s->items[i].start ? NULL : &s->items[i];
}

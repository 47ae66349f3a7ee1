/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Ranges of bytes seen: see flat-ranges.h. Pure; the ranges may be any.
 * Called by flat-reader.c.
 */
#include "makedumpfile/format/flat-ranges.h"

#include <string.h>

#include "base/guard.h"

/* The first range that ends at or after @start. */
static size_t find(const struct kd_flat_ranges *r, uint64_t start)
{
	size_t low = 0, high = r->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (r->ranges[middle].end < start)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void remove_at(struct kd_flat_ranges *r, size_t at, size_t n)
{
	memmove(r->ranges + at, r->ranges + at + n,
		(r->n - at - n) * sizeof(r->ranges[0]));
	r->n -= n;
}

/* Join the lowest two: streams ascend, so that is where nothing more is likely. */
static void make_room(struct kd_flat_ranges *r)
{
	r->ranges[1].start = r->ranges[0].start;
	remove_at(r, 0, 1);
}

bool kd_flat_ranges_add(struct kd_flat_ranges *r, uint64_t start, uint64_t end)
{
	struct kd_flat_range *here;
	size_t at, n = 0;
	bool seen = false;

	if (r->n == KD_FLAT_RANGES)
		make_room(r);
	at = find(r, start);
	here = r->ranges + at;
	for (; at + n < r->n && here[n].start <= end; n++)
		seen |= here[n].start < end && here[n].end > start;
	if (n) {
		here[0].start = MIN(here[0].start, start);
		here[0].end = MAX(here[n - 1].end, end);
		remove_at(r, at + 1, n - 1);
		return seen;
	}
	memmove(here + 1, here, (r->n - at) * sizeof(*here));
	*here = (struct kd_flat_range) { .start = start, .end = end };
	r->n++;
	return false;
}

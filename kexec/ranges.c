/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sets of physical address ranges: see ranges.h. Every change first makes room for the
 * two ranges it can add at most, so that nothing has been touched when memory runs out.
 * Trusts its own sets only; addresses may be anything. Called by host/, plan/, check/.
 */
#include "kexec/ranges.h"

#include <string.h>

void kd_ranges_init(struct kd_ranges *set)
{
	*set = (struct kd_ranges) { 0 };
}

void kd_ranges_done(struct kd_ranges *set)
{
	free(set->items);
	kd_ranges_init(set);
}

static int make_room(struct kd_ranges *set, size_t more)
{
	struct kd_range *items;
	size_t room;

	if (set->n + more <= set->room)
		return 0;
	if (set->n + more > KD_RANGES_MAX)
		return -ENOMEM;
	room = MIN(MAX(set->room * 2, (size_t)16), (size_t)KD_RANGES_MAX);
	items = reallocarray(set->items, room, sizeof(*items));
	if (!items)
		return -ENOMEM;
	set->items = items;
	set->room = room;
	return 0;
}

/* The first range that ends above @address: the one holding it, or the next one. */
static size_t first_above(const struct kd_ranges *set, uint64_t address)
{
	size_t low = 0, high = set->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (set->items[middle].end <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void remove_at(struct kd_ranges *set, size_t at, size_t n)
{
	if (n > 0 && at + n < set->n)
		memmove(&set->items[at], &set->items[at + n],
			(set->n - at - n) * sizeof(*set->items));
	set->n -= n;
}

/* The caller has made room. */
static void put_at(struct kd_ranges *set, size_t at, struct kd_range range)
{
	if (at < set->n)
		memmove(&set->items[at + 1], &set->items[at],
			(set->n - at) * sizeof(*set->items));
	set->items[at] = range;
	set->n++;
}

/* Take out a range that is not empty; room for one more there is. Returns the place
 * where it was. */
static size_t cut(struct kd_ranges *set, uint64_t start, uint64_t end)
{
	size_t at = first_above(set, start);
	size_t last;

	if (at < set->n && set->items[at].start < start) {
		struct kd_range right = set->items[at];

		set->items[at++].end = start;
		if (right.end > end) {
			right.start = end;
			put_at(set, at, right);
			return at;
		}
	}
	for (last = at; last < set->n && set->items[last].end <= end; last++)
		;
	remove_at(set, at, last - at);
	if (at < set->n && set->items[at].start < end)
		set->items[at].start = end;
	return at;
}

/* Join the range at @at with the one before it, when they touch and are alike. */
static bool join(struct kd_ranges *set, size_t at)
{
	struct kd_range *left, *right;

	if (at == 0 || at >= set->n)
		return false;
	left = &set->items[at - 1];
	right = &set->items[at];
	if (left->end != right->start || left->type != right->type)
		return false;
	left->end = right->end;
	remove_at(set, at, 1);
	return true;
}

int kd_ranges_insert(struct kd_ranges *set, uint64_t start, uint64_t end,
		     enum kd_range_type type)
{
	size_t at;

	if (end < start)
		return -EINVAL;
	if (start == end)
		return 0;
	if (make_room(set, 2) < 0)
		return -ENOMEM;
	at = cut(set, start, end);
	put_at(set, at, (struct kd_range) { .start = start, .end = end, .type = type });
	(void)join(set, at + 1);
	(void)join(set, at);
	return 0;
}

int kd_ranges_subtract(struct kd_ranges *set, uint64_t start, uint64_t end)
{
	if (end < start)
		return -EINVAL;
	if (start == end)
		return 0;
	if (make_room(set, 1) < 0)
		return -ENOMEM;
	(void)cut(set, start, end);
	return 0;
}

void kd_ranges_clip(struct kd_ranges *set, uint64_t start, uint64_t end)
{
	size_t at;

	if (end <= start) {
		set->n = 0;
		return;
	}
	remove_at(set, 0, first_above(set, start));
	if (set->n > 0 && set->items[0].start < start)
		set->items[0].start = start;
	at = first_above(set, end);
	if (at < set->n && set->items[at].start < end)
		set->items[at++].end = end;
	set->n = at;
}

int kd_ranges_select(const struct kd_ranges *from, enum kd_range_type type,
		     struct kd_ranges *ret)
{
	struct kd_ranges set;

	kd_ranges_init(&set);
	for (size_t i = 0; i < from->n; i++) {
		if (from->items[i].type != type)
			continue;
		if (make_room(&set, 1) < 0) {
			kd_ranges_done(&set);
			return -ENOMEM;
		}
		set.items[set.n++] = from->items[i];
	}
	kd_ranges_done(ret);
	*ret = set;
	return 0;
}

const struct kd_range *kd_ranges_at(const struct kd_ranges *set, uint64_t address)
{
	size_t at = first_above(set, address);

	if (at >= set->n || set->items[at].start > address)
		return NULL;
	return &set->items[at];
}

/* Neighbours of one type are joined, so one range has to do it all. */
bool kd_ranges_cover(const struct kd_ranges *set, uint64_t start, uint64_t end,
		     enum kd_range_type type)
{
	const struct kd_range *range;

	if (start >= end)
		return true;
	range = kd_ranges_at(set, start);
	return range && range->type == type && range->end >= end;
}

bool kd_ranges_touch(const struct kd_ranges *set, uint64_t start, uint64_t end)
{
	size_t at;

	if (start >= end)
		return false;
	at = first_above(set, start);
	return at < set->n && set->items[at].start < end;
}

uint64_t kd_ranges_total(const struct kd_ranges *set, enum kd_range_type type)
{
	uint64_t total = 0;

	for (size_t i = 0; i < set->n; i++)
		if (set->items[i].type == type)
			total += set->items[i].end - set->items[i].start;
	return total;
}

static bool find_low(uint64_t from, uint64_t to, const struct kd_hole *hole,
		     uint64_t *ret)
{
	uint64_t start = kd_align_up(from, hole->align);

	/* past the top of the address space, rounding up wraps to 0 */
	if (start < from || start >= to || to - start < hole->size)
		return false;
	*ret = start;
	return true;
}

static bool find_high(uint64_t from, uint64_t to, const struct kd_hole *hole,
		      uint64_t *ret)
{
	uint64_t start;

	if (to <= from || to - from < hole->size)
		return false;
	start = kd_align_down(to - hole->size, hole->align);
	if (start < from)
		return false;
	*ret = start;
	return true;
}

int kd_ranges_find(const struct kd_ranges *set, enum kd_range_type type,
		   const struct kd_hole *hole, uint64_t *ret)
{
	if (hole->size == 0 || !kd_is_power_of_2(hole->align))
		return -EINVAL;
	for (size_t i = 0; i < set->n; i++) {
		size_t at = hole->from_top ? set->n - 1 - i : i;
		const struct kd_range *range = &set->items[at];
		uint64_t from = MAX(range->start, hole->min);
		uint64_t to = MIN(range->end, hole->max);

		if (range->type != type)
			continue;
		if (hole->from_top ? find_high(from, to, hole, ret)
				   : find_low(from, to, hole, ret))
			return 0;
	}
	return -ENOSPC;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Places for segments: see place.h. Trusts the host's ranges to be sorted and disjoint,
 * nothing about the sizes asked for.
 */
#include "kexec/plan/place.h"

#include <inttypes.h>

/* Put what @a and @b both have as RAM into @ret. */
static int add_common(const struct kd_ranges *a, const struct kd_ranges *b,
		      struct kd_ranges *ret)
{
	size_t i = 0, k = 0;

	while (i < a->n && k < b->n) {
		const struct kd_range *x = &a->items[i], *y = &b->items[k];
		uint64_t start = MAX(x->start, y->start), end = MIN(x->end, y->end);

		if (start < end && x->type == KD_RANGE_RAM && y->type == KD_RANGE_RAM) {
			int r = kd_ranges_insert(ret, start, end, KD_RANGE_RAM);

			if (r < 0)
				return r;
		}
		if (x->end < y->end)
			i++;
		else
			k++;
	}
	return 0;
}

/* Segments take whole pages; RAM need not end on one. */
static int add_pages(struct kd_plan_builder *b, const struct kd_ranges *ram)
{
	for (size_t i = 0; i < ram->n; i++) {
		const struct kd_range *range = &ram->items[i];
		uint64_t start = kd_align_up(range->start, b->page);
		uint64_t end = kd_align_down(range->end, b->page);
		int r;

		if (start < range->start || start >= end)
			continue;
		r = kd_ranges_insert(&b->room, start, end, KD_RANGE_RAM);
		if (r < 0)
			return r;
	}
	return 0;
}

/* The reservations stay out of it: a crash image may be armed there meanwhile. So does
 * what firmware and drivers keep for themselves, in whole pages: an interrupt controller
 * may write to its tables there until the new kernel gives it others. */
static int subtract_reservations(struct kd_plan_builder *b)
{
	const struct kd_kexec_host *host = b->host;
	int r = kd_ranges_subtract(&b->room, host->crash.start, host->crash.end);

	if (r == 0)
		r = kd_ranges_subtract(&b->room, host->crash_low.start,
				       host->crash_low.end);
	for (size_t i = 0; r == 0 && i < host->busy.n; i++) {
		const struct kd_range *busy = &host->busy.items[i];

		r = kd_ranges_subtract(&b->room, kd_align_down(busy->start, b->page),
				       MAX(busy->end, kd_align_up(busy->end, b->page)));
	}
	return r;
}

static int find_reboot_room(struct kd_plan_builder *b)
{
	const struct kd_kexec_host *host = b->host;
	const struct kd_ranges *firmware = host->firmware.n ? &host->firmware
							    : &host->ram;
	struct kd_ranges ram;
	int r;

	kd_ranges_init(&ram);
	r = add_common(&host->ram, firmware, &ram);
	if (r == 0)
		r = add_pages(b, &ram);
	kd_ranges_done(&ram);
	return r < 0 ? r : subtract_reservations(b);
}

static int find_crash_room(struct kd_plan_builder *b)
{
	struct kd_range crash = b->host->crash;
	const struct kd_ranges reservation = { .items = &crash, .n = 1 };

	crash.type = KD_RANGE_RAM;
	return crash.start < crash.end ? add_pages(b, &reservation) : 0;
}

static const char *room_name(const struct kd_plan_builder *b)
{
	return kd_plan_is_crash(b) ? "the memory that crashkernel= reserves" : "memory";
}

int kd_place_init(struct kd_plan_builder *b, struct kd_error *err)
{
	uint64_t lowest = MAX(b->options->mem_min, (uint64_t)KD_PLACE_LOWEST);
	bool crash = kd_plan_is_crash(b);
	int r = crash ? find_crash_room(b) : find_reboot_room(b);

	if (r < 0)
		return kd_fail(err, r, "free memory");
	if (crash && b->room.n == 0)
		return kd_fail_msg(err, -ENOSPC,
				   "no memory is reserved for a crash kernel: add "
				   "crashkernel= to the running kernel's command line");
	kd_ranges_clip(&b->room, lowest, b->options->mem_max);
	if (b->room.n == 0)
		return kd_fail_msg(err, -ENOSPC,
				   "nothing of %s lies in 0x%" PRIx64 "-0x%" PRIx64,
				   room_name(b), lowest, b->options->mem_max);
	return 0;
}

bool kd_place_from_top(const struct kd_plan_builder *b)
{
	return kd_plan_is_crash(b);
}

static uint64_t largest_free(const struct kd_plan_builder *b)
{
	uint64_t largest = 0;

	for (size_t i = 0; i < b->room.n; i++)
		largest = MAX(largest, b->room.items[i].end - b->room.items[i].start);
	return largest;
}

int kd_place_take(struct kd_plan_builder *b, const char *what, const struct kd_hole *hole,
		  uint64_t *ret, struct kd_error *err)
{
	struct kd_hole want = *hole;
	uint64_t start;
	int r;

	want.size = kd_align_up(hole->size, b->page);
	want.align = MAX(hole->align, b->page);
	r = want.size < hole->size
		    ? -ENOSPC
		    : kd_ranges_find(&b->room, KD_RANGE_RAM, &want, &start);
	if (r == -ENOSPC)
		return kd_fail_msg(err, r,
				   "no room for the %s: %" PRIu64 " KiB wanted at a "
				   "multiple of %" PRIu64 " KiB in 0x%" PRIx64
				   "-0x%" PRIx64
				   ", the largest free piece of %s has %" PRIu64 " KiB",
				   what, hole->size >> 10, want.align >> 10, want.min,
				   want.max, room_name(b), largest_free(b) >> 10);
	if (r == 0)
		r = kd_ranges_subtract(&b->room, start, start + want.size);
	if (r < 0)
		return kd_fail(err, r, "place of the %s", what);
	*ret = start;
	return 0;
}

int kd_place_take_at(struct kd_plan_builder *b, const char *what, uint64_t start,
		     uint64_t end, struct kd_error *err)
{
	int r;

	if (end <= start || !kd_ranges_cover(&b->room, start, end, KD_RANGE_RAM))
		return kd_fail_msg(err, -ENOSPC,
				   "the %s can only lie at 0x%" PRIx64 "-0x%" PRIx64
				   ", which is not free in %s",
				   what, start, end, room_name(b));
	r = kd_ranges_subtract(&b->room, start, end);
	return r < 0 ? kd_fail(err, r, "place of the %s", what) : 0;
}

int kd_place_check_spare(const struct kd_plan_builder *b, struct kd_error *err)
{
	uint64_t left = largest_free(b);

	if (!kd_plan_is_crash(b) || left >= KD_PLACE_SPARE)
		return 0;
	return kd_fail_msg(err, -ENOSPC,
			   "the image leaves %" PRIu64 " KiB of the crash reservation "
			   "free, the running kernel needs %llu KiB in one piece for its "
			   "page tables: raise crashkernel=",
			   left >> 10, KD_PLACE_SPARE >> 10);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sets of physical address ranges and the few operations a loader needs of them: insert,
 * subtract, intersect, find a hole. Pure. Sorted, disjoint, neighbours of one type joined.
 * Called by host/, plan/, check/.
 */
#pragma once

#include "base/error.h"
#include "base/types.h"

/** What a range of addresses is, in the firmware's and the kernel's terms. */
enum kd_range_type {
	KD_RANGE_RAM,
	KD_RANGE_RESERVED,
	KD_RANGE_ACPI, /* ACPI tables: RAM once they are read */
	KD_RANGE_NVS,
	KD_RANGE_UNUSABLE,
	KD_RANGE_PMEM,
	KD_RANGE_SOFT_RESERVED, /* EFI special-purpose memory */
	KD_RANGE_TYPES,
};

/** [@start, @end), bytes; never empty inside a set. */
struct kd_range {
	uint64_t start;
	uint64_t end;
	enum kd_range_type type;
};

/** Ranges a set may have; one more is -ENOMEM. Linux knows 8192 of RAM at most
 *  (CONFIG_CRASH_MAX_MEMORY_RANGES), so nothing honest comes near it. */
#define KD_RANGES_MAX 65536

/** @items: sorted, disjoint; owned by the set */
struct kd_ranges {
	struct kd_range *items;
	size_t n;
	size_t room;
};

void kd_ranges_init(struct kd_ranges *set);
void kd_ranges_done(struct kd_ranges *set);

/** Make [@start, @end) be of @type, whatever it was. Nothing for an empty range.
 *  -ENOMEM, the set as it was; -EINVAL when @end < @start. */
int kd_ranges_insert(struct kd_ranges *set, uint64_t start, uint64_t end,
		     enum kd_range_type type);

/** Take [@start, @end) out, of whatever type. Errors as above: one range may become two. */
int kd_ranges_subtract(struct kd_ranges *set, uint64_t start, uint64_t end);

/** Cut off all outside of [@start, @end). Cannot fail. */
void kd_ranges_clip(struct kd_ranges *set, uint64_t start, uint64_t end);

/** Copy @from's ranges of @type into @ret, initialised by the caller. -ENOMEM. */
int kd_ranges_select(const struct kd_ranges *from, enum kd_range_type type,
		     struct kd_ranges *ret);

/** The range holding @address; NULL for none. */
const struct kd_range *kd_ranges_at(const struct kd_ranges *set, uint64_t address);

/** Whether every byte of [@start, @end) lies in a range of @type. True when empty. */
bool kd_ranges_cover(const struct kd_ranges *set, uint64_t start, uint64_t end,
		     enum kd_range_type type);

/** Whether any byte of [@start, @end) lies in a range, of whatever type. */
bool kd_ranges_touch(const struct kd_ranges *set, uint64_t start, uint64_t end);

/** All bytes in ranges of @type. */
uint64_t kd_ranges_total(const struct kd_ranges *set, enum kd_range_type type);

/**
 * A place wanted: @size bytes at a multiple of @align (a power of two), inside of
 * [@min, @max), the lowest or the highest one.
 */
struct kd_hole {
	uint64_t size;
	uint64_t align;
	uint64_t min;
	uint64_t max;
	bool from_top;
};

/** Find room wholly inside one range of @type. 0 with the start in @ret, -ENOSPC;
 *  -EINVAL for a size of 0 or an alignment that is none. */
int kd_ranges_find(const struct kd_ranges *set, enum kd_range_type type,
		   const struct kd_hole *hole, uint64_t *ret);

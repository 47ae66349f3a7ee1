/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A bitmap over a range of page frames, reused range after range so that its memory
 * does not grow with the machine's. Bit 0 of byte 0 is the first frame, as in the
 * kdump-compressed format. Callers may name frames outside: only the part inside counts.
 */
#pragma once

#include <endian.h>
#include <string.h>

#include "base/error.h"
#include "base/types.h"

/** @bits: owned, @capacity bytes. Frames [first, end) are covered now. */
struct kd_keepmap {
	uint8_t *bits;
	size_t capacity;
	kd_pfn_t first;
	kd_pfn_t end;
};

/** Room for @n frames. Returns 0, -ENOMEM. */
int kd_keepmap_init(struct kd_keepmap *map, uint64_t n);
void kd_keepmap_done(struct kd_keepmap *map);

/** Cover [first, end), all bits clear. -EINVAL when it does not fit or is reversed. */
int kd_keepmap_start(struct kd_keepmap *map, kd_pfn_t first, kd_pfn_t end);

/** Set or clear [from, to). Returns how many frames of it lie in the map. */
uint64_t kd_keepmap_set(struct kd_keepmap *map, kd_pfn_t from, kd_pfn_t to);
uint64_t kd_keepmap_clear(struct kd_keepmap *map, kd_pfn_t from, kd_pfn_t to);

/** Clear those of @bits in the 64 frames, counted from the map's first, that @pfn is one
 *  of; bit 0 is the first of them. @pfn must be in the map. Inline: once for each 64
 *  frames of the machine. */
static inline void kd_keepmap_clear_word(struct kd_keepmap *map, kd_pfn_t pfn,
					 uint64_t bits)
{
	uint8_t *at = map->bits + (pfn - map->first) / 64 * 8;
	uint64_t word;

	memcpy(&word, at, sizeof(word));
	word &= htole64(~bits);
	memcpy(at, &word, sizeof(word));
}

bool kd_keepmap_test(const struct kd_keepmap *map, kd_pfn_t pfn);

/** Number of bits set. */
uint64_t kd_keepmap_count(const struct kd_keepmap *map);
/** Number of bits set in [from, to). */
uint64_t kd_keepmap_count_range(const struct kd_keepmap *map, kd_pfn_t from, kd_pfn_t to);

/**
 * The first run of set bits at or after *from.
 * Returns false at the end; else [*from, *ret_end) is the run.
 */
bool kd_keepmap_next(const struct kd_keepmap *map, kd_pfn_t *from, kd_pfn_t *ret_end);

/** Bytes that hold the covered frames. */
size_t kd_keepmap_bytes(const struct kd_keepmap *map);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where the shim can work: the pages that map memory to itself, and where its code and
 * stack may be while segments move. The kernel that ends has page tables of its own
 * somewhere, and a segment may land on them. Called by shim.c.
 */
#include "kexec/lower/shim.h"

#define ENTRIES	    512
#define PRESENT_RW  0x3ull
#define LARGE	    0x80ull /* 2 MiB in a table of level 2 */
#define LARGE_SIZE  (2ull << 20)
#define ADDRESS(to) ((uint64_t)(uintptr_t)(to))

uint64_t kd_shim_map(uint64_t *tables, uint64_t gib, int la57)
{
	uint64_t *level5 = tables, *level4 = tables + ENTRIES, *level3 = level4 + ENTRIES;
	uint64_t *level2 = level3 + ENTRIES;

	for (unsigned int i = 0; i < ENTRIES; i++) {
		level5[i] = i ? 0 : ADDRESS(level4) | PRESENT_RW;
		level4[i] = i ? 0 : ADDRESS(level3) | PRESENT_RW;
		level3[i] = i < gib ? ADDRESS(level2 + i * ENTRIES) | PRESENT_RW : 0;
	}
	for (uint64_t i = 0; i < gib * ENTRIES; i++)
		level2[i] = i * LARGE_SIZE | PRESENT_RW | LARGE;
	return ADDRESS(la57 ? level5 : level4);
}

static int apart(uint64_t a, uint64_t a_size, uint64_t b, uint64_t b_size)
{
	return a + a_size <= b || b + b_size <= a;
}

static int is_free(uint64_t place, uint64_t room, const struct kd_shim_params *params)
{
	for (uint64_t i = 0; i < params->n; i++) {
		const struct kd_shim_segment *s = &params->segments[i];

		if (!apart(place, room, s->mem, s->memsz))
			return 0;
	}
	return 1;
}

uint64_t kd_shim_next(uint64_t base, uint64_t place, const struct kd_shim_params *params)
{
	uint64_t room = KD_SHIM_ROOM(params->gib);
	/* where it stands now is in use until it has gone: the blob's end, or beyond it */
	uint64_t size = place + room - base;

	if (is_free(place, room, params))
		return 0;
	for (unsigned int i = 0; i < KD_SHIM_PLACES; i++) {
		uint64_t next = params->places[i];

		if (next && apart(next, room, base, size) && is_free(next, room, params))
			return next;
	}
	return KD_SHIM_NOWHERE;
}

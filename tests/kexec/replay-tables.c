/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Page tables of another kernel's hand-off: see replay.h.
 */
#include "tests/kexec/replay.h"

#include <errno.h>

/* Intel SDM volume 3, 4.5 */
#define PRESENT	   0x1ull
#define WRITE	   0x2ull
#define LARGE	   0x80ull
#define ADDRESS	   0x000ffffffffff000ull
#define ENTRIES	   512
#define SMALL	   4096ull
#define LARGE_SIZE (2ull << 20)

static uint64_t *table_at(const struct replay_tables *t, uint64_t entry)
{
	return t->pages + ((entry & ADDRESS) - t->physical) / sizeof(uint64_t);
}

static int next_table(struct replay_tables *t, uint64_t *entry, uint64_t **ret)
{
	if (!(*entry & PRESENT)) {
		if (t->n == t->room)
			return -ENOSPC;
		*entry = (t->physical + t->n++ * SMALL) | PRESENT | WRITE;
	}
	*ret = table_at(t, *entry);
	return 0;
}

static int map_one(struct replay_tables *t, uint64_t address, uint64_t physical,
		   bool small)
{
	uint64_t *table = t->pages;
	uint64_t *slot;

	for (unsigned int shift = 39;; shift -= 9) {
		slot = &table[address >> shift & (ENTRIES - 1)];
		if (shift == (small ? 12 : 21))
			break;
		if (next_table(t, slot, &table) < 0)
			return -ENOSPC;
	}
	*slot = physical | PRESENT | WRITE | (small ? 0 : LARGE);
	return 0;
}

int replay_map(struct replay_tables *t, uint64_t address, uint64_t physical,
	       uint64_t size, bool small)
{
	uint64_t step = small ? SMALL : LARGE_SIZE;

	if (t->n == 0)
		t->n = 1; /* the root */
	for (uint64_t at = 0; at < size; at += step)
		if (map_one(t, address + at, physical + at, small) < 0)
			return -ENOSPC;
	return 0;
}

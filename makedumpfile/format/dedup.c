/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of pages stored already: see dedup.h. Keys lie apart from what they stand for,
 * a bucket of them in a cache line: a miss, which is the rule, touches that line alone.
 *
 * A slot goes EMPTY -> BUSY -> hash, each step once. Who takes it from EMPTY owns the
 * entry beside it until the hash is stored with release order; who reads the hash with
 * acquire order reads the entry whole, since nothing changes it again. Slots of a bucket
 * are taken in order, so behind an EMPTY one all are.
 */
#include "makedumpfile/format/dedup.h"

#include <assert.h>
#include <stdatomic.h>
#include <string.h>

#define LINE   64
#define BUCKET (LINE / sizeof(uint64_t))

enum {
	EMPTY,
	BUSY,
	KEY_MIN,
};

struct kd_dedup {
	size_t mask;
	_Atomic uint64_t *keys;
	struct kd_dedup_entry *entries;
};

static_assert(KD_DEDUP_ENTRY_BYTES == sizeof(uint64_t) + sizeof(struct kd_dedup_entry),
	      "what a caller's budget counts with");
static_assert(KD_DEDUP_ENTRIES_MIN == BUCKET, "one bucket");

int kd_dedup_new(size_t entries, struct kd_dedup **ret)
{
	_cleanup_(kd_dedup_freep) struct kd_dedup *d = NULL;
	size_t bytes;

	if (entries < BUCKET || !kd_is_power_of_2(entries) ||
	    __builtin_mul_overflow(entries, (size_t)KD_DEDUP_ENTRY_BYTES, &bytes))
		return -EINVAL;
	d = calloc(1, sizeof(*d));
	if (!d)
		return -ENOMEM;
	d->mask = entries - 1;
	d->keys = aligned_alloc(LINE, entries * sizeof(d->keys[0]));
	d->entries = malloc(entries * sizeof(d->entries[0]));
	if (!d->keys || !d->entries)
		return -ENOMEM;
	for (size_t i = 0; i < entries; i++)
		atomic_init(&d->keys[i], EMPTY);
	memset(d->entries, 0, entries * sizeof(d->entries[0]));
	*ret = TAKE_PTR(d);
	return 0;
}

void kd_dedup_free(struct kd_dedup *d)
{
	if (!d)
		return;
	free((void *)d->keys);
	free(d->entries);
	free(d);
}

static uint64_t key_of(uint64_t hash)
{
	return hash < KEY_MIN ? hash + KEY_MIN : hash;
}

/* The first slot of the bucket */
static size_t bucket_of(const struct kd_dedup *d, uint64_t key)
{
	return (size_t)key & d->mask & ~(BUCKET - 1);
}

bool kd_dedup_find(const struct kd_dedup *d, uint64_t hash, struct kd_dedup_entry *ret)
{
	uint64_t key = key_of(hash);
	size_t first = bucket_of(d, key);

	for (size_t i = first; i < first + BUCKET; i++) {
		uint64_t k = atomic_load_explicit(&d->keys[i], memory_order_acquire);

		if (k == key) {
			*ret = d->entries[i];
			return true;
		}
		if (k == EMPTY)
			return false;
	}
	return false;
}

/* Two threads that publish the same hash at once may both do so, one behind the other's
 * BUSY slot: the second is never found, and costs its slot. */
bool kd_dedup_publish(struct kd_dedup *d, uint64_t hash,
		      const struct kd_dedup_entry *entry)
{
	uint64_t key = key_of(hash);
	size_t first = bucket_of(d, key);

	for (size_t i = first; i < first + BUCKET; i++) {
		uint64_t k = EMPTY;

		if (atomic_compare_exchange_strong_explicit(&d->keys[i], &k, BUSY,
							    memory_order_relaxed,
							    memory_order_relaxed)) {
			d->entries[i] = *entry;
			atomic_store_explicit(&d->keys[i], key, memory_order_release);
			return true;
		}
		if (k == key)
			return false;
	}
	return false;
}

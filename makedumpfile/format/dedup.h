/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Identical pages stored once: a table from a page's hash to where its bytes went, of a
 * fixed size, shared by all threads without a lock. First come, first served: entries are
 * written once and never replaced, and a full bucket takes no more. What it finds is a
 * hint: see kd_dedup_find(). Used by kdump-writer.c.
 */
#pragma once

#include "base/error.h"
#include "base/types.h"

struct kd_dedup;

/** Where the page of frame @pfn was stored: of its descriptor, offset, size and flags. */
struct kd_dedup_entry {
	kd_pfn_t pfn;
	uint64_t offset;
	uint32_t size;
	uint32_t flags;
};

#define KD_DEDUP_ENTRIES_MIN 8
#define KD_DEDUP_ENTRY_BYTES 32 /* memory of a table for each of its entries */

/**
 * Make an empty table; its memory is allocated and touched now.
 *
 * @entries: a power of two, KD_DEDUP_ENTRIES_MIN or more; a table half full has turned
 *           away next to no page
 * Returns 0, -EINVAL for another count, -ENOMEM.
 */
int kd_dedup_new(size_t entries, struct kd_dedup **ret);
void kd_dedup_free(struct kd_dedup *d);
KD_DEFINE_GUARD(struct kd_dedup, kd_dedup_free)

/** A hash of @size bytes, any alignment; the same in one run alone, so never stored.
 *  Quick to tell pages apart, no defence against someone who wants collisions. */
uint64_t kd_dedup_hash(const void *page, size_t size);

/**
 * The page published under @hash, if any. Any number of threads, at any time; one that is
 * being published at this moment may be missed.
 *
 * A page found is a hint: hashes collide, and with a crafted page on purpose. To share
 * its payload, the caller must
 *  1. read page @ret->pfn again from memory, into a buffer of its own, and have done to
 *     it what was done before it was stored (erasing);
 *  2. compare all bytes with the page at hand: one differs, or unreadable, is a miss;
 *  3. use offset, size and flags as they are: the payload is one.
 * Comparing alone would not do: memory may have changed since that page was stored (DMA
 * goes on after a crash, a live system runs), and then it is the hash that ties the page
 * at hand to the bytes in the file. So hash the very bytes that are stored: a copy of the
 * page, where memory can change in between.
 */
bool kd_dedup_find(const struct kd_dedup *d, uint64_t hash, struct kd_dedup_entry *ret);

/**
 * Make @entry known, once its offset is final: others use it at once, before the payload
 * is in the file, so one that cannot be written must fail the dump. Any number of threads,
 * at any time. False when that hash has a page already, or its bucket is full: the page at
 * hand is stored like any other.
 */
bool kd_dedup_publish(struct kd_dedup *d, uint64_t hash,
		      const struct kd_dedup_entry *entry);

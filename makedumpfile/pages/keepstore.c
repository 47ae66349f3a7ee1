/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Blocks of both bitmaps, put where there is room for them: see keepstore.h. Blocks are
 * handed out by a counter; what is found in them goes to places of their own, so that
 * threads meet at the counter and at the end only.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "base/parallel.h"
#include "makedumpfile/pages/keepstore-private.h"

/* No free block of any kernel crosses a multiple of this (MAX_FREE_ORDERS in
 * classify.c), so only huge pages do. */
#define BLOCK_FRAMES 65536
/* The index takes 16 bytes a block. */
#define BLOCKS_MAX   65536

static void store_free(struct kd_keepstore *s)
{
	for (size_t i = 0; i < 2; i++) {
		free(s->bits[i]);
		free(s->before[i]);
	}
	free(s);
}

void kd_keepstore_free(struct kd_keepstore *store)
{
	if (store)
		store_free(store);
}

static int set_blocks(struct kd_keepstore *s, uint64_t block_frames)
{
	if (block_frames % 64 || s->max_pfn > UINT64_MAX / 2)
		return -EINVAL;
	s->block_frames = block_frames ? block_frames : BLOCK_FRAMES;
	while (!block_frames &&
	       (s->max_pfn + s->block_frames - 1) / s->block_frames > BLOCKS_MAX)
		s->block_frames *= 2;
	s->n_blocks = (s->max_pfn + s->block_frames - 1) / s->block_frames;
	return 0;
}

int kd_keepstore_new(const struct kd_keepstore_setup *setup, struct kd_keepstore **ret)
{
	_cleanup_(kd_keepstore_freep) struct kd_keepstore *s = NULL;
	uint64_t bytes;
	int r;

	s = malloc(sizeof(*s));
	if (!s)
		return -ENOMEM;
	*s = (struct kd_keepstore) { .max_pfn = setup->max_pfn };
	r = set_blocks(s, setup->block_frames);
	if (r < 0)
		return r;
	bytes = s->n_blocks * kd_keepstore_block_bytes(s);
	if (bytes <= setup->memory / 2) {
		s->place = KD_KEEP_IN_MEMORY;
	} else if (setup->spill) {
		s->place = KD_KEEP_IN_FILE;
		s->spill = *setup->spill;
	} else {
		s->place = KD_KEEP_AGAIN;
	}
	for (size_t i = 0; i < 2; i++) {
		s->before[i] = calloc(s->n_blocks + 1, sizeof(*s->before[i]));
		if (s->place == KD_KEEP_IN_MEMORY)
			s->bits[i] = calloc(1, bytes + 1);
		if (!s->before[i] || (s->place == KD_KEEP_IN_MEMORY && !s->bits[i]))
			return -ENOMEM;
	}
	*ret = TAKE_PTR(s);
	return 0;
}

int kd_keepstore_put(struct kd_keepstore *s, enum kd_keep_which which, uint64_t block,
		     const struct kd_keepmap *map)
{
	uint64_t offset = block * kd_keepstore_block_bytes(s);

	switch (s->place) {
	case KD_KEEP_IN_MEMORY:
		memcpy(s->bits[which] + offset, map->bits, kd_keepmap_bytes(map));
		return 0;
	case KD_KEEP_IN_FILE:
		return s->spill.put(s->spill.context, which, offset, map->bits,
				    kd_keepmap_bytes(map));
	case KD_KEEP_AGAIN:
		return 0;
	}
	return -EINVAL;
}

/**
 * @next: the block to be judged next; @judged: how many are; @failed: an error that ends
 *        all threads. @lock guards @counts
 */
struct fill {
	struct kd_keepstore *store;
	const struct kd_scan *scan;
	unsigned int threads;
	void (*tick)(void *context, kd_pfn_t done);
	void *context;
	atomic_uint_fast64_t next, judged;
	atomic_int failed;
	pthread_mutex_t lock;
	struct kd_scan_counts counts;
};

struct maps {
	struct kd_keepmap map[2];
};

static void maps_done(struct maps *m)
{
	kd_keepmap_done(&m->map[0]);
	kd_keepmap_done(&m->map[1]);
}

static int maps_init(struct maps *m, uint64_t frames)
{
	*m = (struct maps) { 0 };
	if (kd_keepmap_init(&m->map[0], frames) == 0 &&
	    kd_keepmap_init(&m->map[1], frames) == 0)
		return 0;
	maps_done(m);
	return -ENOMEM;
}

static int judge_block(struct kd_keepstore *s, struct kd_scanner *scanner, struct maps *m,
		       uint64_t block)
{
	kd_pfn_t first = kd_keepstore_block_first(s, block);
	kd_pfn_t end = kd_keepstore_block_end(s, block);
	int r;

	s->before[KD_KEEP_EXISTS][block + 1] = s->before[KD_KEEP_KEPT][block + 1] = 0;
	if (kd_scan_empty(scanner->scan, first, end))
		return 0;
	r = kd_scanner_range(scanner, first, end, &m->map[KD_KEEP_EXISTS],
			     &m->map[KD_KEEP_KEPT]);
	if (r < 0)
		return r;
	for (unsigned int i = 0; i < 2; i++)
		s->before[i][block + 1] = kd_keepmap_count(&m->map[i]);
	if (!s->before[KD_KEEP_EXISTS][block + 1])
		return 0;
	for (unsigned int i = 0; r == 0 && i < 2; i++)
		r = kd_keepstore_put(s, (enum kd_keep_which)i, block, &m->map[i]);
	return r;
}

static void add_counts(struct fill *f, const struct kd_scan_counts *counts)
{
	(void)pthread_mutex_lock(&f->lock);
	for (size_t i = 0; i < KD_CLASS_COUNT; i++) {
		f->counts.seen[i] += counts->seen[i];
		f->counts.kept[i] += counts->kept[i];
	}
	f->counts.absent += counts->absent;
	(void)pthread_mutex_unlock(&f->lock);
}

static int fill_work(void *context, unsigned int worker)
{
	_cleanup_(kd_scanner_done) struct kd_scanner scanner = { 0 };
	_cleanup_(maps_done) struct maps m = { 0 };
	struct fill *f = context;
	struct kd_keepstore *s = f->store;
	int r;

	r = maps_init(&m, s->block_frames);
	if (r == 0)
		r = kd_scanner_init(&scanner, f->scan);
	/* where memory is short the others do this one's part */
	if (r < 0)
		return r;
	while (!atomic_load(&f->failed)) {
		uint64_t block = atomic_fetch_add(&f->next, 1);

		if (block >= s->n_blocks)
			break;
		r = judge_block(s, &scanner, &m, block);
		if (r < 0) {
			atomic_store(&f->failed, r);
			break;
		}
		atomic_fetch_add(&f->judged, 1);
		/* the last worker runs on the caller's thread */
		if (f->tick && worker == f->threads - 1)
			f->tick(f->context, MIN(atomic_load(&f->judged) * s->block_frames,
						s->max_pfn));
	}
	add_counts(f, &scanner.counts);
	return r;
}

int kd_keepstore_fill(struct kd_keepstore *store, const struct kd_scan *scan,
		      unsigned int threads, void (*tick)(void *context, kd_pfn_t done),
		      void *context)
{
	struct fill f = {
		.store = store,
		.scan = scan,
		.threads = MAX(1U, MIN(threads, (unsigned int)KD_PARALLEL_MAX)),
		.tick = tick,
		.context = context,
		.lock = PTHREAD_MUTEX_INITIALIZER,
	};
	int r, failed;

	/* no thread that could not get a block */
	if (f.threads > store->n_blocks)
		f.threads = MAX(1U, (unsigned int)store->n_blocks);
	r = kd_parallel(f.threads, fill_work, &f);
	failed = atomic_load(&f.failed);
	if (failed < 0)
		return failed;
	if (atomic_load(&f.judged) < store->n_blocks)
		return r < 0 ? r : -ENOMEM;
	for (size_t i = 0; i < 2; i++) {
		store->before[i][0] = 0;
		for (uint64_t b = 0; b < store->n_blocks; b++)
			store->before[i][b + 1] += store->before[i][b];
	}
	store->scan = scan;
	store->counts = f.counts;
	return 0;
}

enum kd_keep_place kd_keepstore_place(const struct kd_keepstore *store)
{
	return store->place;
}

const struct kd_scan_counts *kd_keepstore_counts(const struct kd_keepstore *store)
{
	return &store->counts;
}

uint64_t kd_keepstore_total(const struct kd_keepstore *store)
{
	return store->before[KD_KEEP_EXISTS][store->n_blocks];
}

uint64_t kd_keepstore_kept(const struct kd_keepstore *store)
{
	return store->before[KD_KEEP_KEPT][store->n_blocks];
}

uint64_t kd_keepstore_block_frames(const struct kd_keepstore *store)
{
	return store->block_frames;
}

kd_pfn_t kd_keepstore_max_pfn(const struct kd_keepstore *store)
{
	return store->max_pfn;
}

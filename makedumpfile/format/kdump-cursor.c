/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Cursors for threads: see kdump-cursor.h. Taking one is a single atomic operation while
 * one is free; a lock is only met by threads that have to sleep and those that wake
 * them. Called by the reader's memory.
 */
#include "makedumpfile/format/kdump-cursor.h"

#include <stdatomic.h>

#define WINDOW_SIZE ((size_t)64 << 10)
#define ALL_FREE    (((uint64_t)1 << KD_KDUMP_CURSORS) - 1)

void kd_kdump_cursors_init(struct kd_kdump_cursors *c)
{
	/* with default attributes neither can fail (pthread_mutex_init(3)) */
	(void)pthread_mutex_init(&c->mutex, NULL);
	(void)pthread_cond_init(&c->came_free, NULL);
	atomic_init(&c->free, ALL_FREE);
	atomic_init(&c->waiting, 0);
}

static void cursor_done(struct kd_kdump_cursor *c)
{
	if (!c->page)
		return;
	kd_kdump_bits_done(&c->kept);
	kd_kdump_pages_done(&c->pages);
	free(c->page);
	c->page = NULL;
}

void kd_kdump_cursors_done(struct kd_kdump_cursors *c)
{
	for (size_t i = 0; i < KD_KDUMP_CURSORS; i++)
		cursor_done(&c->items[i]);
	(void)pthread_cond_destroy(&c->came_free);
	(void)pthread_mutex_destroy(&c->mutex);
}

/* A thread comes back to the cursor whose window and bits it filled. Thread descriptors
 * are far apart in memory: the product's high bits tell them apart. */
static unsigned int favourite(void)
{
	return (unsigned int)((uint64_t)pthread_self() * 0x9e3779b97f4a7c15ULL >> 32) %
	       KD_KDUMP_CURSORS;
}

static struct kd_kdump_cursor *try_take(struct kd_kdump_cursors *c)
{
	uint64_t free = atomic_load(&c->free), wish = (uint64_t)1 << favourite();

	while (free) {
		uint64_t bit = free & wish ? wish : free & -free;

		if (atomic_compare_exchange_weak(&c->free, &free, free & ~bit))
			return &c->items[__builtin_ctzll(bit)];
	}
	return NULL;
}

struct kd_kdump_cursor *kd_kdump_cursors_take(struct kd_kdump_cursors *c)
{
	struct kd_kdump_cursor *cursor = try_take(c);

	if (cursor)
		return cursor;
	(void)pthread_mutex_lock(&c->mutex);
	/* Counted before the second look: who gives one back after it sees us. */
	atomic_fetch_add(&c->waiting, 1);
	while (!(cursor = try_take(c)))
		(void)pthread_cond_wait(&c->came_free, &c->mutex);
	atomic_fetch_sub(&c->waiting, 1);
	(void)pthread_mutex_unlock(&c->mutex);
	return cursor;
}

void kd_kdump_cursors_give(struct kd_kdump_cursors *c, struct kd_kdump_cursor *cursor)
{
	atomic_fetch_or(&c->free, (uint64_t)1 << (cursor - c->items));
	if (!atomic_load(&c->waiting))
		return;
	(void)pthread_mutex_lock(&c->mutex);
	(void)pthread_cond_signal(&c->came_free);
	(void)pthread_mutex_unlock(&c->mutex);
}

int kd_kdump_cursor_prepare(struct kd_kdump_cursor *c, const struct kd_kdump_bitmap *kept,
			    const struct kd_file_view *file, uint32_t page_size)
{
	_cleanup_(kd_freep) uint8_t *page = NULL;
	int r;

	if (c->page)
		return 0;
	page = malloc(page_size);
	if (!page)
		return -ENOMEM;
	r = kd_kdump_pages_init(&c->pages, file, page_size, WINDOW_SIZE);
	if (r < 0)
		return r;
	r = kd_kdump_bits_init(&c->kept, kept);
	if (r < 0) {
		kd_kdump_pages_done(&c->pages);
		return r;
	}
	c->n_descs = 0;
	c->pfn = UINT64_MAX;
	c->page = TAKE_PTR(page);
	return 0;
}

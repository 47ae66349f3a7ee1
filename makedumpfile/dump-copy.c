/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The hot loop: see dump-copy.h. Batches are taken under a lock, one for some hundred
 * pages; between two of them threads share nothing. Nothing is allocated per page.
 */
#include "makedumpfile/dump-copy.h"

#include <time.h>

#include "base/copy.h"
#include "base/parallel.h"

/* Few enough that two threads end together, many enough that taking them is nothing. */
#define BATCH_PAGES 512U

struct run {
	kd_pfn_t from;
	kd_pfn_t end;
};

struct batch {
	struct kd_copy_part *part;
	uint64_t number;
	size_t n_runs;
	struct run runs[BATCH_PAGES];
};

/** @page: a copy of one page, where what the window lends is not to be used as it is */
struct worker {
	struct kd_copy *copy;
	struct kd_window window;
	struct kd_lane *lane;
	const struct kd_copy_part *lane_part;
	size_t page_size;
	unsigned int page_shift;
	uint8_t *page;
	struct batch batch;
};

static int fill_batch(struct kd_copy_part *part, struct batch *b)
{
	uint64_t left = BATCH_PAGES;

	*b = (struct batch) { .part = part, .number = part->number };
	while (left && part->next < part->end) {
		kd_pfn_t from = part->next, end;
		int r = kd_keep_cursor_next(&part->cursor, &from, &end);

		if (r < 0)
			return r;
		if (r == 0 || from >= part->end) {
			part->next = part->end;
			break;
		}
		end = MIN(end, part->end);
		end = MIN(end, from + left);
		b->runs[b->n_runs++] = (struct run) { from, end };
		left -= end - from;
		part->next = end;
	}
	part->number += BATCH_PAGES - left;
	return b->n_runs ? 1 : 0;
}

static bool is_late(const struct kd_copy *copy)
{
	struct timespec now;

	if (!copy->deadline)
		return false;
	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec >= copy->deadline;
}

/* Threads begin at different parts, so that several disks are busy. 1, 0 at the end, or
 * a negative errno. */
static int take_batch(struct kd_copy *copy, unsigned int worker, struct batch *b)
{
	int r = 0;

	if (copy->stop)
		return 0;
	if (is_late(copy))
		return kd_first_error(&copy->stop, -ETIME);
	(void)pthread_mutex_lock(&copy->taking);
	for (size_t i = 0; r == 0 && i < copy->n_parts; i++)
		r = fill_batch(&copy->parts[(worker + i) % copy->n_parts], b);
	(void)pthread_mutex_unlock(&copy->taking);
	return r;
}

/* A page that memory begins or ends within: what there is of it, zeros elsewhere. */
static int read_partial(const struct kd_memory *memory, kd_paddr_t at, uint8_t *page)
{
	uint64_t size = memory->page_size;
	int r = -ENXIO;

	memset(page, 0, size);
	for (size_t i = 0; i < memory->n_extents; i++) {
		const struct kd_extent *e = &memory->extents[i];
		kd_paddr_t from = MAX(e->start, at), to = MIN(e->end, at + size);

		if (from >= to)
			continue;
		r = kd_memory_read(memory, from, page + (from - at), (size_t)(to - from));
		if (r < 0)
			return r;
	}
	return r;
}

int kd_copy_read_page(const struct kd_memory *memory, const struct kd_erase *erase,
		      kd_pfn_t pfn, void *page)
{
	kd_paddr_t at = pfn * memory->page_size;
	int r = kd_memory_read(memory, at, page, memory->page_size);

	if (r == -ENXIO)
		r = read_partial(memory, at, page);
	if (r == 0 && kd_erase_touches(erase, pfn))
		kd_erase_apply(erase, pfn, page);
	return r;
}

/* @page: what the window lent of frame @pfn, NULL where it could not. Straight from memory
 * it may change at any time: a page is compressed, hashed and compared as one copy. */
static int give_page(struct worker *w, kd_pfn_t pfn, const uint8_t *page)
{
	struct kd_copy *copy = w->copy;

	if (!page || kd_erase_touches(copy->erase, pfn)) {
		if (kd_copy_read_page(copy->memory, copy->erase, pfn, w->page) < 0) {
			copy->unreadable++;
			return w->lane->ops->page(w->lane, pfn, NULL);
		}
		page = w->page;
	} else if (!w->window.copied) {
		page = kd_copy(w->page, page, w->page_size);
	}
	return w->lane->ops->page(w->lane, pfn, page);
}

/* As many pages at a time as the window lends; where it lends none, page by page. */
static int copy_run(struct worker *w, kd_pfn_t pfn, kd_pfn_t end)
{
	uint64_t most = w->window.size >> w->page_shift;
	int r = 0;

	while (r == 0 && pfn < end) {
		uint64_t n = MIN(end - pfn, most);
		const void *lent = NULL;

		if (kd_window_get(&w->window, pfn << w->page_shift, n << w->page_shift,
				  &lent) < 0)
			lent = NULL;
		for (uint64_t i = 0; r == 0 && i < n; i++)
			r = give_page(w, pfn + i,
				      lent ? (const uint8_t *)lent + (i << w->page_shift)
					   : NULL);
		pfn += n;
	}
	return r;
}

/* One lane at a time: memory was planned for as many as there are threads. */
static int enter_part(struct worker *w, const struct kd_copy_part *part)
{
	int r;

	if (w->lane_part == part)
		return 0;
	kd_lane_free(w->lane);
	w->lane = NULL;
	w->lane_part = NULL;
	r = part->writer->ops->lane_new(part->writer, &w->lane, /* err= */ NULL);
	if (r == 0)
		w->lane_part = part;
	return r;
}

static int copy_batch(struct worker *w)
{
	struct batch *b = &w->batch;
	uint64_t pages = 0;
	int r;

	r = enter_part(w, b->part);
	if (r == 0)
		r = w->lane->ops->start(w->lane, b->number);
	for (size_t i = 0; r == 0 && i < b->n_runs; i++) {
		r = copy_run(w, b->runs[i].from, b->runs[i].end);
		pages += b->runs[i].end - b->runs[i].from;
	}
	if (r == 0)
		r = w->lane->ops->flush(w->lane);
	if (r == 0)
		w->copy->done += pages;
	return r;
}

static void worker_freep(struct worker **worker)
{
	struct worker *w = *worker;

	if (!w)
		return;
	kd_lane_free(w->lane);
	kd_window_done(&w->window);
	free(w->page);
	free(w);
}

static int worker_new(struct kd_copy *copy, unsigned int number, struct worker **ret)
{
	_cleanup_(worker_freep) struct worker *w = calloc(1, sizeof(*w));
	int r;

	if (!w)
		return -ENOMEM;
	w->copy = copy;
	w->page_size = copy->memory->page_size;
	w->page_shift = (unsigned int)__builtin_ctzll(w->page_size);
	w->page = malloc(w->page_size);
	if (!w->page)
		return -ENOMEM;
	r = kd_window_init(&w->window, copy->memory, MAX(copy->window, w->page_size),
			   copy->no_map);
	if (r == 0)
		r = enter_part(w, &copy->parts[number % copy->n_parts]);
	if (r < 0)
		return r;
	*ret = TAKE_PTR(w);
	return 0;
}

static int work(void *context, unsigned int number)
{
	_cleanup_(worker_freep) struct worker *w = NULL;
	struct kd_copy *copy = context;
	int r;

	r = worker_new(copy, number, &w);
	/* without memory for one of many the others do; the last is the caller's own */
	if (r < 0)
		return number + 1 < copy->threads ? 0 : kd_first_error(&copy->stop, r);
	while ((r = take_batch(copy, number, &w->batch)) > 0) {
		r = copy_batch(w);
		if (r < 0)
			break;
		if (copy->tick && number + 1 == copy->threads)
			copy->tick(copy->context, copy->done);
	}
	return r < 0 ? kd_first_error(&copy->stop, r) : 0;
}

int kd_copy_run(struct kd_copy *copy, struct kd_error *err)
{
	int r;

	if (pthread_mutex_init(&copy->taking, NULL) != 0)
		return kd_fail(err, -ENOMEM, "copying");
	copy->stop = 0;
	copy->done = 0;
	copy->unreadable = 0;
	(void)kd_parallel(copy->threads, work, copy);
	(void)pthread_mutex_destroy(&copy->taking);
	r = copy->stop;
	if (r == -ETIME)
		return kd_fail_msg(err, r, "no time left: the rest was not saved");
	return r < 0 ? kd_fail(err, r, "copying pages") : 0;
}

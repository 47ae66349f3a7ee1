/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The façade: find out what is known, share out memory, judge every page frame, write
 * what is kept. Each stage is a call; what they have in common is struct dump. Called by
 * the programs through dump.h.
 */
#include "makedumpfile/dump.h"

#include <time.h>

#include "base/parallel.h"
#include "makedumpfile/dump-check.h"
#include "makedumpfile/dump-estimate.h"
#include "makedumpfile/dump-info.h"
#include "makedumpfile/dump-know.h"
#include "makedumpfile/dump-write.h"

/* A thread's view of the memory map: one 2 MiB leaf of it in two looks. */
#define MAP_WINDOW (1U << 20)

/* Pages whose size stands for all: some milliseconds. */
#define SAMPLES 256

/**
 * @level:   the one being tried
 * @dropped_memmap: pages of the memory map that -e left out
 * @write:   valid when @writing
 * @ticked:  when progress was told last, seconds
 */
struct dump {
	const struct kd_dump_request *request;
	const struct kd_memory *memory;
	unsigned int level;
	int64_t deadline;
	kd_pfn_t max_pfn;
	struct kd_plan_memory plan;
	struct kd_know know;
	struct kd_scan scan;
	struct kd_keepstore *store;
	struct kd_selfcheck check;
	uint64_t dropped_memmap;
	struct kd_write write;
	bool writing;
	time_t ticked;
};

static void dump_done(struct dump *d)
{
	if (d->writing)
		kd_write_done(&d->write);
	kd_keepstore_free(d->store);
	kd_know_done(&d->know);
}

static time_t now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec;
}

static void tell(struct dump *d, const char *what, uint64_t done, uint64_t all)
{
	time_t at;

	if (!d->request->progress)
		return;
	at = now();
	if (done < all && at == d->ticked)
		return;
	d->ticked = at;
	d->request->progress(d->request->context, what, done, all);
}

static void scan_tick(void *context, kd_pfn_t done)
{
	struct dump *d = context;

	tell(d, "Excluding unnecessary pages", done, d->max_pfn);
}

static void copy_tick(void *context, uint64_t done)
{
	struct dump *d = context;

	tell(d, "Copying data", done, kd_keepstore_kept(d->store));
}

static int plan_memory(struct dump *d, struct kd_error *err)
{
	const struct kd_dump_request *request = d->request;
	const struct kd_dump_options *options = request->options;
	bool direct = request->n_sinks && request->sinks[0]->direct;
	struct kd_plan_wish wish = {
		.limit = request->memory_limit ? request->memory_limit
					       : options->memory_limit,
		.threads = options->threads ? options->threads
					    : kd_parallel_cpus() + direct,
		.buffer = direct ? KD_KDUMP_BUFFER_MAX : 0,
		.page_size = d->memory->page_size,
		.max_pfn = d->max_pfn,
		.bitmaps = options->bitmap_limit,
	};

	return kd_plan_memory(&wish, &d->plan, err);
}

static int dump_init(struct dump *d, struct kd_error *err)
{
	const struct kd_dump_request *request = d->request;
	int r;

	d->max_pfn = kd_scan_max_pfn(d->memory);
	if (!d->max_pfn)
		return kd_fail_msg(err, -ENODATA, "there is no memory in the vmcore");
	if (request->options->time_budget)
		d->deadline = (int64_t)now() + request->options->time_budget;
	if (request->input->oddities[0])
		kd_dump_note(request, "vmcore: %s", request->input->oddities);
	r = plan_memory(d, err);
	if (r < 0)
		return r;
	kd_know_init(&d->know, request, MAP_WINDOW);
	kd_know_scan(&d->know, request, d->level, /* keep= */ 0, &d->scan);
	return 0;
}

/* Bytes both bitmaps take. */
static bool bitmaps_fit(const struct dump *d)
{
	return d->max_pfn / 4 <= d->plan.bitmaps;
}

static int write_init(struct dump *d, struct kd_error *err)
{
	const struct kd_dump_request *request = d->request;
	struct kd_write *w = &d->write;
	int r;

	r = kd_write_init(w, request, &d->plan, err);
	if (r < 0)
		return r;
	d->writing = true;
	kd_dump_info(&w->info, request, &d->know, d->max_pfn, d->level);
	w->copy = (struct kd_copy) {
		.memory = d->memory,
		.erase = request->erase,
		.threads = d->plan.threads,
		.window = d->plan.window,
		.no_map = request->options->non_mmap,
		.deadline = d->deadline,
		.tick = copy_tick,
		.context = d,
	};
	return 0;
}

/* Bitmaps that memory does not hold go where they belong in the dump, or to the caller's
 * place for them; else they are made anew each time. */
static int make_store(struct dump *d, struct kd_error *err)
{
	struct kd_keep_spill spill = { 0 };
	struct kd_keepstore_setup setup = { .max_pfn = d->max_pfn,
					    .memory = d->plan.bitmaps,
					    .spill = d->request->spill };
	int r = -ENOTSUP;

	if (d->writing && !bitmaps_fit(d)) {
		r = kd_write_early(&d->write, &spill, err);
		if (r == 0)
			setup.spill = &spill;
		else if (r != -ENOTSUP)
			return r;
	}
	r = kd_keepstore_new(&setup, &d->store);
	return r < 0 ? kd_fail(err, r, "bitmaps") : 0;
}

static int fill(struct dump *d, struct kd_error *err)
{
	int r = kd_keepstore_fill(d->store, &d->scan, d->plan.threads, scan_tick, d);

	if (r < 0)
		return kd_fail(err, r, "bitmaps");
	tell(d, "Excluding unnecessary pages", d->max_pfn, d->max_pfn);
	return 0;
}

/* -e. What cannot be left out is kept. */
static int drop_memmap(struct dump *d, struct kd_error *err)
{
	int r;

	if (!d->request->options->exclude_vmemmap)
		return 0;
	r = kd_keepstore_drop_memmap(d->store, &d->dropped_memmap);
	if (r == -ENOTSUP) {
		kd_dump_note(d->request, "-e: the memory map cannot be cut here: kept");
		return 0;
	}
	return r < 0 ? kd_fail(err, r, "memory map") : 0;
}

/* Which pages go, doubts resolved: classes of which too many were found are kept. */
static int filter(struct dump *d, struct kd_error *err)
{
	unsigned int keep;
	int r;

	kd_dump_check_exclude(d->request, &d->know);
	r = fill(d, err);
	if (r < 0)
		return r;
	keep = kd_dump_check_counts(d->request, &d->know, &d->scan,
				    kd_keepstore_counts(d->store), &d->check);
	if (keep) {
		kd_know_scan(&d->know, d->request, d->level, keep, &d->scan);
		r = fill(d, err);
	}
	return r < 0 ? r : drop_memmap(d, err);
}

/* What cannot be estimated may fit. */
static int check_room(const struct dump *d, struct kd_error *err)
{
	const struct kd_dump_request *request = d->request;
	uint64_t bytes;

	if (!request->room ||
	    kd_dump_estimate(request, d->store, SAMPLES, &bytes, /* err= */ NULL) < 0 ||
	    bytes <= request->room)
		return 0;
	return kd_fail_msg(err, -ENOSPC,
			   "level %u takes about %llu MiB, there are %llu MiB", d->level,
			   (unsigned long long)(bytes >> 20),
			   (unsigned long long)(request->room >> 20));
}

static void fill_stats(const struct dump *d, struct kd_dump_stats *ret)
{
	struct kd_write_counts written = { 0 };
	const struct kd_scan_counts *counts;
	uint64_t bytes = 0;

	_Static_assert(KD_CLASS_COUNT <= KD_DUMP_CLASSES, "classes fit the statistics");
	if (!d->store)
		return;
	if (d->writing)
		kd_write_counts(&d->write, &written, &bytes);
	counts = kd_keepstore_counts(d->store);
	*ret = (struct kd_dump_stats) {
		.knowledge = d->know.knowledge,
		.level = d->level,
		.threads = d->plan.threads,
		.max_pfn = d->max_pfn,
		.pages_total = kd_keepstore_total(d->store),
		.pages_kept = kd_keepstore_kept(d->store),
		.pages_absent = counts->absent,
		.pages_zero = written.zero,
		.pages_shared = written.shared,
		.pages_raw = written.raw,
		.pages_unreadable = written.unreadable,
		.bytes = bytes,
		.memory = d->plan.total,
		.pages_memmap = d->dropped_memmap,
		.check = d->check,
		.n_classes = KD_CLASS_COUNT,
	};
	for (size_t i = 0; i < KD_CLASS_COUNT; i++) {
		ret->classes[i].name = kd_class_name((enum kd_page_class)i);
		ret->classes[i].seen = counts->seen[i];
		ret->classes[i].kept = counts->kept[i];
	}
}

static int run(struct dump *d, struct kd_error *err)
{
	uint64_t kept;
	int r;

	r = dump_init(d, err);
	if (r == 0 && d->request->n_sinks)
		r = write_init(d, err);
	if (r == 0)
		r = make_store(d, err);
	if (r == 0)
		r = filter(d, err);
	if (r == 0)
		r = check_room(d, err);
	if (r < 0 || !d->writing)
		return r;
	r = kd_write_all(&d->write, d->store, err);
	kept = kd_keepstore_kept(d->store);
	if (r == 0)
		tell(d, "Copying data", kept, kept);
	return r;
}

int kd_dump_write(const struct kd_dump_request *request, struct kd_dump_stats *ret,
		  struct kd_error *err)
{
	_cleanup_(dump_done) struct dump d = {
		.request = request,
		.memory = request->input->memory,
		.know = { .knowledge = KD_KNOW_NOTHING },
	};
	int r;

	*ret = (struct kd_dump_stats) { .knowledge = KD_KNOW_NOTHING };
	if (request->attempt >= request->options->n_levels)
		return kd_fail_msg(err, -EINVAL, "no dump level left to try");
	d.level = request->options->levels[request->attempt];
	r = run(&d, err);
	fill_stats(&d, ret);
	return r;
}

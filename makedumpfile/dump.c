/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The façade: find out what is known, walk the memory map, write what is kept. Memory
 * for bitmaps is bounded: a machine they do not cover at once is walked range by range,
 * three times, since in a dump the number of kept pages comes before the bitmaps, and
 * these before the pages.
 */
#include "makedumpfile/dump.h"

#include <time.h>

#include "makedumpfile/dump-copy.h"
#include "makedumpfile/dump-info.h"
#include "makedumpfile/dump-know.h"

#define MEMORY_DEFAULT (UINT64_C(32) << 20)
#define MEMORY_MIN     (UINT64_C(1) << 20)
/* A range is of whole sections on x86_64, and of whole bitmap bytes anywhere. */
#define RANGE_UNIT     32768

/**
 * @range:  page frames per bitmap; @max_pfn: one past the last frame
 * @kept, @total: pages, known when all ranges were counted
 * @ticked: when progress was told last, seconds
 */
struct dump {
	const struct kd_dump_request *request;
	const struct kd_memory *memory;
	unsigned int level;
	size_t copy_window, map_window;
	uint64_t range;
	kd_pfn_t max_pfn;
	struct kd_know know;
	struct kd_scan scan;
	struct kd_scanner scanner;
	struct kd_keepmap exists, keep;
	struct kd_copy copy;
	uint64_t kept, total;
	time_t ticked;
};

static void dump_done(struct dump *d)
{
	kd_copy_done(&d->copy);
	kd_keepmap_done(&d->keep);
	kd_keepmap_done(&d->exists);
	kd_scanner_done(&d->scanner);
	kd_know_done(&d->know);
}

static void tell(struct dump *d, const char *what, uint64_t done, uint64_t all)
{
	struct timespec now;

	if (!d->request->progress)
		return;
	(void)clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
	if (done < all && now.tv_sec == d->ticked)
		return;
	d->ticked = now.tv_sec;
	d->request->progress(d->request->context, what, done, all);
}

static void copy_tick(void *context, uint64_t done)
{
	struct dump *d = context;

	tell(d, "Copying data", done, d->kept);
}

/* Share out the memory limit: half for the two bitmaps, the rest for windows, each of
 * which has a buffer of the same size for when mapping fails. */
static void plan_memory(struct dump *d)
{
	uint64_t limit = d->request->memory_limit;
	uint64_t frames;

	limit = MAX(limit ? limit : MEMORY_DEFAULT, MEMORY_MIN);
	frames = limit / 4 * 8;
	d->copy_window = (size_t)MIN(limit / 8, UINT64_C(4) << 20);
	d->map_window = (size_t)MIN(limit / 32, UINT64_C(1) << 20);
	d->range =
		MAX(kd_align_down(MIN(frames, d->max_pfn + RANGE_UNIT - 1), RANGE_UNIT),
		    (uint64_t)RANGE_UNIT);
}

static int dump_init(struct dump *d, struct kd_error *err)
{
	const char *odd = d->request->input->oddities;
	int r;

	d->max_pfn = kd_scan_max_pfn(d->memory);
	if (!d->max_pfn)
		return kd_fail_msg(err, -ENODATA, "there is no memory in the vmcore");
	if (odd[0])
		kd_dump_note(d->request, "vmcore: %s", odd);
	plan_memory(d);
	r = kd_keepmap_init(&d->exists, d->range);
	if (r == 0)
		r = kd_keepmap_init(&d->keep, d->range);
	if (r == 0)
		r = kd_copy_init(&d->copy, d->memory, d->copy_window,
				 d->request->options->non_mmap);
	if (r < 0)
		return kd_fail(err, r, "buffers for the dump");
	d->copy.tick = copy_tick;
	d->copy.context = d;

	kd_know_init(&d->know, d->request, d->map_window);
	kd_know_scan(&d->know, d->request, d->level, &d->scan);
	r = kd_scanner_init(&d->scanner, &d->scan);
	return r < 0 ? kd_fail(err, r, "buffers for the filter") : 0;
}

static int scan_range(struct dump *d, kd_pfn_t first, struct kd_error *err)
{
	kd_pfn_t end = MIN(first + d->range, d->max_pfn);
	int r;

	r = kd_scanner_range(&d->scanner, first, end, &d->exists, &d->keep);
	return r < 0 ? kd_fail(err, r, "bitmap") : 0;
}

/* Walk everything once; afterwards the bitmaps hold the last range. */
static int count(struct dump *d, struct kd_error *err)
{
	for (kd_pfn_t first = 0; first < d->max_pfn; first += d->range) {
		int r = scan_range(d, first, err);

		if (r < 0)
			return r;
		d->total += kd_keepmap_count(&d->exists);
		d->kept += kd_keepmap_count(&d->keep);
		tell(d, "Excluding unnecessary pages", first, d->max_pfn);
	}
	tell(d, "Excluding unnecessary pages", d->max_pfn, d->max_pfn);
	return 0;
}

/* A filter that does not understand its kernel must not go unnoticed. */
static void check_counts(struct dump *d)
{
	const struct kd_scan_counts *counts = &d->scanner.counts;

	if (d->know.knowledge == KD_KNOW_NOTHING)
		return;
	if (counts->seen[KD_CLASS_UNKNOWN])
		kd_dump_note(d->request, "%llu pages have no readable struct page: kept",
			     (unsigned long long)counts->seen[KD_CLASS_UNKNOWN]);
	if (!counts->seen[KD_CLASS_FREE])
		kd_dump_note(d->request,
			     "no free page was found: this kernel's pages may "
			     "not be understood");
}

/* Walk all ranges, or stay at the only one, which counting left in the bitmaps. */
static int each_range(struct dump *d, struct kd_kdump_writer *writer,
		      int (*use)(struct dump *d, struct kd_kdump_writer *writer),
		      struct kd_error *err)
{
	bool again = d->max_pfn > d->range;
	int r = 0;

	if (again)
		d->scanner.counts = (struct kd_scan_counts) { 0 };
	for (kd_pfn_t first = 0; r == 0 && first < d->max_pfn; first += d->range) {
		if (again)
			r = scan_range(d, first, err);
		if (r < 0)
			return r;
		r = use(d, writer);
		if (r < 0)
			return kd_fail(err, r, "write");
	}
	return 0;
}

static int write_bitmaps(struct dump *d, struct kd_kdump_writer *writer)
{
	return kd_kdump_writer_bitmaps(writer, d->keep.first, d->exists.bits,
				       d->keep.bits, kd_keepmap_bytes(&d->keep));
}

static int write_pages(struct dump *d, struct kd_kdump_writer *writer)
{
	/* memory that reads differently the next time may not add descriptors */
	return kd_copy_pages(&d->copy, &d->keep, d->kept - d->copy.done, writer);
}

static int write_ranges(struct dump *d, struct kd_kdump_writer *writer,
			struct kd_error *err)
{
	int r;

	r = each_range(d, writer, write_bitmaps, err);
	if (r == 0)
		r = each_range(d, writer, write_pages, err);
	if (r < 0)
		return r;
	tell(d, "Copying data", d->copy.done, d->copy.done);
	if (d->copy.done != d->kept)
		return kd_fail_msg(err, -EIO,
				   "memory read differently the second time: the dump "
				   "is not whole");
	return 0;
}

static int write_dump(struct dump *d, struct kd_sink *sink, struct kd_kdump_counts *ret,
		      struct kd_error *err)
{
	_cleanup_(kd_kdump_writer_freep) struct kd_kdump_writer *writer = NULL;
	struct kd_kdump_info info;
	int r;

	kd_dump_info(&info, d->request, &d->know, d->max_pfn, d->level);
	info.n_described = d->kept;
	r = kd_kdump_writer_new(&info, sink, &writer, err);
	if (r < 0)
		return r;
	r = write_ranges(d, writer, err);
	kd_kdump_writer_counts(writer, ret);
	if (r < 0) {
		/* what is there is to open; the first error is the one to tell */
		(void)kd_kdump_writer_finish(writer, /* complete= */ false,
					     /* err= */ NULL);
		return r;
	}
	return kd_kdump_writer_finish(writer, /* complete= */ true, err);
}

static void fill_stats(const struct dump *d, const struct kd_sink *sink,
		       const struct kd_kdump_counts *counts, struct kd_dump_stats *ret)
{
	_Static_assert(KD_CLASS_COUNT <= KD_DUMP_CLASSES, "classes fit the statistics");

	*ret = (struct kd_dump_stats) {
		.knowledge = d->know.knowledge,
		.level = d->level,
		.max_pfn = d->max_pfn,
		.pages_total = d->total,
		.pages_kept = d->kept,
		.pages_zero = counts->zero,
		.pages_unreadable = d->copy.unreadable,
		.bytes = sink ? sink->end : 0,
		.n_classes = KD_CLASS_COUNT,
	};
	for (size_t i = 0; i < KD_CLASS_COUNT; i++) {
		ret->classes[i].name = kd_class_name((enum kd_page_class)i);
		ret->classes[i].seen = d->scanner.counts.seen[i];
		ret->classes[i].kept = d->scanner.counts.kept[i];
	}
}

int kd_dump_write(const struct kd_dump_request *request, struct kd_sink *sink,
		  struct kd_dump_stats *ret, struct kd_error *err)
{
	_cleanup_(dump_done) struct dump d = {
		.request = request,
		.memory = request->input->memory,
		.know = { .knowledge = KD_KNOW_NOTHING },
	};
	struct kd_kdump_counts counts = { 0 };
	int r;

	*ret = (struct kd_dump_stats) { .knowledge = KD_KNOW_NOTHING };
	if (request->attempt >= request->options->n_levels)
		return kd_fail_msg(err, -EINVAL, "no dump level left to try");
	d.level = request->options->levels[request->attempt];

	r = dump_init(&d, err);
	if (r == 0)
		r = count(&d, err);
	if (r == 0) {
		check_counts(&d);
		if (sink)
			r = write_dump(&d, sink, &counts, err);
	}
	fill_stats(&d, sink, &counts, ret);
	return r;
}

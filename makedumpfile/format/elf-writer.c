/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Pages into an ELF dump: see elf-writer.h and docs/format-elf.md. Every page has its
 * place before the first one comes, so lanes share nothing but counters. Called by the
 * façade through format/writer.h.
 */
#include "makedumpfile/format/elf-writer.h"

#include <elf.h>
#include <string.h>

#include "base/parallel.h"
#include "base/zero.h"
#include "makedumpfile/format/elf-headers-out.h"

/* Adjacent pages leave a lane in writes of this size, or of a page where that is more. */
#define LANE_BUFFER ((size_t)256 << 10)

/** Sums over all lanes, added to when a batch ends. */
struct sums {
	atomic_uint_fast64_t pages, zero, unreadable, payload_bytes;
};

/**
 * @data:  offset of the first page; @error: first failure of any lane
 */
struct elf_writer {
	struct kd_writer writer;
	struct kd_sink *sink;
	struct kd_elf_plan plan;
	uint32_t page_size;
	uint64_t data;
	struct sums sums;
	_Atomic int error;
};

/**
 * @at:     piece the last page was in
 * @offset: in the file, of the @used bytes gathered
 */
struct elf_lane {
	struct kd_lane lane;
	struct elf_writer *writer;
	size_t at;
	struct kd_write_counts counts;
	uint64_t offset;
	size_t used;
	size_t size;
	uint8_t buffer[];
};

static int fail(struct elf_writer *w, int error)
{
	return kd_first_error(&w->error, error);
}

static int write_gathered(struct elf_lane *lane)
{
	struct elf_writer *w = lane->writer;
	size_t used = lane->used;
	int r;

	lane->used = 0;
	if (!used)
		return 0;
	r = w->sink->ops->write(w->sink, lane->offset, lane->buffer, used);
	return r < 0 ? fail(w, r) : 0;
}

/* @page: NULL for zeros */
static int gather(struct elf_lane *lane, uint64_t offset, const void *page)
{
	uint32_t page_size = lane->writer->page_size;

	if (lane->used + page_size > lane->size || offset != lane->offset + lane->used) {
		int r = write_gathered(lane);

		if (r < 0)
			return r;
	}
	if (!lane->used)
		lane->offset = offset;
	if (page)
		memcpy(lane->buffer + lane->used, page, page_size);
	else
		memset(lane->buffer + lane->used, 0, page_size);
	lane->used += page_size;
	return 0;
}

static int lane_start(struct kd_lane *l, uint64_t number _unused_)
{
	struct elf_lane *lane = (struct elf_lane *)l;

	return atomic_load_explicit(&lane->writer->error, memory_order_relaxed);
}

static int lane_page(struct kd_lane *l, kd_pfn_t pfn, const void *page)
{
	struct elf_lane *lane = (struct elf_lane *)l;
	struct elf_writer *w = lane->writer;
	uint64_t before;
	int r = atomic_load_explicit(&w->error, memory_order_relaxed);

	if (r < 0)
		return r;
	if (kd_elf_plan_find(&w->plan, pfn, &lane->at, &before) < 0)
		return fail(w, -EINVAL);
	lane->counts.pages++;
	if (!page) {
		lane->counts.unreadable++;
	} else if (kd_page_is_zero(page, w->page_size)) {
		lane->counts.zero++;
		page = NULL;
	}
	if (!page && !w->sink->dense)
		return 0;
	lane->counts.payload_bytes += w->page_size;
	return gather(lane, w->data + before * w->page_size, page);
}

static int lane_flush(struct kd_lane *l)
{
	struct elf_lane *lane = (struct elf_lane *)l;
	struct sums *s = &lane->writer->sums;
	int r = write_gathered(lane);

	atomic_fetch_add(&s->pages, lane->counts.pages);
	atomic_fetch_add(&s->zero, lane->counts.zero);
	atomic_fetch_add(&s->unreadable, lane->counts.unreadable);
	atomic_fetch_add(&s->payload_bytes, lane->counts.payload_bytes);
	lane->counts = (struct kd_write_counts) { 0 };
	return r < 0 ? r : atomic_load(&lane->writer->error);
}

static void lane_free(struct kd_lane *l)
{
	free(l);
}

static const struct kd_lane_ops lane_ops = {
	.start = lane_start,
	.page = lane_page,
	.flush = lane_flush,
	.free = lane_free,
};

static int elf_lane_new(struct kd_writer *writer, struct kd_lane **ret,
			struct kd_error *err)
{
	struct elf_writer *w = (struct elf_writer *)writer;
	size_t size = MAX(LANE_BUFFER, (size_t)w->page_size);
	struct elf_lane *lane = malloc(sizeof(*lane) + size);

	if (!lane)
		return kd_fail(err, -ENOMEM, "output buffer");
	*lane = (struct elf_lane) { .lane = { .ops = &lane_ops },
				    .writer = w,
				    .size = size };
	*ret = &lane->lane;
	return 0;
}

static void elf_counts(const struct kd_writer *writer, struct kd_write_counts *ret)
{
	const struct elf_writer *w = (const struct elf_writer *)writer;

	*ret = (struct kd_write_counts) {
		.pages = atomic_load(&w->sums.pages),
		.zero = atomic_load(&w->sums.zero),
		.unreadable = atomic_load(&w->sums.unreadable),
		.payload_bytes = atomic_load(&w->sums.payload_bytes),
	};
}

static int sync_sink(struct elf_writer *w)
{
	int r = w->sink->ops->sync(w->sink);

	return r < 0 ? fail(w, r) : 0;
}

/* Zeros are not written, yet the last segment must not reach past the file's end. */
static int reach_end(struct elf_writer *w)
{
	uint64_t end = w->data + w->plan.n_pages * w->page_size;
	int r = 0;

	if (w->sink->end < end)
		r = w->sink->ops->write(w->sink, end - 1, "", 1);
	return r < 0 ? fail(w, r) : 0;
}

static int elf_finish(struct kd_writer *writer, bool complete, struct kd_error *err)
{
	struct elf_writer *w = (struct elf_writer *)writer;
	uint64_t pages = atomic_load(&w->sums.pages);
	bool whole = complete && pages == w->plan.n_kept;
	Elf64_Word flags = 0;
	int r;

	if (whole && !atomic_load(&w->error))
		(void)reach_end(w);
	(void)sync_sink(w);
	r = atomic_load(&w->error);
	if (r < 0)
		return kd_fail(err, r, "dump");
	if (complete && !whole)
		return kd_fail_msg(err, -EINVAL, "%llu pages were announced, %llu came",
				   (unsigned long long)w->plan.n_kept,
				   (unsigned long long)pages);
	if (!complete)
		return 0;
	r = w->sink->ops->rewrite(w->sink, offsetof(Elf64_Ehdr, e_flags), &flags,
				  sizeof(flags));
	if (r == 0)
		r = sync_sink(w);
	return r < 0 ? kd_fail(err, fail(w, r), "dump header") : 0;
}

static void elf_free(struct kd_writer *writer)
{
	struct elf_writer *w = (struct elf_writer *)writer;

	kd_elf_plan_done(&w->plan);
	free(w);
}

static const struct kd_writer_ops writer_ops = {
	.lane_new = elf_lane_new,
	.counts = elf_counts,
	.finish = elf_finish,
	.free = elf_free,
};

static int fill_gap(void *context, uint64_t before, uint64_t n)
{
	struct elf_writer *w = context;
	uint64_t from = w->data + before * w->page_size;

	return kd_elf_put_zeros(w->sink, from, from + n * w->page_size);
}

static int write_headers(struct elf_writer *w, const struct kd_elf_info *info,
			 const struct kd_runs *runs, struct kd_error *err)
{
	int r = kd_sink_hold(w->sink, offsetof(Elf64_Ehdr, e_flags), sizeof(Elf64_Word));

	if (r < 0)
		return kd_fail(err, r, "dump header");
	r = kd_elf_headers_write(info, &w->plan, w->sink, &w->data, err);
	if (r == 0 && w->sink->dense &&
	    (r = kd_elf_plan_gaps(&w->plan, runs, fill_gap, w)))
		return kd_fail(err, r, "write");
	return r;
}

int kd_elf_writer_new(const struct kd_elf_info *info, const struct kd_runs *runs,
		      struct kd_sink *sink, struct kd_writer **ret, struct kd_error *err)
{
	_cleanup_(kd_writer_freep) struct kd_writer *writer = NULL;
	struct elf_writer *w;
	int r;

	r = kd_elf_info_check(info, err);
	if (r == 0)
		r = kd_sink_check_rewrite(sink, err);
	if (r < 0)
		return r;
	w = calloc(1, sizeof(*w));
	if (!w)
		return kd_fail(err, -ENOMEM, "dump writer");
	writer = &w->writer;
	w->writer.ops = &writer_ops;
	w->sink = sink;
	w->page_size = info->page_size;
	r = kd_elf_plan_init(&w->plan, runs, info->max_loads ?: KD_ELF_LOADS_DEFAULT,
			     err);
	if (r < 0)
		return r;
	r = write_headers(w, info, runs, err);
	if (r < 0)
		return r;
	*ret = TAKE_PTR(writer);
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Headers, bitmaps, pages, the end: see dump-write.h. Each file is whole by itself: the
 * parts of a split dump all have both bitmaps. Called by dump.c.
 */
#include "makedumpfile/dump-write.h"

#include <string.h>

/* Where parts of a split dump may begin: bytes at most, as the original's default, and
 * frames at least; so many places a part when nobody asks for others. */
#define SPLIT_BLOCK_MAX	 (UINT64_C(1) << 30)
#define SPLIT_FRAMES_MIN UINT64_C(4096)
#define SPLIT_BLOCKS	 16

int kd_write_init(struct kd_write *ret, const struct kd_dump_request *request,
		  const struct kd_plan_memory *plan, struct kd_error *err)
{
	size_t n = MAX(request->n_sinks, (size_t)1);
	struct kd_write w = { .request = request, .plan = plan };

	w.outputs = calloc(n, sizeof(*w.outputs));
	w.parts = calloc(n, sizeof(*w.parts));
	if (!w.outputs || !w.parts) {
		free(w.outputs);
		free(w.parts);
		return kd_fail(err, -ENOMEM, "outputs");
	}
	for (size_t i = 0; i < request->n_sinks; i++)
		kd_sink_limit_init(&w.outputs[i].limit, request->sinks[i],
				   request->options->size_limit);
	*ret = w;
	return 0;
}

void kd_write_done(struct kd_write *w)
{
	for (size_t i = 0; w->parts && i < w->request->n_sinks; i++) {
		kd_keep_cursor_done(&w->parts[i].cursor);
		kd_writer_free(w->outputs[i].writer);
	}
	free(w->outputs);
	free(w->parts);
	w->outputs = NULL;
	w->parts = NULL;
}

static int reread(void *context, kd_pfn_t pfn, void *page)
{
	const struct kd_copy *copy = context;

	return kd_copy_read_page(copy->memory, copy->erase, pfn, page);
}

static int open_kdump(struct kd_write *w, struct kd_output *o, struct kd_error *err)
{
	int r;

	w->info.buffer = w->plan->buffer;
	w->info.dedup_entries = w->plan->dedup_entries;
	w->info.reread = reread;
	w->info.context = &w->copy;
	if (w->request->erase)
		w->info.erase_info = kd_erase_text(w->request->erase, NULL);
	r = kd_kdump_writer_new(&w->info, &o->limit.sink, &o->kdump, err);
	if (r == 0)
		o->writer = kd_kdump_writer_base(o->kdump);
	return r;
}

/** The kept frames of a store as runs. */
struct store_runs {
	struct kd_runs runs;
	struct kd_keep_cursor *cursor;
};

static int next_run(const struct kd_runs *runs, kd_pfn_t *from, kd_pfn_t *ret_end)
{
	const struct store_runs *r = (const struct store_runs *)runs;

	return kd_keep_cursor_next(r->cursor, from, ret_end);
}

static int open_elf(struct kd_write *w, struct kd_output *o, struct kd_keep_cursor *c,
		    struct kd_error *err)
{
	const struct kd_input *input = w->request->input;
	const struct store_runs runs = { { next_run }, c };
	struct kd_elf_info info = {
		.machine = input->machine,
		.page_size = w->info.page_size,
		.notes = input->notes,
		.notes_size = input->notes_size,
	};

	if (w->request->erase)
		info.erase = kd_erase_text(w->request->erase, &info.erase_size);
	info.has_direct_map = input->core &&
			      kd_vmcore_page_offset(input->core, &info.page_offset) == 0;
	return kd_elf_writer_new(&info, &runs.runs, &o->limit.sink, &o->writer, err);
}

/* What was never put there reads as zeros, and so it must here. */
static int spill_get(void *context, enum kd_keep_which which, uint64_t offset, void *data,
		     size_t size)
{
	struct kd_output *o = context;
	uint64_t places[2];

	kd_kdump_writer_bitmap_places(o->kdump, places);
	return o->limit.sink.ops->read(&o->limit.sink, places[which] + offset, data,
				       size);
}

static int spill_put(void *context, enum kd_keep_which which, uint64_t offset,
		     const void *data, size_t size)
{
	struct kd_output *o = context;
	uint64_t places[2];

	kd_kdump_writer_bitmap_places(o->kdump, places);
	return o->limit.sink.ops->write(&o->limit.sink, places[which] + offset, data,
					size);
}

int kd_write_early(struct kd_write *w, struct kd_keep_spill *ret, struct kd_error *err)
{
	struct kd_output *o = &w->outputs[0];
	int r;

	if (w->request->n_sinks != 1 || w->request->options->split ||
	    w->request->options->format != KD_FORMAT_KDUMP || !o->limit.sink.ops->read)
		return -ENOTSUP;
	r = open_kdump(w, o, err);
	if (r < 0)
		return r;
	w->early = true;
	*ret = (struct kd_keep_spill) { .put = spill_put,
					.get = spill_get,
					.context = o };
	return 0;
}

static int write_bitmaps(struct kd_kdump_writer *writer, struct kd_keep_cursor *c,
			 struct kd_error *err)
{
	kd_pfn_t max_pfn = kd_keepstore_max_pfn(c->store);
	const uint8_t *maps[2];
	size_t bytes;
	int r;

	for (kd_pfn_t at = 0; at < max_pfn; at += bytes * 8) {
		r = kd_keep_cursor_block(c, at, maps, &bytes);
		if (r < 0)
			return kd_fail(err, r, "bitmap");
		r = kd_kdump_writer_bitmaps(writer, at, maps[KD_KEEP_EXISTS],
					    maps[KD_KEEP_KEPT], bytes);
		if (r < 0)
			return kd_fail(err, r, "write");
	}
	return 0;
}

/* Frames that a part begins at a multiple of. When nobody asks it is so small that small
 * machines' parts are about equal, too. */
static uint64_t split_block(const struct kd_write *w, kd_pfn_t max_pfn)
{
	uint64_t asked = w->request->options->split_block / w->info.page_size;
	uint64_t fair = max_pfn / w->request->n_sinks / SPLIT_BLOCKS;

	if (!w->request->options->split_block)
		asked = MIN(fair, SPLIT_BLOCK_MAX / w->info.page_size);
	return MAX(asked, SPLIT_FRAMES_MIN);
}

/* Where each file's frames begin; a dump that is not split has all of them in one. */
static int share_frames(struct kd_write *w, const struct kd_keepstore *store,
			struct kd_error *err)
{
	size_t n = w->request->n_sinks;
	_cleanup_(kd_freep) kd_pfn_t *starts = calloc(n, sizeof(*starts));
	int r = 0;

	if (!starts)
		return kd_fail(err, -ENOMEM, "outputs");
	for (size_t i = 0; r == 0 && i < n; i++)
		r = kd_keep_cursor_init(&w->parts[i].cursor, store);
	if (r == 0 && n > 1)
		r = kd_keep_cursor_split(&w->parts[0].cursor, n,
					 split_block(w, kd_keepstore_max_pfn(store)),
					 starts);
	if (r < 0)
		return kd_fail(err, r, "shares of the outputs");
	for (size_t i = 0; i < n; i++) {
		w->parts[i].next = starts[i];
		w->parts[i].end = i + 1 < n ? starts[i + 1] : kd_keepstore_max_pfn(store);
	}
	return 0;
}

static int open_part(struct kd_write *w, size_t i, struct kd_error *err)
{
	struct kd_copy_part *part = &w->parts[i];
	struct kd_output *o = &w->outputs[i];
	uint64_t before, upto;
	int r;

	if (w->request->options->format == KD_FORMAT_ELF) {
		r = open_elf(w, o, &part->cursor, err);
		part->writer = o->writer;
		return r;
	}
	if (!w->early) {
		w->info.split = w->request->options->split;
		w->info.start_pfn = part->next;
		w->info.end_pfn = part->end;
		r = open_kdump(w, o, err);
		if (r == 0)
			r = write_bitmaps(o->kdump, &part->cursor, err);
		if (r < 0)
			return r;
	}
	part->writer = o->writer;
	r = kd_keep_cursor_rank(&part->cursor, part->next, &before);
	if (r == 0)
		r = kd_keep_cursor_rank(&part->cursor, part->end, &upto);
	if (r < 0)
		return kd_fail(err, r, "bitmap");
	r = kd_kdump_writer_describe(o->kdump, upto - before, w->early);
	return r < 0 ? kd_fail(err, r, "write") : 0;
}

/* Close all files; the first failure is what is told. */
static int finish(struct kd_write *w, bool complete, struct kd_error *err)
{
	int r = 0;

	for (size_t i = 0; i < w->request->n_sinks; i++) {
		struct kd_output *o = &w->outputs[i];
		int one;

		if (!o->writer)
			continue;
		one = o->writer->ops->finish(o->writer, complete, r < 0 ? NULL : err);
		if (r == 0)
			r = one;
	}
	return r;
}

int kd_write_all(struct kd_write *w, const struct kd_keepstore *store,
		 struct kd_error *err)
{
	int r;

	r = share_frames(w, store, err);
	for (size_t i = 0; r == 0 && i < w->request->n_sinks; i++)
		r = open_part(w, i, err);
	if (r == 0) {
		w->copy.parts = w->parts;
		w->copy.n_parts = w->request->n_sinks;
		r = kd_copy_run(&w->copy, err);
	}
	if (r < 0) {
		/* what is there is to open; the first error is the one to tell */
		(void)finish(w, /* complete= */ false, /* err= */ NULL);
		return r;
	}
	return finish(w, /* complete= */ true, err);
}

void kd_write_counts(const struct kd_write *w, struct kd_write_counts *ret,
		     uint64_t *ret_bytes)
{
	*ret = (struct kd_write_counts) { 0 };
	*ret_bytes = 0;
	for (size_t i = 0; i < w->request->n_sinks; i++) {
		const struct kd_output *o = &w->outputs[i];
		struct kd_write_counts one = { 0 };

		if (o->writer)
			o->writer->ops->counts(o->writer, &one);
		ret->pages += one.pages;
		ret->zero += one.zero;
		ret->shared += one.shared;
		ret->raw += one.raw;
		ret->unreadable += one.unreadable;
		ret->payload_bytes += one.payload_bytes;
		*ret_bytes += o->limit.inner->end;
	}
}

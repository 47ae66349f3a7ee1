/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The parts of a split dump as one file: see kdump-merge.h. The payloads of a part are one
 * block that moves by one distance, descriptors follow by the same: what pages share they
 * go on sharing, without a table. Descriptors that leave their part never reach another's
 * bytes. Called by run-reassemble.c.
 */
#include "makedumpfile/format/kdump-merge.h"

#include <string.h>

#include "base/zero.h"
#include "makedumpfile/format/flat-file.h"
#include "makedumpfile/format/kdump-file.h"
#include "makedumpfile/format/kdump-merging.h"

#define DESC_BATCH 2048U
#define CHUNK	   ((size_t)1 << 20)
/* Lanes that failed leave gaps between payloads, none of them large. */
#define GAPS_MAX   ((uint64_t)64 << 20)

/**
 * Where a part's payloads are.
 *
 * @from, @end: what of the part is copied; @to: where that goes
 * @data:  first byte behind the part's descriptors
 * @zero:  a page of zeros lies there, which becomes the one of the whole
 * @cut:   its descriptors end before they should
 */
struct area {
	uint64_t from, end, to;
	uint64_t data;
	bool zero, cut;
};

/**
 * @areas: of each part
 * @page_size, @half: bytes of a page, of each bitmap
 * @bitmap, @descs, @zero: offsets in the output
 * @copied, @all: payload bytes
 */
struct merge {
	const struct kd_kdump_merge *m;
	struct kd_sink *sink;
	struct area *areas;
	uint64_t page_size;
	uint64_t half;
	uint64_t bitmap, descs, zero;
	uint64_t copied, all;
	struct kd_kdump_merged done;
	struct kd_kdump_desc batch[DESC_BATCH];
	uint8_t chunk[CHUNK];
};

static void merge_free(struct merge *s)
{
	if (s)
		free(s->areas);
	free(s);
}
KD_DEFINE_GUARD(struct merge, merge_free)

static int put(struct merge *s, uint64_t offset, const void *data, size_t size)
{
	return s->sink->ops->write(s->sink, offset, data, size);
}

/* What a file reads as zeros anyway stays a hole. */
static int put_sparse(struct merge *s, uint64_t offset, const uint8_t *data, size_t size)
{
	if (!s->sink->dense && kd_page_is_zero(data, size))
		return 0;
	return put(s, offset, data, size);
}

/* Whether @d points at bytes behind its part's descriptors. */
static bool is_inside(const struct kd_kdump *k, const struct area *a,
		      const struct kd_kdump_desc *d)
{
	return d->size > 0 && d->size <= k->memory.page_size && d->offset >= a->data &&
	       kd_file_view_holds(k->file, d->offset, d->size);
}

static bool is_zero_page(const struct area *a, const struct kd_kdump *k,
			 const struct kd_kdump_desc *d)
{
	return a->zero && d->offset == a->data && d->flags == 0 &&
	       d->size == k->memory.page_size;
}

/* The next descriptors of a part; those behind its end are absent. */
static int read_batch(struct merge *s, size_t part, uint64_t first, size_t n,
		      struct kd_error *err)
{
	const struct kd_kdump_part *p = &s->m->parts[part];
	size_t size = n * sizeof(s->batch[0]);
	ssize_t got;

	got = kd_file_view_read(p->kdump->file, s->batch, size,
				p->kdump->descs + first * sizeof(s->batch[0]));
	if (got < 0)
		return kd_fail(err, (int)got, "%s: descriptors", p->name);
	got -= got % (ssize_t)sizeof(s->batch[0]);
	s->areas[part].cut |= (size_t)got < size;
	memset((uint8_t *)s->batch + got, 0, size - (size_t)got);
	return 0;
}

/* Whether the first bytes behind the descriptors are a page of zeros. */
static int find_zero(struct merge *s, size_t part, struct kd_error *err)
{
	const struct kd_kdump_part *p = &s->m->parts[part];
	ssize_t n = kd_file_view_read(p->kdump->file, s->chunk, (size_t)s->page_size,
				      s->areas[part].data);

	if (n < 0)
		return kd_fail(err, (int)n, "%s: first payload", p->name);
	s->areas[part].zero = (uint64_t)n == s->page_size &&
			      kd_page_is_zero(s->chunk, (size_t)s->page_size);
	return 0;
}

static void widen(struct area *a, const struct kd_kdump_desc *d)
{
	uint64_t end = d->offset + d->size;

	a->from = a->end ? MIN(a->from, d->offset) : d->offset;
	a->end = MAX(a->end, end);
}

/* One look at all descriptors: which bytes of the part they need. */
static int measure(struct merge *s, size_t part, struct kd_error *err)
{
	const struct kd_kdump_part *p = &s->m->parts[part];
	uint64_t total = p->kdump->kept.total;
	struct area *a = &s->areas[part];
	int r;

	a->data = p->kdump->descs + total * sizeof(s->batch[0]);
	r = find_zero(s, part, err);
	for (uint64_t at = 0; r == 0 && at < total; at += DESC_BATCH) {
		size_t n = (size_t)MIN((uint64_t)DESC_BATCH, total - at);

		r = read_batch(s, part, at, n, err);
		for (size_t i = 0; r == 0 && i < n; i++)
			if (is_inside(p->kdump, a, &s->batch[i]) &&
			    !is_zero_page(a, p->kdump, &s->batch[i]))
				widen(a, &s->batch[i]);
	}
	if (r < 0)
		return r;
	if (a->end - a->from > total * s->page_size + GAPS_MAX)
		return kd_fail_msg(err, -EBADMSG,
				   "%s: payloads are further apart than its pages can be",
				   p->name);
	s->done.pages += total;
	s->all += a->end - a->from;
	return 0;
}

/* Everything is known before the first byte is written. */
static int plan(struct merge *s, struct kd_error *err)
{
	const struct kd_memory *memory = kd_kdump_memory(s->m->parts[0].kdump);
	uint64_t at;
	int r = 0;

	s->page_size = memory->page_size;
	for (size_t i = 0; r == 0 && i < s->m->n; i++)
		r = measure(s, i, err);
	s->half = kd_kdump_merge_half(s->m);
	s->descs = s->bitmap + 2 * s->half;
	s->zero = s->descs + s->done.pages * sizeof(s->batch[0]);
	at = s->zero + s->page_size;
	for (size_t i = 0; i < s->m->n; i++) {
		s->areas[i].to = at;
		at += s->areas[i].end - s->areas[i].from;
	}
	s->done.payload_bytes = s->all;
	return r;
}

/* Bits of the frames that @map has, onto those of the frames from @first on. The second
 * half of the chunk is for reading. */
static int add_bits(struct merge *s, const struct kd_kdump_bitmap *map, kd_pfn_t first)
{
	kd_pfn_t from = MAX(first, map->start), to = MIN(first + CHUNK / 2 * 8, map->end);
	uint8_t *in = s->chunk + CHUNK / 2;
	size_t at, n;
	int r;

	if (from >= to)
		return 0;
	at = (size_t)((from - first) / 8);
	n = (size_t)((to - first + 7) / 8) - at;
	r = kd_file_view_read_all(map->file, in, n, map->offset + first / 8 + at);
	if (r < 0)
		return r;
	in[0] &= (uint8_t)(0xffU << from % 8);
	if (to % 8)
		in[n - 1] &= (uint8_t) ~(0xffU << to % 8);
	for (size_t i = 0; i < n; i++)
		s->chunk[at + i] |= in[i];
	return 0;
}

/* What memory there is, by the first part; what is kept of it, by the part that has it. */
static int put_bitmaps(struct merge *s, struct kd_error *err)
{
	const struct kd_kdump_part *p = s->m->parts;
	size_t n;
	int r = 0;

	for (uint64_t at = 0; at < 2 * s->half; at += n) {
		bool second = at >= s->half;
		uint64_t inside = second ? at - s->half : at;

		n = (size_t)MIN((uint64_t)CHUNK / 2, s->half - inside);
		memset(s->chunk, 0, CHUNK / 2);
		if (!second)
			r = add_bits(s, &p->kdump->exists, inside * 8);
		for (size_t i = 0; second && r == 0 && i < s->m->n; i++)
			r = add_bits(s, &p[i].kdump->kept, inside * 8);
		if (r == 0)
			r = put_sparse(s, s->bitmap + at, s->chunk, n);
		if (r < 0)
			return kd_fail(err, r, "bitmaps");
	}
	return 0;
}

static int copy_payloads(struct merge *s, size_t part, struct kd_error *err)
{
	const struct kd_kdump_part *p = &s->m->parts[part];
	const struct area *a = &s->areas[part];
	size_t n;
	int r;

	for (uint64_t at = a->from; at < a->end; at += n) {
		n = (size_t)MIN((uint64_t)CHUNK, a->end - at);
		r = kd_file_view_read_all(p->kdump->file, s->chunk, n, at);
		if (r < 0)
			return kd_fail(err, r, "%s: payloads", p->name);
		/* the end of the file is one that was written */
		r = at + n == a->end ? put(s, a->to + (at - a->from), s->chunk, n)
				     : put_sparse(s, a->to + (at - a->from), s->chunk, n);
		if (r < 0)
			return kd_fail(err, r, "write");
		s->copied += n;
		if (s->m->progress)
			s->m->progress(s->m->context, s->copied, s->all);
	}
	return 0;
}

/* One that the copied bytes do not hold is lost, wherever it points by now. */
static void rebase(struct merge *s, size_t part, struct kd_kdump_desc *d)
{
	const struct kd_kdump *k = s->m->parts[part].kdump;
	const struct area *a = &s->areas[part];

	if (kd_kdump_desc_is_absent(d)) {
		s->done.absent++;
	} else if (kd_kdump_desc_is_unreadable(d)) {
		s->done.unreadable++;
	} else if (is_zero_page(a, k, d)) {
		d->offset = s->zero;
	} else if (is_inside(k, a, d) && d->offset >= a->from &&
		   d->offset + d->size <= a->end) {
		d->offset = d->offset - a->from + a->to;
	} else {
		*d = kd_kdump_desc_unreadable();
		s->done.lost++;
	}
}

/* @number: of the part's first descriptor among all */
static int put_descs(struct merge *s, size_t part, uint64_t number, struct kd_error *err)
{
	uint64_t total = s->m->parts[part].kdump->kept.total;
	size_t n;
	int r;

	for (uint64_t at = 0; at < total; at += n) {
		n = (size_t)MIN((uint64_t)DESC_BATCH, total - at);
		r = read_batch(s, part, at, n, err);
		if (r < 0)
			return r;
		for (size_t i = 0; i < n; i++)
			rebase(s, part, &s->batch[i]);
		r = put(s, s->descs + (number + at) * sizeof(s->batch[0]), s->batch,
			n * sizeof(s->batch[0]));
		if (r < 0)
			return kd_fail(err, r, "write");
	}
	return 0;
}

/* A descriptor never comes before its payload. */
static int put_pages(struct merge *s, struct kd_error *err)
{
	uint64_t number = 0;
	int r;

	memset(s->chunk, 0, (size_t)s->page_size);
	r = put(s, s->zero, s->chunk, (size_t)s->page_size);
	if (r < 0)
		return kd_fail(err, r, "write");
	for (size_t i = 0; i < s->m->n; i++) {
		r = copy_payloads(s, i, err);
		if (r == 0)
			r = put_descs(s, i, number, err);
		if (r < 0)
			return r;
		number += s->m->parts[i].kdump->kept.total;
	}
	return 0;
}

static bool is_whole(const struct merge *s)
{
	bool whole = s->done.lost == 0 && s->done.absent == 0;

	for (size_t i = 0; i < s->m->n; i++)
		whole &= !s->areas[i].cut && !kd_kdump_incomplete(s->m->parts[i].kdump) &&
			 !kd_flat_file_cut(s->m->parts[i].kdump->file);
	return whole;
}

/* Headers with the INCOMPLETE mark, which is all a failure from here on leaves. */
static int start(struct merge *s, const struct kd_strbuf *headers, struct kd_error *err)
{
	const struct kd_sink_ops *ops = s->sink->ops;
	uint64_t end = s->zero + s->page_size + s->all;
	int r;

	r = kd_sink_hold(s->sink, offsetof(struct kd_kdump_header, status),
			 sizeof(uint32_t));
	if (r == 0 && ops->reserve)
		r = ops->reserve(s->sink, s->descs, end - s->descs);
	if (r == 0)
		r = put(s, 0, headers->data, headers->length);
	return r < 0 ? kd_fail(err, r, "headers") : 0;
}

static int finish(struct merge *s, const struct kd_strbuf *headers, struct kd_error *err)
{
	size_t at = offsetof(struct kd_kdump_header, status);
	uint32_t status;
	int r;

	s->done.whole = is_whole(s);
	r = s->sink->ops->sync(s->sink);
	if (r == 0 && s->done.whole) {
		memcpy(&status, headers->data + at, sizeof(status));
		status &= ~KD_KDUMP_STATUS_INCOMPLETE;
		r = s->sink->ops->rewrite(s->sink, at, &status, sizeof(status));
		if (r == 0)
			r = s->sink->ops->sync(s->sink);
	}
	return r < 0 ? kd_fail(err, r, "end") : 0;
}

int kd_kdump_merge_write(const struct kd_kdump_merge *m, struct kd_sink *sink,
			 struct kd_kdump_merged *ret, struct kd_error *err)
{
	_cleanup_(merge_freep) struct merge *s = calloc(1, sizeof(*s));
	_cleanup_(kd_strbuf_done) struct kd_strbuf headers = { 0 };
	int r = kd_sink_check_rewrite(sink, err);

	if (r < 0)
		return r;
	if (!s || !(s->areas = calloc(m->n, sizeof(*s->areas))))
		return kd_fail(err, -ENOMEM, "reassembly");
	s->m = m;
	s->sink = sink;
	r = kd_kdump_merge_headers(m, &headers, err);
	s->bitmap = headers.length;
	if ((r < 0) || (r = plan(s, err)) < 0 || (r = start(s, &headers, err)) < 0 ||
	    (r = put_bitmaps(s, err)) < 0 || (r = put_pages(s, err)) < 0 ||
	    (r = finish(s, &headers, err)) < 0)
		return r;
	*ret = s->done;
	return 0;
}

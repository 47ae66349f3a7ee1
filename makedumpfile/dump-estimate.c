/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every so many-th kept page, compressed as it would be: see dump-estimate.h. A page that
 * cannot be read takes no room. Identical pages are stored once, which this cannot see: it
 * errs on the large side. Called by dump.c.
 */
#include "makedumpfile/dump-estimate.h"

#include "base/zero.h"

#define DESC_BYTES 24 /* docs/format-kdump.md 5 */

/** @room: a page and its compressed form */
struct sample {
	const struct kd_dump_request *request;
	const struct kd_codec_ops *codec;
	void *context;
	uint8_t *room;
	uint64_t pages, bytes;
};

static void sample_done(struct sample *s)
{
	if (s->context)
		s->codec->context_free(s->context);
	free(s->room);
}

static int sample_init(struct sample *s, struct kd_error *err)
{
	const struct kd_dump_options *o = s->request->options;
	size_t page = s->request->input->memory->page_size;
	int r;

	s->codec = kd_codec_find(o->format == KD_FORMAT_ELF ? KD_CODEC_NONE : o->codec);
	if (!s->codec)
		return -ENOTSUP;
	s->room = malloc(2 * page);
	if (!s->room)
		return kd_fail(err, -ENOMEM, "estimate");
	r = s->codec->context_new(s->codec->level_default, page, &s->context);
	return r < 0 ? kd_fail(err, r, "estimate") : 0;
}

static void take(struct sample *s, kd_pfn_t pfn)
{
	const struct kd_memory *memory = s->request->input->memory;
	size_t page = memory->page_size;
	ssize_t n;

	s->pages++;
	if (kd_memory_read(memory, pfn * page, s->room, page) < 0 ||
	    kd_page_is_zero(s->room, page))
		return;
	n = s->codec->compress(s->context, s->room, page, s->room + page, page);
	s->bytes += n > 0 ? (uint64_t)n : page;
}

static int take_all(struct sample *s, const struct kd_keepstore *store, uint64_t step,
		    struct kd_error *err)
{
	_cleanup_(kd_keep_cursor_done) struct kd_keep_cursor c = { .store = NULL };
	kd_pfn_t from = 0, end;
	uint64_t seen = 0, next = step / 2;
	int r = kd_keep_cursor_init(&c, store);

	if (r < 0)
		return kd_fail(err, r, "estimate");
	while ((r = kd_keep_cursor_next(&c, &from, &end)) > 0) {
		for (; next - seen < end - from; next += step)
			take(s, from + (next - seen));
		seen += end - from;
		from = end;
	}
	return r < 0 ? kd_fail(err, r, "estimate") : 0;
}

int kd_dump_estimate(const struct kd_dump_request *request,
		     const struct kd_keepstore *store, unsigned int samples,
		     uint64_t *ret, struct kd_error *err)
{
	_cleanup_(sample_done) struct sample s = { .request = request };
	uint64_t kept = kd_keepstore_kept(store), max = kd_keepstore_max_pfn(store);
	uint64_t fixed = 2 * (max / 8) + kept * DESC_BYTES;
	int r;

	/* there each block is judged again: as long as the whole filter takes */
	if (kd_keepstore_place(store) == KD_KEEP_AGAIN)
		return -ENOTSUP;
	r = sample_init(&s, err);
	if (r == 0)
		r = take_all(&s, store, kept / samples + 1, err);
	if (r < 0)
		return r;
	*ret = fixed + (s.pages ? s.bytes / s.pages * kept : 0);
	return 0;
}

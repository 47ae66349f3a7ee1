/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One thread's pages on their way into a kdump-compressed file: compressed into a buffer
 * of the lane's own, which then reserves its place in the file and goes there in one
 * write; the descriptors follow, so that none points to what a failing disk did not
 * take. No lock, nothing allocated per page. Driven by dump-copy.c through kd_lane_ops.
 */
#include <string.h>

#include "base/copy.h"
#include "base/parallel.h"
#include "base/zero.h"
#include "makedumpfile/format/kdump-writing.h"

#define DESCS	  512U
#define RECENT	  256U
/* A payload that has no place in the file yet: its offset is one in the buffer. No file
 * is that large. */
#define IN_BUFFER (UINT64_C(1) << 63)

/** A page whose payload is in the buffer: not to be told to others before it is in the
 *  file. @desc: its number in the lane's descriptors */
struct pending {
	uint64_t hash;
	kd_pfn_t pfn;
	unsigned int desc;
};

/**
 * @number:   of the first descriptor in @descs
 * @settled:  descriptors before this one have their final offset
 * @page:     the page at hand, during the call that brought it
 * @other:    one read again, for comparison
 * @recent:   by hash: which pending page, plus one
 */
struct lane {
	struct kd_lane lane;
	struct kd_kdump_writer *w;
	void *context;
	uint64_t number;
	unsigned int n_descs, settled, n_pending;
	size_t used;
	struct kd_write_counts counts;
	const uint8_t *page;
	uint8_t *other;
	uint8_t *out;
	struct kd_kdump_desc descs[DESCS];
	struct pending pending[DESCS];
	uint16_t recent[RECENT];
};

static struct lane *from_lane(struct kd_lane *lane)
{
	return (struct lane *)lane;
}

/* What is in the buffer, in whole blocks where these go past the page cache. There is
 * always room for the rest of one. */
static size_t size_to_write(struct lane *l)
{
	size_t size = l->used;

	if (l->w->sink->direct) {
		size = (size_t)kd_align_up(size, KD_SINK_BLOCK);
		memset(l->out + l->used, 0, size - l->used);
	}
	return size;
}

/* Payloads get their place; from now on others may share them. */
static int flush_payloads(struct lane *l)
{
	struct kd_kdump_writer *w = l->w;
	uint64_t at;
	size_t size;
	int r;

	if (l->used) {
		size = size_to_write(l);
		at = atomic_fetch_add(&w->data_end, size);
		r = kd_kdump_put(w, at, l->out, size);
		if (r < 0)
			return r;
		for (unsigned int i = l->settled; i < l->n_descs; i++)
			if (l->descs[i].offset & IN_BUFFER)
				l->descs[i].offset += at - IN_BUFFER;
	}
	for (unsigned int i = 0; i < l->n_pending; i++) {
		const struct kd_kdump_desc *d = &l->descs[l->pending[i].desc];
		struct kd_dedup_entry entry = { .pfn = l->pending[i].pfn,
						.offset = d->offset,
						.size = d->size,
						.flags = d->flags };

		(void)kd_dedup_publish(w->dedup, l->pending[i].hash, &entry);
	}
	if (l->n_pending)
		memset(l->recent, 0, sizeof(l->recent));
	l->settled = l->n_descs;
	l->n_pending = 0;
	l->used = 0;
	return 0;
}

static void add_counts(struct lane *l)
{
	struct kd_kdump_totals *t = &l->w->totals;

	t->pages += l->counts.pages;
	t->zero += l->counts.zero;
	t->shared += l->counts.shared;
	t->raw += l->counts.raw;
	t->unreadable += l->counts.unreadable;
	t->payload_bytes += l->counts.payload_bytes;
	l->counts = (struct kd_write_counts) { 0 };
}

static int lane_flush(struct kd_lane *lane)
{
	struct lane *l = from_lane(lane);
	struct kd_kdump_writer *w = l->w;
	int r;

	if (w->error)
		return w->error;
	r = flush_payloads(l);
	if (r == 0 && l->n_descs)
		r = kd_kdump_put(w, w->descs + l->number * sizeof(l->descs[0]), l->descs,
				 l->n_descs * sizeof(l->descs[0]));
	if (r < 0)
		return r;
	l->number += l->n_descs;
	l->n_descs = 0;
	l->settled = 0;
	add_counts(l);
	return 0;
}

static int lane_start(struct kd_lane *lane, uint64_t number)
{
	struct lane *l = from_lane(lane);
	int r = lane_flush(lane);

	l->number = number;
	return r;
}

/* Whether the page at hand equals the one @entry tells of, as it was stored. */
static bool same(struct lane *l, const struct kd_dedup_entry *entry)
{
	return l->w->reread(l->w->context, entry->pfn, l->other) == 0 &&
	       memcmp(l->page, l->other, l->w->page_size) == 0;
}

static bool find_shared(struct lane *l, uint64_t hash, struct kd_kdump_desc *ret)
{
	unsigned int recent = l->recent[hash % RECENT];
	struct kd_dedup_entry entry;

	if (recent && l->pending[recent - 1].hash == hash) {
		const struct pending *p = &l->pending[recent - 1];

		entry.pfn = p->pfn;
		if (!same(l, &entry))
			return false;
		*ret = l->descs[p->desc];
		return true;
	}
	if (!kd_dedup_find(l->w->dedup, hash, &entry) || !same(l, &entry))
		return false;
	*ret = (struct kd_kdump_desc) { .offset = entry.offset,
					.size = entry.size,
					.flags = entry.flags };
	return true;
}

static void remember(struct lane *l, uint64_t hash, kd_pfn_t pfn)
{
	l->pending[l->n_pending] = (struct pending) { hash, pfn, l->n_descs };
	l->recent[hash % RECENT] = (uint16_t)++l->n_pending;
}

/* There is always room for a page behind @used. */
static void store(struct lane *l, struct kd_kdump_desc *ret)
{
	struct kd_kdump_writer *w = l->w;
	uint8_t *to = l->out + l->used;
	ssize_t n = w->codec->compress(l->context, l->page, w->page_size, to,
				       w->page_size - 1);

	*ret = (struct kd_kdump_desc) { .offset = IN_BUFFER + l->used };
	if (n > 0) {
		ret->size = (uint32_t)n;
		ret->flags = (uint32_t)w->codec->id;
	} else {
		kd_copy(to, l->page, w->page_size);
		ret->size = (uint32_t)w->page_size;
		l->counts.raw++;
	}
	l->used += ret->size;
	l->counts.payload_bytes += ret->size;
}

static void store_or_share(struct lane *l, kd_pfn_t pfn, struct kd_kdump_desc *ret)
{
	uint64_t hash;

	if (!l->w->dedup) {
		store(l, ret);
		return;
	}
	hash = kd_dedup_hash(l->page, l->w->page_size);
	if (find_shared(l, hash, ret)) {
		l->counts.shared++;
		return;
	}
	store(l, ret);
	remember(l, hash, pfn);
}

static int lane_page(struct kd_lane *lane, kd_pfn_t pfn, const void *page)
{
	struct lane *l = from_lane(lane);
	struct kd_kdump_writer *w = l->w;
	struct kd_kdump_desc *d = &l->descs[l->n_descs];

	if (w->error)
		return w->error;
	if (l->number + l->n_descs >= w->n_described)
		return kd_first_error(&w->error, -EINVAL);
	if (!page) {
		*d = kd_kdump_desc_unreadable();
		l->counts.unreadable++;
	} else if (kd_page_is_zero(page, w->page_size)) {
		*d = (struct kd_kdump_desc) { .offset = w->zero,
					      .size = (uint32_t)w->page_size };
		l->counts.zero++;
	} else {
		l->page = page;
		store_or_share(l, pfn, d);
	}
	l->counts.pages++;
	l->n_descs++;
	if (l->n_descs == DESCS)
		return lane_flush(lane);
	return l->used >= w->buffer ? flush_payloads(l) : 0;
}

static void lane_free(struct kd_lane *lane)
{
	struct lane *l = from_lane(lane);

	if (l->context)
		l->w->codec->context_free(l->context);
	free(l->other);
	free(l->out);
	free(l);
}

static const struct kd_lane_ops lane_ops = {
	.start = lane_start,
	.page = lane_page,
	.flush = lane_flush,
	.free = lane_free,
};

int kd_kdump_lane_new(struct kd_writer *writer, struct kd_lane **ret,
		      struct kd_error *err)
{
	struct kd_kdump_writer *w = (struct kd_kdump_writer *)writer;
	_cleanup_(kd_lane_freep) struct kd_lane *lane = NULL;
	struct lane *l = calloc(1, sizeof(*l));
	int r;

	static_assert(sizeof(*l) + KD_SINK_BLOCK <= KD_KDUMP_LANE_BYTES, "as announced");
	if (!l)
		return kd_fail(err, -ENOMEM, "dump writer");
	*l = (struct lane) { .lane.ops = &lane_ops, .w = w };
	lane = &l->lane;
	l->other = malloc(w->page_size);
	l->out = aligned_alloc(KD_SINK_BLOCK,
			       kd_align_up(w->buffer + w->page_size, KD_SINK_BLOCK));
	if (!l->other || !l->out)
		return kd_fail(err, -ENOMEM, "dump writer");
	r = w->codec->context_new(w->codec_level, w->page_size, &l->context);
	if (r < 0)
		return kd_fail(err, r, "%s level %d", w->codec->name, w->codec_level);
	*ret = TAKE_PTR(lane);
	return 0;
}

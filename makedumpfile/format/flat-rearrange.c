/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A flattened stream into a file: see flat-rearrange.h. The file's first bytes are
 * written when all of them are known, with its format's INCOMPLETE mark whatever the
 * stream says; that is put right once all has come and is durable. Called by
 * run-rearrange.c.
 */
#include "makedumpfile/format/flat-rearrange.h"

#include <string.h>

#include "makedumpfile/format/dump-mark.h"

#define CHUNK ((size_t)256 << 10)

/**
 * @head:   the dump's first bytes, as the stream has them; @head_end: how many so far
 * @headed: they are in the file
 * @chunk:  bytes on their way
 */
struct rearrange {
	struct kd_flat_reader *in;
	struct kd_sink *sink;
	struct kd_flat_counts counts;
	uint8_t head[KD_DUMP_HEAD_SIZE];
	size_t head_end;
	bool headed;
	uint8_t chunk[CHUNK];
};

/* Never twice the same byte through write, but where the stream itself does that. */
static int put(struct rearrange *c, uint64_t offset, const uint8_t *data, size_t size)
{
	struct kd_sink *s = c->sink;
	size_t old = 0;
	int r = 0;

	if (c->in->again && offset < s->end)
		old = (size_t)MIN((uint64_t)size, s->end - offset);
	if (old)
		r = s->ops->rewrite(s, offset, data, old);
	if (r == 0 && size > old)
		r = s->ops->write(s, offset + old, data + old, size - old);
	return r;
}

/* The head, marked as long as it can be told where. */
static int put_head(struct rearrange *c)
{
	const struct kd_sink_ops *ops = c->sink->ops;
	uint8_t head[KD_DUMP_HEAD_SIZE];
	struct kd_dump_mark mark;

	memcpy(head, c->head, sizeof(head));
	if (kd_dump_mark_find(head, &mark))
		head[mark.offset] |= mark.mask;
	if (c->headed)
		return ops->rewrite(c->sink, 0, head, c->head_end);
	c->headed = true;
	return ops->write(c->sink, 0, head, c->head_end);
}

static int put_chunk(struct rearrange *c, uint64_t offset, size_t size)
{
	size_t n = 0;
	int r = 0;

	if (offset < sizeof(c->head)) {
		n = MIN(size, sizeof(c->head) - (size_t)offset);
		memcpy(c->head + offset, c->chunk, n);
		c->head_end = MAX(c->head_end, (size_t)offset + n);
	}
	if (size > n)
		r = put(c, offset + n, c->chunk + n, size - n);
	if (r < 0 || (c->headed && !n))
		return r;
	/* What follows the head has come: so has the head, but for a late status. */
	if (c->sink->end > sizeof(c->head)) {
		c->head_end = sizeof(c->head);
		return put_head(c);
	}
	return 0;
}

static int copy_record(struct rearrange *c, struct kd_error *err)
{
	uint64_t offset = c->in->offset;
	ssize_t n;
	int r;

	c->counts.again += c->in->again;
	while ((n = kd_flat_reader_data(c->in, c->chunk, CHUNK, err)) > 0) {
		r = put_chunk(c, offset, (size_t)n);
		if (r < 0)
			return kd_fail(err, r, "write");
		offset += (uint64_t)n;
		c->counts.bytes += (uint64_t)n;
	}
	return (int)n;
}

static int copy_records(struct rearrange *c, struct kd_error *err)
{
	int r;

	do {
		r = kd_flat_reader_next(c->in, err);
		if (r == 1)
			r = copy_record(c, err) ?: 1;
	} while (r == 1);
	return r;
}

static int sync_sink(struct rearrange *c)
{
	return c->sink->ops->sync(c->sink);
}

static int take_mark_off(struct rearrange *c)
{
	struct kd_dump_mark mark;
	int r;

	if (!kd_dump_mark_find(c->head, &mark) || mark.offset >= c->head_end)
		return 0;
	r = c->sink->ops->rewrite(c->sink, mark.offset, &c->head[mark.offset], 1);
	return r < 0 ? r : sync_sink(c);
}

/* @r: how the copying ended; it outlives what else may fail. */
static int close_dump(struct rearrange *c, int r, struct kd_error *err)
{
	int end = 0;

	if (!c->headed && c->head_end)
		end = put_head(c);
	if (end == 0)
		end = sync_sink(c);
	if (r == 0 && end == 0)
		end = take_mark_off(c);
	if (r < 0)
		return r;
	return end < 0 ? kd_fail(err, end, "write") : 0;
}

int kd_flat_rearrange(struct kd_flat_reader *in, struct kd_sink *sink,
		      struct kd_flat_counts *ret, struct kd_error *err)
{
	_cleanup_(kd_freep) struct rearrange *c = NULL;
	int r = kd_sink_check_rewrite(sink, err);

	if (r < 0)
		return r;
	c = calloc(1, sizeof(*c));
	if (!c)
		return kd_fail(err, -ENOMEM, "stream");
	c->in = in;
	c->sink = sink;
	r = close_dump(c, copy_records(c, err), err);
	c->counts.records = c->in->records;
	c->counts.stream = c->in->position;
	*ret = c->counts;
	return r;
}

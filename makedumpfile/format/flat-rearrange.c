/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A flattened stream into a file: see flat-rearrange.h. The file's INCOMPLETE mark is
 * set as soon as its header has come, whatever the stream says of it, and what the
 * stream said is put there once all has come and is durable. Called by run-rearrange.c.
 */
#include "makedumpfile/format/flat-rearrange.h"

#include <string.h>

#include "makedumpfile/format/dump-mark.h"

#define CHUNK ((size_t)256 << 10)

/**
 * @head:   the dump's first bytes, as the stream has them
 * @mark:   where in there the mark is; @marked: it is known, and set in the file
 * @chunk:  bytes on their way
 */
struct rearrange {
	struct kd_flat_reader *in;
	struct kd_sink *sink;
	struct kd_flat_counts counts;
	uint8_t head[KD_DUMP_HEAD_SIZE];
	struct kd_dump_mark mark;
	bool marked;
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

/* Keep what belongs to the head, and let none of it take the mark off. */
static void pass_head(struct rearrange *c, uint64_t offset, uint8_t *data, size_t size)
{
	if (offset >= sizeof(c->head))
		return;
	memcpy(c->head + offset, data, MIN(size, sizeof(c->head) - (size_t)offset));
	if (c->marked && c->mark.offset >= offset && c->mark.offset - offset < size)
		data[c->mark.offset - offset] |= c->mark.mask;
}

static int set_mark(struct rearrange *c, bool incomplete)
{
	uint8_t byte = c->head[c->mark.offset];

	if (incomplete)
		byte |= c->mark.mask;
	return c->sink->ops->rewrite(c->sink, c->mark.offset, &byte, sizeof(byte));
}

/* A head that is there in part tells less, and may not reach as far as the mark. */
static int mark_once_known(struct rearrange *c, uint64_t least)
{
	if (c->marked || c->sink->end < least || !kd_dump_mark_find(c->head, &c->mark) ||
	    c->mark.offset >= c->sink->end)
		return 0;
	c->marked = true;
	return set_mark(c, /* incomplete= */ true);
}

static int copy_record(struct rearrange *c, struct kd_error *err)
{
	uint64_t offset = c->in->offset;
	ssize_t n;
	int r;

	c->counts.again += c->in->again;
	while ((n = kd_flat_reader_data(c->in, c->chunk, CHUNK, err)) > 0) {
		pass_head(c, offset, c->chunk, (size_t)n);
		r = put(c, offset, c->chunk, (size_t)n);
		if (r == 0)
			r = mark_once_known(c, sizeof(c->head));
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

/* @r: how the copying ended; it outlives what else may fail. */
static int close_dump(struct rearrange *c, int r, struct kd_error *err)
{
	int end = mark_once_known(c, 1);

	if (end == 0)
		end = sync_sink(c);
	if (r == 0 && end == 0 && c->marked) {
		end = set_mark(c, /* incomplete= */ false);
		if (end == 0)
			end = sync_sink(c);
	}
	if (r < 0)
		return r;
	return end < 0 ? kd_fail(err, end, "write") : 0;
}

int kd_flat_rearrange(struct kd_flat_reader *in, struct kd_sink *sink,
		      struct kd_flat_counts *ret, struct kd_error *err)
{
	_cleanup_(kd_freep) struct rearrange *c = NULL;
	int r;

	if (!sink->ops->rewrite)
		return kd_fail_msg(err, -ESPIPE,
				   "the output cannot go back to its start");
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

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All calls go on to the sink behind; writes and reservations are measured first. See
 * sink-limit.h. What the sink behind cannot do, this one cannot either.
 */
#include "makedumpfile/sink/sink-limit.h"

static struct kd_sink_limit *from_sink(struct kd_sink *s)
{
	return (struct kd_sink_limit *)s;
}

static bool fits(const struct kd_sink_limit *l, uint64_t offset, uint64_t size)
{
	return !l->limit || (offset <= l->limit && size <= l->limit - offset);
}

static int limit_write(struct kd_sink *s, uint64_t offset, const void *data, size_t size)
{
	struct kd_sink_limit *l = from_sink(s);
	int r = fits(l, offset, size) ? l->inner->ops->write(l->inner, offset, data, size)
				      : -ENOSPC;

	s->end = l->inner->end;
	return r;
}

static int limit_hold(struct kd_sink *s, uint64_t offset, size_t size)
{
	return kd_sink_hold(from_sink(s)->inner, offset, size);
}

static int limit_reserve(struct kd_sink *s, uint64_t offset, uint64_t size)
{
	struct kd_sink_limit *l = from_sink(s);

	return fits(l, offset, size) ? l->inner->ops->reserve(l->inner, offset, size)
				     : -ENOSPC;
}

static int limit_rewrite(struct kd_sink *s, uint64_t offset, const void *data,
			 size_t size)
{
	struct kd_sink *inner = from_sink(s)->inner;

	return inner->ops->rewrite(inner, offset, data, size);
}

static int limit_read(struct kd_sink *s, uint64_t offset, void *data, size_t size)
{
	struct kd_sink *inner = from_sink(s)->inner;

	return inner->ops->read(inner, offset, data, size);
}

static int limit_sync(struct kd_sink *s)
{
	struct kd_sink *inner = from_sink(s)->inner;

	return inner->ops->sync(inner);
}

static int limit_finish(struct kd_sink *s)
{
	return kd_sink_finish(from_sink(s)->inner);
}

static void limit_free(_unused_ struct kd_sink *s)
{
}

void kd_sink_limit_init(struct kd_sink_limit *ret, struct kd_sink *inner, uint64_t limit)
{
	const struct kd_sink_ops *ops = inner->ops;

	*ret = (struct kd_sink_limit) {
		.ops = { .write = limit_write,
			 .hold = limit_hold,
			 .reserve = ops->reserve ? limit_reserve : NULL,
			 .rewrite = ops->rewrite ? limit_rewrite : NULL,
			 .read = ops->read ? limit_read : NULL,
			 .sync = limit_sync,
			 .finish = limit_finish,
			 .free = limit_free },
		.inner = inner,
		.limit = limit,
	};
	ret->sink.ops = &ret->ops;
	ret->sink.end = inner->end;
	ret->sink.direct = inner->direct;
	ret->sink.dense = inner->dense;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The sink that is full at a given size: what fits reaches the one behind, the rest is
 * -ENOSPC, and writers see of that one what they must know.
 */
#include <unistd.h>

#include "memory-sink.h"
#include "test.h"

#include "makedumpfile/sink/sink-limit.h"

static void full_at_its_size(struct test *t)
{
	_cleanup_(memory_sink_done) struct memory_sink m;
	struct kd_sink_limit limit;
	struct kd_sink *s = &limit.sink;

	memory_sink_init(&m);
	kd_sink_limit_init(&limit, &m.sink, 8);
	CHECK_INT(t, s->ops->write(s, 0, "abcd", 4), 0);
	CHECK_INT(t, s->ops->write(s, 4, "efghi", 5), -ENOSPC);
	CHECK_INT(t, s->ops->write(s, UINT64_MAX, "z", 1), -ENOSPC);
	CHECK_INT(t, s->ops->write(s, 4, "efgh", 4), 0);
	CHECK_INT(t, (long long)s->end, 8);
	CHECK(t, m.size == 8 && memcmp(m.data, "abcdefgh", 8) == 0);
}

static void no_limit(struct test *t)
{
	_cleanup_(memory_sink_done) struct memory_sink m;
	struct kd_sink_limit limit;
	struct kd_sink *s = &limit.sink;

	memory_sink_init(&m);
	kd_sink_limit_init(&limit, &m.sink, 0);
	CHECK_INT(t, s->ops->write(s, 1 << 20, "a", 1), 0);
	CHECK_INT(t, (long long)m.size, (1 << 20) + 1);
}

/* Readers take wrong bytes for the holes of a stream: its writer must know what it is. */
static void stays_dense(struct test *t)
{
	_cleanup_(kd_sink_freep) struct kd_sink *flat = NULL;
	_cleanup_(memory_sink_done) struct memory_sink m;
	struct kd_sink_limit limit;
	int fd = dup(STDERR_FILENO);

	memory_sink_init(&m);
	kd_sink_limit_init(&limit, &m.sink, 0);
	CHECK(t, !limit.sink.dense);
	CHECK_INT(t, kd_sink_flat_new(fd, 4096, &flat, NULL), 0);
	kd_sink_limit_init(&limit, flat, 0);
	CHECK(t, limit.sink.dense);
	CHECK(t, !limit.sink.ops->read && !limit.sink.ops->reserve);
}

static void stays_direct(struct test *t)
{
	_cleanup_(memory_sink_done) struct memory_sink m;
	struct kd_sink_limit limit;

	memory_sink_init(&m);
	kd_sink_limit_init(&limit, &m.sink, 0);
	CHECK(t, !limit.sink.direct);
	m.sink.direct = true;
	kd_sink_limit_init(&limit, &m.sink, 0);
	CHECK(t, limit.sink.direct);
}

static const struct test_case cases[] = {
	{ "full at its size, and never past it", full_at_its_size },
	{ "0 is no limit", no_limit },
	{ "as direct as the one behind", stays_direct },
	{ "a stream behind it stays dense", stays_dense },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}

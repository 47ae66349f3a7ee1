/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A sink into a buffer, for tests, any number of threads: counts its calls, and from call @fail_at on takes
 * only half of a write and then fails, as a full or dying disk does.
 */
#pragma once

#include <pthread.h>
#include <string.h>

#include "makedumpfile/sink/sink.h"

/**
 * @calls:    writes, rewrites and syncs so far; @fail_at: the first to fail, 0 for none
 * @unsynced: whether anything was written since the last sync
 * @hasty:    rewrites that came while something was
 */
struct memory_sink {
	struct kd_sink sink;
	pthread_mutex_t lock;
	uint8_t *data;
	size_t size;
	unsigned int calls;
	unsigned int fail_at;
	int error;
	bool unsynced;
	unsigned int hasty;
};

static inline int memory_sink_put(struct memory_sink *m, uint64_t offset,
				  const void *data, size_t size)
{
	if (offset + size > m->size) {
		uint8_t *more = realloc(m->data, offset + size);

		if (!more)
			return -ENOMEM;
		memset(more + m->size, 0, offset + size - m->size);
		m->data = more;
		m->size = offset + size;
	}
	memcpy(m->data + offset, data, size);
	m->sink.end = m->size;
	return 0;
}

static inline int memory_sink_take(struct memory_sink *m, uint64_t offset,
				   const void *data, size_t size)
{
	m->calls++;
	m->unsynced = true;
	if (m->fail_at == m->calls && size > 1)
		(void)memory_sink_put(m, offset, data, size / 2);
	if (m->fail_at && m->calls >= m->fail_at)
		return m->error;
	return memory_sink_put(m, offset, data, size);
}

static inline int memory_sink_write(struct kd_sink *s, uint64_t offset, const void *data,
				    size_t size)
{
	struct memory_sink *m = (struct memory_sink *)s;
	int r;

	(void)pthread_mutex_lock(&m->lock);
	r = memory_sink_take(m, offset, data, size);
	(void)pthread_mutex_unlock(&m->lock);
	return r;
}

static inline int memory_sink_rewrite(struct kd_sink *s, uint64_t offset,
				      const void *data, size_t size)
{
	struct memory_sink *m = (struct memory_sink *)s;

	m->hasty += m->unsynced;
	return memory_sink_write(s, offset, data, size);
}

static inline int memory_sink_sync(struct kd_sink *s)
{
	struct memory_sink *m = (struct memory_sink *)s;

	m->calls++;
	m->unsynced = false;
	return m->fail_at && m->calls >= m->fail_at ? m->error : 0;
}

static inline void memory_sink_free(struct kd_sink *s)
{
	free(((struct memory_sink *)s)->data);
}

static const struct kd_sink_ops memory_sink_ops = {
	.write = memory_sink_write,
	.rewrite = memory_sink_rewrite,
	.sync = memory_sink_sync,
	.free = memory_sink_free,
};

static inline void memory_sink_init(struct memory_sink *m)
{
	*m = (struct memory_sink) { .sink = { .ops = &memory_sink_ops },
				    .lock = PTHREAD_MUTEX_INITIALIZER,
				    .error = -ENOSPC };
}

static inline void memory_sink_done(struct memory_sink *m)
{
	kd_sink_free(&m->sink);
}

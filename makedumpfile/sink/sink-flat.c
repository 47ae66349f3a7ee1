/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sink that sends the flattened format: see sink.h and docs/format-flattened.md. One
 * mutex, one writev(2) a record, adjacent writes merged in one buffer, so that bytes
 * leave in the order they came: a stream that is cut has nothing that points to what did
 * not arrive. The first error sticks, no end record follows it. Opened by the programs.
 */
#include <endian.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <sys/uio.h>

#include "makedumpfile/sink/flat-format.h"
#include "makedumpfile/sink/sink.h"

/**
 * @lock:    taken by every function but free
 * @error:   first failure, negative errno
 * @started: the stream's header was sent; @finished: its end record
 * @held_offset, @held_size: what is kept back; none when the size is 0
 * @held_written: it was written at all, so that it is due
 * @offset, @used: the record being gathered in @buffer, of @size bytes
 */
struct flat_sink {
	struct kd_sink sink;
	pthread_mutex_t lock;
	int fd;
	int error;
	bool started;
	bool finished;
	bool held_written;
	uint64_t held_offset;
	size_t held_size;
	uint8_t held[KD_SINK_HOLD_MAX];
	uint64_t offset;
	size_t used;
	size_t size;
	uint8_t buffer[];
};

static struct flat_sink *from_sink(struct kd_sink *s)
{
	return (struct flat_sink *)s;
}

static int fail(struct flat_sink *f, int error)
{
	if (!f->error)
		f->error = error;
	return f->error;
}

/* A terminal or an ssh(1) that shares the descriptor may have made it non-blocking. */
static int wait_writable(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLOUT };

	return poll(&p, 1, -1) < 0 && errno != EINTR ? -errno : 0;
}

static int send_all(struct flat_sink *f, struct iovec *iov, size_t n)
{
	while (n) {
		ssize_t sent = writev(f->fd, iov, (int)n);
		int r = 0;

		if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
			r = wait_writable(f->fd);
		else if (sent < 0 && errno != EINTR)
			r = -errno;
		else if (sent == 0)
			r = -EIO;
		if (r < 0)
			return fail(f, r);
		for (sent = MAX(sent, (ssize_t)0); n && (size_t)sent >= iov->iov_len;
		     n--, iov++)
			sent -= (ssize_t)iov->iov_len;
		if (n) {
			iov->iov_base = (uint8_t *)iov->iov_base + sent;
			iov->iov_len -= (size_t)sent;
		}
	}
	return 0;
}

static int start(struct flat_sink *f)
{
	struct kd_flat_header head = { .signature = KD_FLAT_SIGNATURE,
				       .type = htobe64(KD_FLAT_TYPE),
				       .version = htobe64(KD_FLAT_VERSION) };
	uint8_t block[KD_FLAT_HEADER_SIZE] = { 0 };
	struct iovec iov = { .iov_base = block, .iov_len = sizeof(block) };

	memcpy(block, &head, sizeof(head));
	f->started = true;
	return send_all(f, &iov, 1);
}

/* One record: @n gathered bytes of the buffer, and @data behind them. */
static int send_record(struct flat_sink *f, uint64_t offset, size_t n, const void *data,
		       size_t size)
{
	struct kd_flat_record head = { .offset = htobe64(offset),
				       .size = htobe64(n + size) };
	struct iovec iov[] = { { .iov_base = &head, .iov_len = sizeof(head) },
			       { .iov_base = f->buffer, .iov_len = n },
			       { .iov_base = (void *)data, .iov_len = size } };

	if (!f->started && start(f) < 0)
		return f->error;
	return send_all(f, iov, ARRAY_SIZE(iov));
}

static int send_gathered(struct flat_sink *f)
{
	size_t used = f->used;

	f->used = 0;
	return used ? send_record(f, f->offset, used, NULL, 0) : 0;
}

static int put(struct flat_sink *f, uint64_t offset, const void *data, size_t size)
{
	size_t used = f->used;

	if (size == 0)
		return 0;
	if (used && offset != f->offset + used) {
		if (send_gathered(f) < 0)
			return f->error;
		used = 0;
	}
	if (!used)
		f->offset = offset;
	if (size > f->size - used) {
		f->used = 0;
		return send_record(f, f->offset, used, data, size);
	}
	memcpy(f->buffer + used, data, size);
	f->used = used + size;
	return 0;
}

/* The bytes of a write that are on hold go where they can still be changed. */
static int put_around_held(struct flat_sink *f, uint64_t offset, const uint8_t *data,
			   size_t size)
{
	uint64_t end = offset + size, held_end = f->held_offset + f->held_size;
	uint64_t from = MAX(offset, f->held_offset), to = MIN(end, held_end);

	if (from >= to)
		return put(f, offset, data, size);
	memcpy(f->held + (from - f->held_offset), data + (from - offset),
	       (size_t)(to - from));
	f->held_written = true;
	if (put(f, offset, data, (size_t)(from - offset)) < 0)
		return f->error;
	return put(f, to, data + (to - offset), (size_t)(end - to));
}

static int write_locked(struct flat_sink *f, uint64_t offset, const void *data,
			size_t size)
{
	uint64_t end;

	if (f->error)
		return f->error;
	if (f->finished)
		return fail(f, -EINVAL);
	if (__builtin_add_overflow(offset, size, &end) || end > INT64_MAX)
		return fail(f, -EFBIG);
	if (put_around_held(f, offset, data, size) < 0)
		return f->error;
	f->sink.end = MAX(f->sink.end, end);
	return 0;
}

static int flat_write(struct kd_sink *s, uint64_t offset, const void *data, size_t size)
{
	struct flat_sink *f = from_sink(s);
	int r;

	(void)pthread_mutex_lock(&f->lock);
	r = write_locked(f, offset, data, size);
	(void)pthread_mutex_unlock(&f->lock);
	return r;
}

static int flat_hold(struct kd_sink *s, uint64_t offset, size_t size)
{
	struct flat_sink *f = from_sink(s);
	int r = -EINVAL;

	(void)pthread_mutex_lock(&f->lock);
	if (size <= sizeof(f->held) && !f->held_size && s->end == 0 &&
	    offset <= INT64_MAX - size) {
		f->held_offset = offset;
		f->held_size = size;
		r = 0;
	}
	(void)pthread_mutex_unlock(&f->lock);
	return r;
}

static int flat_rewrite(struct kd_sink *s, uint64_t offset, const void *data, size_t size)
{
	struct flat_sink *f = from_sink(s);
	uint64_t at = offset - f->held_offset;
	int r;

	(void)pthread_mutex_lock(&f->lock);
	r = f->error;
	if (r == 0 && (f->finished || offset < f->held_offset || at > f->held_size ||
		       size > f->held_size - at))
		r = -EINVAL;
	if (r == 0) {
		memcpy(f->held + at, data, size);
		f->held_written = true;
	}
	(void)pthread_mutex_unlock(&f->lock);
	return r;
}

/* A pipe has nothing to sync, and says so. */
static bool cannot_sync(int error)
{
	return error == EINVAL || error == EROFS || error == ENOTSUP;
}

static int flush(struct flat_sink *f)
{
	int r;

	if (f->error || send_gathered(f) < 0)
		return f->error;
	do
		r = fsync(f->fd);
	while (r < 0 && errno == EINTR);
	return r < 0 && !cannot_sync(errno) ? fail(f, -errno) : 0;
}

static int flat_sync(struct kd_sink *s)
{
	struct flat_sink *f = from_sink(s);
	int r;

	(void)pthread_mutex_lock(&f->lock);
	r = flush(f);
	(void)pthread_mutex_unlock(&f->lock);
	return r;
}

static int finish(struct flat_sink *f)
{
	struct kd_flat_record end = { .offset = KD_FLAT_END, .size = KD_FLAT_END };
	struct iovec iov = { .iov_base = &end, .iov_len = sizeof(end) };

	if (f->error || f->finished)
		return f->error;
	/* All else first, durable where it can be: the status word speaks of it. */
	if (flush(f) < 0)
		return f->error;
	if (f->held_written &&
	    send_record(f, f->held_offset, 0, f->held, f->held_size) < 0)
		return f->error;
	if ((!f->started && start(f) < 0) || send_all(f, &iov, 1) < 0)
		return f->error;
	f->finished = true;
	return flush(f);
}

static int flat_finish(struct kd_sink *s)
{
	struct flat_sink *f = from_sink(s);
	int r;

	(void)pthread_mutex_lock(&f->lock);
	r = finish(f);
	(void)pthread_mutex_unlock(&f->lock);
	return r;
}

static void flat_free(struct kd_sink *s)
{
	struct flat_sink *f = from_sink(s);

	f->fd = kd_close(f->fd);
	(void)pthread_mutex_destroy(&f->lock);
	free(f);
}

static const struct kd_sink_ops flat_ops = {
	.write = flat_write,
	.hold = flat_hold,
	.rewrite = flat_rewrite,
	.sync = flat_sync,
	.finish = flat_finish,
	.free = flat_free,
};

int kd_sink_flat_new(int fd, size_t buffer_size, struct kd_sink **ret,
		     struct kd_error *err)
{
	struct flat_sink *f;

	if (buffer_size == 0 || buffer_size > INT32_MAX)
		return kd_fail(err, -EINVAL, "buffer of %zu bytes", buffer_size);
	f = calloc(1, sizeof(*f) + buffer_size);
	if (!f)
		return kd_fail(err, -ENOMEM, "output buffer of %zu bytes", buffer_size);
	f->sink.ops = &flat_ops;
	f->sink.dense = true;
	f->fd = fd;
	f->size = buffer_size;
	if (pthread_mutex_init(&f->lock, NULL) != 0) {
		free(f);
		return kd_fail(err, -ENOMEM, "output");
	}
	*ret = &f->sink;
	return 0;
}

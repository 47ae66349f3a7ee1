/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files at a server: see sftp-file.h. The first error of a sink sticks, as with any
 * sink: a dump with a hole in it must not look whole. Called by place-sftp.c.
 */
#include "capture-kernel/sftp/sftp-file.h"

#include <pthread.h>
#include <string.h>

#include "base/parallel.h"

struct sftp_sink {
	struct kd_sink sink;
	struct kd_sftp_file file;
	struct kd_sftp_reason reason;
	_Atomic int error;
};

static struct sftp_sink *from_sink(struct kd_sink *s)
{
	return (struct sftp_sink *)s;
}

static int judge(struct sftp_sink *f, int r)
{
	if (r >= 0)
		return 0;
	return kd_first_error(&f->error, f->reason.explain(f->reason.context, r));
}

static void note_end(struct kd_sink *s, uint64_t end)
{
	uint64_t seen = s->end;

	while (seen < end && !atomic_compare_exchange_weak(&s->end, &seen, end))
		;
}

static int sink_write(struct kd_sink *s, uint64_t offset, const void *data, size_t size)
{
	struct sftp_sink *f = from_sink(s);
	uint64_t end;
	int r;

	if (f->error)
		return f->error;
	if (__builtin_add_overflow(offset, size, &end) || end > INT64_MAX)
		return judge(f, -EFBIG);
	r = judge(f, kd_sftp_write(&f->file, offset, data, size));
	if (r == 0)
		note_end(s, end);
	return r;
}

static int sink_rewrite(struct kd_sink *s, uint64_t offset, const void *data, size_t size)
{
	struct sftp_sink *f = from_sink(s);

	if (f->error)
		return f->error;
	if (offset > s->end || size > s->end - offset)
		return -EINVAL;
	return judge(f, kd_sftp_write(&f->file, offset, data, size));
}

static int sink_read(struct kd_sink *s, uint64_t offset, void *data, size_t size)
{
	struct sftp_sink *f = from_sink(s);
	ssize_t n;

	if (f->error)
		return f->error;
	n = kd_sftp_read(&f->file, offset, data, size);
	if (n < 0)
		return (int)n;
	return (size_t)n == size ? 0 : -EINVAL;
}

static int sink_sync(struct kd_sink *s)
{
	struct sftp_sink *f = from_sink(s);

	return f->error ? f->error : judge(f, kd_sftp_sync(&f->file));
}

static void sink_free(struct kd_sink *s)
{
	(void)kd_sftp_close(&from_sink(s)->file);
	free(s);
}

static const struct kd_sink_ops sink_ops = {
	.write = sink_write,
	.rewrite = sink_rewrite,
	.read = sink_read,
	.sync = sink_sync,
	.free = sink_free,
};

int kd_sink_sftp_new(const struct kd_sftp_file *file, const struct kd_sftp_reason *reason,
		     struct kd_sink **ret)
{
	struct sftp_sink *f = calloc(1, sizeof(*f));
	struct kd_sftp_file lost = *file;

	if (!f) {
		(void)kd_sftp_close(&lost);
		return -ENOMEM;
	}
	f->sink.ops = &sink_ops;
	f->file = *file;
	f->reason = *reason;
	*ret = &f->sink;
	return 0;
}

/* A dump is read in two places by turns, descriptors and pages: a piece of each is kept. */
#define N_PIECES   2
#define PIECE_SIZE ((size_t)256 << 10)

/** @offset: UINT64_MAX for an empty one; @used: when it was last read */
struct piece {
	uint64_t offset, used;
	size_t size;
	uint8_t *bytes;
};

struct sftp_view {
	struct kd_file_view view;
	struct kd_sftp_file file;
	pthread_mutex_t lock;
	uint64_t clock;
	struct piece pieces[N_PIECES];
	uint8_t bytes[N_PIECES * PIECE_SIZE];
};

/* The piece that holds @offset, fetched into the one not read for longest. */
static int fetch(struct sftp_view *v, uint64_t offset, struct piece **ret)
{
	uint64_t start = offset - offset % PIECE_SIZE;
	struct piece *p = &v->pieces[0];
	ssize_t n;

	for (size_t i = 0; i < N_PIECES; i++) {
		if (v->pieces[i].offset == start) {
			*ret = &v->pieces[i];
			return 0;
		}
		if (v->pieces[i].used < p->used)
			p = &v->pieces[i];
	}
	p->offset = UINT64_MAX;
	n = kd_sftp_read(&v->file, start, p->bytes, PIECE_SIZE);
	if (n < 0)
		return (int)n;
	p->offset = start;
	p->size = (size_t)n;
	*ret = p;
	return 0;
}

static ssize_t view_read(const struct kd_file_view *view, void *buf, size_t size,
			 uint64_t offset)
{
	struct sftp_view *v = (struct sftp_view *)view;
	size_t got = 0;
	int r = 0;

	(void)pthread_mutex_lock(&v->lock);
	while (got < size) {
		struct piece *p = NULL;
		size_t at, n;

		r = fetch(v, offset + got, &p);
		if (r < 0)
			break;
		p->used = ++v->clock;
		at = (size_t)(offset + got - p->offset);
		if (at >= p->size)
			break;
		n = MIN(size - got, p->size - at);
		memcpy((uint8_t *)buf + got, p->bytes + at, n);
		got += n;
	}
	(void)pthread_mutex_unlock(&v->lock);
	return r < 0 ? r : (ssize_t)got;
}

static void view_free(struct kd_file_view *view)
{
	struct sftp_view *v = (struct sftp_view *)view;

	(void)kd_sftp_close(&v->file);
	(void)pthread_mutex_destroy(&v->lock);
	free(v);
}

static const struct kd_file_view_ops view_ops = {
	.read = view_read,
	.free = view_free,
};

int kd_view_sftp_new(const struct kd_sftp_file *file, uint64_t size,
		     struct kd_file_view **ret)
{
	struct sftp_view *v = calloc(1, sizeof(*v));
	struct kd_sftp_file lost = *file;

	if (!v) {
		(void)kd_sftp_close(&lost);
		return -ENOMEM;
	}
	v->view = (struct kd_file_view) { .ops = &view_ops, .size = size, .fd = -EBADF };
	v->file = *file;
	(void)pthread_mutex_init(&v->lock, NULL);
	for (size_t i = 0; i < N_PIECES; i++)
		v->pieces[i] = (struct piece) { .offset = UINT64_MAX,
						.bytes = v->bytes + i * PIECE_SIZE };
	*ret = &v->view;
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading past the page cache: see direct-view.h. Offsets, sizes and memory are aligned to
 * more than any disk asks for; one that asks for more says so when the view is opened.
 */
#include "base/direct-view.h"

#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>

#include "base/copy.h"
#include "base/io.h"

#define ALIGN	  ((size_t)64 << 10)
#define AHEAD	  (8 * ALIGN)
#define LOOK_BACK ALIGN

/** @bytes: @room of them, which @room also aligns; @n are valid and begin at @start of the
 *  file */
struct piece {
	uint8_t *bytes;
	size_t room;
	uint64_t start;
	size_t n;
};

/**
 * @lock:  of all below
 * @ahead: what goes forward reads
 * @aside: for a look at something before that: the next step forward finds its piece
 *         where it was
 */
struct direct_view {
	struct kd_file_view view;
	pthread_mutex_t lock;
	struct piece ahead, aside;
};

static struct direct_view *direct_view(const struct kd_file_view *v)
{
	return (struct direct_view *)v;
}

static bool holds(const struct piece *p, uint64_t offset)
{
	return offset >= p->start && offset - p->start < p->n;
}

static int load(const struct kd_file_view *v, struct piece *p, uint64_t offset)
{
	uint64_t start = kd_align_down(offset, p->room);
	size_t want = (size_t)MIN(v->size - start, (uint64_t)p->room);
	ssize_t n;

	p->n = 0;
	/* one call: behind a part of a piece nothing is aligned any more */
	do {
		n = pread(v->fd, p->bytes, p->room, (off_t)start);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	if ((size_t)n < want)
		return -EIO;
	p->start = start;
	p->n = want;
	return 0;
}

/* The piece that holds @offset. */
static int find(struct direct_view *d, uint64_t offset, const struct piece **ret)
{
	struct piece *p = &d->ahead;
	int r = 0;

	if (!holds(p, offset)) {
		if (offset < p->start)
			p = &d->aside;
		if (!holds(p, offset))
			r = load(&d->view, p, offset);
	}
	*ret = p;
	return r;
}

static ssize_t read_pieces(struct direct_view *d, uint8_t *buf, size_t size,
			   uint64_t offset)
{
	size_t done = 0;

	while (done < size) {
		const struct piece *p;
		size_t at, part;
		int r = find(d, offset + done, &p);

		if (r < 0)
			return r;
		at = (size_t)(offset + done - p->start);
		part = MIN(size - done, p->n - at);
		kd_copy(buf + done, p->bytes + at, part);
		done += part;
	}
	return (ssize_t)done;
}

static ssize_t view_read(const struct kd_file_view *v, void *buf, size_t size,
			 uint64_t offset)
{
	struct direct_view *d = direct_view(v);
	ssize_t n;

	if (offset >= v->size)
		return 0;
	(void)pthread_mutex_lock(&d->lock);
	n = read_pieces(d, buf, (size_t)MIN((uint64_t)size, v->size - offset), offset);
	(void)pthread_mutex_unlock(&d->lock);
	return n;
}

static void view_free(struct kd_file_view *v)
{
	struct direct_view *d = direct_view(v);

	(void)kd_close(v->fd);
	free(d->ahead.bytes);
	free(d->aside.bytes);
	free(d);
}

static const struct kd_file_view_ops view_ops = {
	.read = view_read,
	.free = view_free,
};

static int make(int dir_fd, const char *path, struct direct_view *d)
{
	struct stat st;

	d->view.fd = openat(dir_fd, path, O_RDONLY | O_DIRECT | O_NOFOLLOW | O_CLOEXEC);
	if (d->view.fd < 0 || fstat(d->view.fd, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -EINVAL;
	d->view.size = (uint64_t)st.st_size;
	d->ahead.bytes = aligned_alloc(ALIGN, d->ahead.room);
	d->aside.bytes = aligned_alloc(ALIGN, d->aside.room);
	if (!d->ahead.bytes || !d->aside.bytes)
		return -ENOMEM;
	/* what does not read this way mostly opens so */
	return d->view.size ? load(&d->view, &d->ahead, 0) : 0;
}

int kd_direct_view_open_at(int dir_fd, const char *path, struct kd_file_view **ret,
			   struct kd_error *err)
{
	struct direct_view *d = malloc(sizeof(*d));
	int r;

	if (!d)
		return kd_fail(err, -ENOMEM, "%s", path);
	*d = (struct direct_view) { .view = { .ops = &view_ops, .fd = -EBADF },
				    .lock = PTHREAD_MUTEX_INITIALIZER,
				    .ahead.room = AHEAD,
				    .aside.room = LOOK_BACK };
	r = make(dir_fd, path, d);
	if (r < 0) {
		view_free(&d->view);
		return kd_fail(err, r, "%s", path);
	}
	*ret = &d->view;
	return 0;
}

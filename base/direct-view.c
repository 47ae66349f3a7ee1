/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading past the page cache: see direct-view.h. Offsets, sizes and memory are aligned to
 * more than any disk asks for; one that asks for more says so when the view is opened.
 */
#include "base/direct-view.h"

#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <sys/stat.h>

#include "base/io.h"

#define PIECE ((size_t)512 << 10)
#define ALIGN ((size_t)64 << 10)

/**
 * @lock:  of all below
 * @piece: PIECE bytes, of them @n from @start on; @n 0 for none
 */
struct direct_view {
	struct kd_file_view view;
	pthread_mutex_t lock;
	uint8_t *piece;
	uint64_t start;
	size_t n;
};

static struct direct_view *direct_view(const struct kd_file_view *v)
{
	return (struct direct_view *)v;
}

/* Make the piece with @offset the current one. */
static int load(struct direct_view *d, uint64_t offset)
{
	uint64_t start = kd_align_down(offset, PIECE);
	size_t want = (size_t)MIN(d->view.size - start, (uint64_t)PIECE);
	ssize_t n;

	if (d->n && d->start == start)
		return 0;
	d->n = 0;
	/* one call: behind a part of a piece nothing is aligned any more */
	do {
		n = pread(d->view.fd, d->piece, PIECE, (off_t)start);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	if ((size_t)n < want)
		return -EIO;
	d->start = start;
	d->n = want;
	return 0;
}

static ssize_t read_pieces(struct direct_view *d, uint8_t *buf, size_t size,
			   uint64_t offset)
{
	size_t done = 0;

	while (done < size) {
		size_t at, part;
		int r = load(d, offset + done);

		if (r < 0)
			return r;
		at = (size_t)(offset + done - d->start);
		part = MIN(size - done, d->n - at);
		memcpy(buf + done, d->piece + at, part);
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
	(void)kd_close(v->fd);
	free(direct_view(v)->piece);
	free(v);
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
	d->piece = aligned_alloc(ALIGN, PIECE);
	if (!d->piece)
		return -ENOMEM;
	/* what does not read this way mostly opens so */
	return d->view.size ? load(d, 0) : 0;
}

int kd_direct_view_open_at(int dir_fd, const char *path, struct kd_file_view **ret,
			   struct kd_error *err)
{
	struct direct_view *d = malloc(sizeof(*d));
	int r;

	if (!d)
		return kd_fail(err, -ENOMEM, "%s", path);
	*d = (struct direct_view) { .view = { .ops = &view_ops, .fd = -EBADF },
				    .lock = PTHREAD_MUTEX_INITIALIZER };
	r = make(dir_fd, path, d);
	if (r < 0) {
		view_free(&d->view);
		return kd_fail(err, r, "%s", path);
	}
	*ret = &d->view;
	return 0;
}

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

#define ALIGN  ((size_t)64 << 10)
#define LARGE  (8 * ALIGN)
#define SMALL  ALIGN
#define LARGES 9 /* as many threads as a capture has, and one */

/** @bytes: @room of them, which @room also aligns; NULL for one that was not needed yet.
 *  @n are valid and begin at @start of the file; @used: when, as d->clock has it */
struct piece {
	uint8_t *bytes;
	size_t room;
	uint64_t start;
	size_t n;
	uint64_t used;
};

/**
 * @lock:   of all below
 * @larges: one for each place from which somebody reads on: a thread, or who follows all
 * @small:  for a look at some other place, which those find their pieces after
 * @looks:  where the last such looks were; the next one replaces the one at @next_look
 */
struct direct_view {
	struct kd_file_view view;
	pthread_mutex_t lock;
	uint64_t clock;
	struct piece larges[LARGES], small;
	uint64_t looks[LARGES];
	size_t next_look;
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

/* Whether who read @p and reads @offset now reads on, a little left out or nothing. */
static bool goes_on(const struct piece *p, uint64_t offset)
{
	return p->n && offset >= p->start + p->n && offset - p->start - p->n < p->room;
}

/* A large piece that is free, or was not used for the longest time; there is always one
 * with memory. */
static struct piece *spare(struct direct_view *d)
{
	struct piece *oldest = &d->larges[0];

	for (size_t i = 0; i < LARGES; i++) {
		struct piece *p = &d->larges[i];

		if (!p->bytes)
			p->bytes = aligned_alloc(ALIGN, p->room);
		if (!p->bytes)
			break;
		if (!p->n)
			return p;
		if (p->used < oldest->used)
			oldest = p;
	}
	return oldest;
}

/* Whether somebody looked there lately, or right before it: it is no mere look. */
static bool was_looked_at(const struct direct_view *d, uint64_t offset)
{
	for (size_t i = 0; i < LARGES; i++)
		if (offset >= d->looks[i] && offset - d->looks[i] < 2 * SMALL)
			return true;
	return false;
}

/* Where @offset is to be loaded. */
static struct piece *choose(struct direct_view *d, uint64_t offset)
{
	for (size_t i = 0; i < LARGES; i++)
		if (goes_on(&d->larges[i], offset))
			return &d->larges[i];
	if (was_looked_at(d, offset))
		return spare(d);
	d->looks[d->next_look] = kd_align_down(offset, SMALL);
	d->next_look = (d->next_look + 1) % LARGES;
	return &d->small;
}

/* The piece that holds @offset. */
static int find(struct direct_view *d, uint64_t offset, const struct piece **ret)
{
	struct piece *p = NULL;
	int r = 0;

	for (size_t i = 0; i < LARGES && !p; i++)
		if (holds(&d->larges[i], offset))
			p = &d->larges[i];
	if (!p && holds(&d->small, offset))
		p = &d->small;
	if (!p) {
		p = choose(d, offset);
		r = load(&d->view, p, offset);
	}
	p->used = ++d->clock;
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
	for (size_t i = 0; i < LARGES; i++)
		free(d->larges[i].bytes);
	free(d->small.bytes);
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
	for (size_t i = 0; i < LARGES; i++) {
		d->larges[i].room = LARGE;
		d->looks[i] = UINT64_MAX;
	}
	d->small.room = SMALL;
	d->larges[0].bytes = aligned_alloc(ALIGN, LARGE);
	d->small.bytes = aligned_alloc(ALIGN, SMALL);
	if (!d->larges[0].bytes || !d->small.bytes)
		return -ENOMEM;
	/* what does not read this way mostly opens so */
	return d->view.size ? load(&d->view, &d->larges[0], 0) : 0;
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

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A file behind a descriptor as a view: see file-view.h. Trusts nothing about what kind
 * of file it is. Called by the readers of dumps.
 */
#include "base/file-view.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "base/io.h"

static ssize_t plain_read(const struct kd_file_view *v, void *buf, size_t size,
			  uint64_t offset)
{
	return kd_pread_full(v->fd, buf, size, offset);
}

static int plain_drop(const struct kd_file_view *v)
{
	return -posix_fadvise(v->fd, 0, 0, POSIX_FADV_DONTNEED);
}

/* Errors but ENXIO, nothing more in it, say that the file system does not know. */
static uint64_t plain_data(const struct kd_file_view *v, uint64_t offset)
{
	off_t at = lseek(v->fd, (off_t)offset, SEEK_DATA);

	if (at < 0)
		return errno == ENXIO ? v->size : offset;
	return (uint64_t)at;
}

static void plain_free(struct kd_file_view *v)
{
	kd_close(v->fd);
	free(v);
}

static const struct kd_file_view_ops plain_ops = {
	.read = plain_read,
	.drop = plain_drop,
	.data = plain_data,
	.free = plain_free,
};

static const struct kd_file_view_ops lent_ops = {
	.read = plain_read,
	.drop = plain_drop,
	.data = plain_data,
};

/* What /proc/vmcore maps is in the page tables before mmap(2) returns: mmap_vmcore() in
 * fs/proc/vmcore.c ends in remap_pfn_range(). */
static bool maps_for_good(int fd)
{
	struct statfs fs;

	return fstatfs(fd, &fs) == 0 && fs.f_type == PROC_SUPER_MAGIC;
}

int kd_file_view_init(struct kd_file_view *ret, int fd)
{
	struct stat st;
	off_t size;

	if (fstat(fd, &st) < 0)
		return -errno;
	/* lseek() also knows the size of a block device. */
	size = S_ISREG(st.st_mode) ? st.st_size : lseek(fd, 0, SEEK_END);
	if (size < 0)
		return -errno;
	*ret = (struct kd_file_view) { .ops = &lent_ops,
				       .size = (uint64_t)size,
				       .fd = fd,
				       .can_map = maps_for_good(fd) };
	return 0;
}

/* Takes @fd over, whatever comes of it. */
static int view_new(int fd, const char *name, struct kd_file_view **ret,
		    struct kd_error *err)
{
	_cleanup_(kd_closep) int own = fd;
	_cleanup_(kd_freep) struct kd_file_view *v = calloc(1, sizeof(*v));
	int r;

	if (!v)
		return kd_fail(err, -ENOMEM, "%s", name);
	r = kd_file_view_init(v, own);
	if (r < 0)
		return kd_fail(err, r, "%s", name);
	v->ops = &plain_ops;
	(void)TAKE_FD(own);
	*ret = TAKE_PTR(v);
	return 0;
}

int kd_file_view_open_at(int dir_fd, const char *path, struct kd_file_view **ret,
			 struct kd_error *err)
{
	int fd = openat(dir_fd, path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

	return fd < 0 ? kd_fail(err, -errno, "%s", path) : view_new(fd, path, ret, err);
}

int kd_file_view_open_fd(int fd, const char *name, struct kd_file_view **ret,
			 struct kd_error *err)
{
	int own = fcntl(fd, F_DUPFD_CLOEXEC, 0);

	return own < 0 ? kd_fail(err, -errno, "%s", name) : view_new(own, name, ret, err);
}

int kd_file_view_read_all(const struct kd_file_view *v, void *buf, size_t size,
			  uint64_t offset)
{
	ssize_t n = kd_file_view_read(v, buf, size, offset);

	if (n < 0)
		return (int)n;
	return (size_t)n == size ? 0 : -EBADMSG;
}

int kd_file_view_drop(const struct kd_file_view *v)
{
	return v->ops->drop ? v->ops->drop(v) : 0;
}

uint64_t kd_file_view_data(const struct kd_file_view *v, uint64_t offset)
{
	return offset < v->size && v->ops->data ? v->ops->data(v, offset) : offset;
}

bool kd_file_view_holds(const struct kd_file_view *v, uint64_t offset, uint64_t size)
{
	if (offset > v->size || size > v->size - offset)
		return false;
	return !v->ops->holds || v->ops->holds(v, offset, size);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A folder of a mounted file system as a place: see place.h. Trusts fsync(2) of the
 * folder to make names last. Made by the targets that mount.
 */
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "base/direct-view.h"
#include "base/io.h"
#include "capture-kernel/below.h"
#include "capture-kernel/place.h"

struct dir {
	struct kd_place place;
	int fd;
	bool direct;
};

static const struct dir *dir_of(const struct kd_place *p)
{
	return (const struct dir *)p;
}

static int fd_of(const struct kd_place *p)
{
	return dir_of(p)->fd;
}

static int enter(struct kd_place *p, const char *path, bool create, struct kd_place **ret,
		 struct kd_error *err)
{
	_cleanup_(kd_closep) int fd = kd_open_below(fd_of(p), path, create, err);
	int r = fd < 0 ? fd : kd_place_dir_new(fd, dir_of(p)->direct, ret, err);

	if (r >= 0)
		(void)TAKE_FD(fd);
	return r;
}

static int make(struct kd_place *p, const char *name, struct kd_error *err)
{
	if (mkdirat(fd_of(p), name, 0700) < 0 || fsync(fd_of(p)) < 0)
		return kd_fail(err, -errno, "%s", name);
	return 0;
}

static int open_new(struct kd_place *p, const char *name, struct kd_sink **ret,
		    struct kd_error *err)
{
	_cleanup_(kd_closep) int fd = -EBADF, direct = -EBADF;
	int r;

	fd = openat(fd_of(p), name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
		    0600);
	if (fd < 0)
		return kd_fail(err, -errno, "%s", name);
	/* without it all goes through the page cache */
	if (dir_of(p)->direct)
		direct = openat(fd_of(p), name,
				O_WRONLY | O_DIRECT | O_NOFOLLOW | O_CLOEXEC);
	r = kd_sink_direct_new(fd, direct, ret, err);
	if (r < 0)
		return kd_fail(err, r, "%s", name);
	(void)TAKE_FD(fd);
	(void)TAKE_FD(direct);
	return 0;
}

/* Past the page cache, or with nothing of the file in it: memory, 9p and a few more have
 * no other way. */
static int open_fresh(struct kd_place *p, const char *name, struct kd_file_view **ret,
		      struct kd_error *err)
{
	_cleanup_(kd_file_view_freep) struct kd_file_view *view = NULL;
	int r = kd_direct_view_open_at(fd_of(p), name, ret, err);

	if (r != -EINVAL && r != -EOPNOTSUPP)
		return r;
	kd_error_reset(err);
	r = kd_file_view_open_at(fd_of(p), name, &view, err);
	if (r < 0)
		return r;
	r = kd_file_view_drop(view);
	if (r < 0)
		return kd_fail(err, r, "%s: page cache", name);
	*ret = TAKE_PTR(view);
	return 0;
}

static int open_old(struct kd_place *p, const char *name, bool fresh,
		    struct kd_file_view **ret, struct kd_error *err)
{
	struct stat st;

	if (fstatat(fd_of(p), name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return kd_fail(err, -errno, "%s", name);
	if (!S_ISREG(st.st_mode))
		return kd_fail(err, -ELOOP, "%s", name);
	return fresh ? open_fresh(p, name, ret, err)
		     : kd_file_view_open_at(fd_of(p), name, ret, err);
}

/* fs/ext4/ext4.h since 5.15: the journal's blocks go where they belong; others refuse it */
#define CHECKPOINT _IOW('f', 43, uint32_t)

/* syncfs(2) tells of write errors since 5.8 (commit 735e4ae5ba28). What is only in a journal
 * needs blocks to be brought back from there, which a thin pool may not have any more. */
static int settle(struct kd_place *p, struct kd_error *err)
{
	const uint32_t flags = 0;

	if (syncfs(fd_of(p)) < 0 ||
	    (ioctl(fd_of(p), CHECKPOINT, &flags) < 0 && errno == EIO))
		return kd_fail(err, -errno, "writing back");
	return 0;
}

static int change_name(struct kd_place *p, const char *from, const char *to,
		       struct kd_error *err)
{
	if (renameat(fd_of(p), from, fd_of(p), to) < 0 || fsync(fd_of(p)) < 0)
		return kd_fail(err, -errno, "%s", to);
	return 0;
}

static int remove_file(struct kd_place *p, const char *name, struct kd_error *err)
{
	return unlinkat(fd_of(p), name, 0) < 0 ? kd_fail(err, -errno, "%s", name) : 0;
}

static int cut(struct kd_place *p, const char *name, uint64_t size, struct kd_error *err)
{
	_cleanup_(kd_closep) int fd = openat(fd_of(p), name,
					     O_WRONLY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0 || ftruncate(fd, (off_t)size) < 0 || fsync(fd) < 0)
		return kd_fail(err, -errno, "%s", name);
	return 0;
}

static int list(struct kd_place *p, kd_place_look_fn *look, void *context,
		struct kd_error *err)
{
	_cleanup_(kd_closedirp) DIR *dir = NULL;
	struct dirent *e;
	int r = kd_opendir_at(fd_of(p), ".", &dir);

	if (r < 0)
		return kd_fail(err, r, "folder");
	for (unsigned int i = 0; i < KD_PLACE_NAMES && (e = readdir(dir)); i++)
		if (!look(context, e->d_name))
			break;
	return 0;
}

static int space(struct kd_place *p, uint64_t *ret, struct kd_error *err)
{
	struct statvfs st;

	if (fstatvfs(fd_of(p), &st) < 0)
		return kd_fail(err, -errno, "free space");
	/* root writes here, and root may have what is set aside */
	*ret = (uint64_t)st.f_bfree * st.f_frsize;
	return 0;
}

static void dir_free(struct kd_place *p)
{
	(void)kd_close(fd_of(p));
	free(p);
}

static const struct kd_place_ops dir_ops = {
	.enter = enter,
	.make = make,
	.write = open_new,
	.read = open_old,
	.settle = settle,
	.rename = change_name,
	.remove = remove_file,
	.cut = cut,
	.list = list,
	.space = space,
	.folder = fd_of,
	.free = dir_free,
};

int kd_place_dir_new(int dir_fd, bool direct, struct kd_place **ret, struct kd_error *err)
{
	struct dir *d = malloc(sizeof(*d));

	if (!d)
		return kd_fail(err, -ENOMEM, "folder");
	*d = (struct dir) { .place = { .ops = &dir_ops },
			    .fd = dir_fd,
			    .direct = direct };
	*ret = &d->place;
	return 0;
}

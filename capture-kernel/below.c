/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Folders below a root: see below.h. Trusts openat2(2) to keep look-ups inside; the
 * target's own links are not trusted. Called by target.c and the phases.
 */
#include "capture-kernel/below.h"

#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>

/* @parent and @name are the fall-back's view of the same folder. */
static int open_folder(int root_fd, const char *path, int parent, const char *name)
{
	const struct open_how how = {
		.flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC,
		.resolve = RESOLVE_IN_ROOT,
	};
	int fd = (int)syscall(SYS_openat2, root_fd, path, &how, sizeof(how));

	if (fd < 0 && errno == ENOSYS)
		fd = openat(parent, name,
			    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static int make_folder(int parent, const char *name)
{
	if (mkdirat(parent, name, 0700) < 0)
		return errno == EEXIST ? 0 : -errno;
	return fsync(parent) < 0 ? -errno : 0;
}

/* Step from *fd, which is replaced, to the folder of the first @end bytes of @path. */
static int step(int root_fd, int *fd, char *path, const char *name, bool create)
{
	int r, next = open_folder(root_fd, path, *fd, name);

	if (next == -ENOENT && create) {
		r = make_folder(*fd, name);
		if (r < 0)
			return r;
		next = open_folder(root_fd, path, *fd, name);
	}
	if (next < 0)
		return next;
	(void)kd_close(*fd);
	*fd = next;
	return 0;
}

int kd_open_below(int root_fd, const char *path, bool create, struct kd_error *err)
{
	_cleanup_(kd_closep) int fd = -EBADF;
	char part[PATH_MAX], *name, *end;
	int r;

	if (strlen(path) >= sizeof(part))
		return kd_fail(err, -ENAMETOOLONG, "%s", path);
	memcpy(part, path, strlen(path) + 1);
	fd = openat(root_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return kd_fail(err, -errno, "%s", path);

	for (name = part; *name; name = end) {
		char saved;

		name += strspn(name, "/");
		end = name + strcspn(name, "/");
		if (end == name)
			break;
		saved = *end;
		*end = '\0';
		r = step(root_fd, &fd, part, name, create);
		if (r < 0)
			return kd_fail(err, r, "%s", part);
		*end = saved;
	}
	return TAKE_FD(fd);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Atomic file replacement: see atomic-file.h. Trusts rename(2) to be atomic within one
 * directory and fsync(2) of our own descriptor to report write errors; a second open
 * would miss them (the kernel hands an error out once). Called by daemon and pid 1.
 */
#include "base/atomic-file.h"

#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#include "base/io.h"

/* Split @path, shorter than PATH_MAX, into its folder (into @dir) and its last
 * component (returned). */
static const char *split(const char *path, char dir[static PATH_MAX])
{
	const char *slash = strrchr(path, '/');
	size_t n;

	if (!slash) {
		memcpy(dir, ".", 2);
		return path;
	}
	n = slash == path ? 1 : (size_t)(slash - path);
	memcpy(dir, path, n);
	dir[n] = '\0';
	return slash + 1;
}

static int open_parent(int dir_fd, const char *path, const char **ret_name,
		       struct kd_error *err)
{
	char dir[PATH_MAX];
	const char *name;
	int fd;

	if (strlen(path) >= PATH_MAX)
		return kd_fail(err, -ENAMETOOLONG, "%s", path);
	name = split(path, dir);
	fd = openat(dir_fd, dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return kd_fail(err, -errno, "%s", dir);
	if (ret_name)
		*ret_name = name;
	return fd;
}

static int write_temporary(int parent, const char *tmp, const void *data, size_t size,
			   mode_t mode)
{
	_cleanup_(kd_closep) int fd = -EBADF;
	int r;

	if (unlinkat(parent, tmp, 0) < 0 && errno != ENOENT)
		return -errno;
	fd = openat(parent, tmp, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
		    0600);
	if (fd < 0)
		return -errno;
	r = kd_write_full(fd, data, size);
	if (r < 0)
		return r;
	if (fchmod(fd, mode) < 0 || fsync(fd) < 0)
		return -errno;
	return 0;
}

int kd_replace_file_at(int dir_fd, const char *path, const void *data, size_t size,
		       mode_t mode, struct kd_error *err)
{
	_cleanup_(kd_closep) int parent = -EBADF;
	char tmp[NAME_MAX + 1];
	const char *name;
	int r;

	parent = open_parent(dir_fd, path, &name, err);
	if (parent < 0)
		return parent;
	r = snprintf(tmp, sizeof(tmp), ".#%s.tmp", name);
	if (r < 0 || (size_t)r >= sizeof(tmp))
		return kd_fail(err, -ENAMETOOLONG, "%s", path);

	r = write_temporary(parent, tmp, data, size, mode);
	if (r >= 0 && renameat(parent, tmp, parent, name) < 0)
		r = -errno;
	if (r < 0) {
		(void)unlinkat(parent, tmp, 0);
		return kd_fail(err, r, "%s", path);
	}
	return fsync(parent) < 0 ? kd_fail(err, -errno, "%s", path) : 0;
}

int kd_fsync_parent_at(int dir_fd, const char *path, struct kd_error *err)
{
	_cleanup_(kd_closep) int parent = -EBADF;

	parent = open_parent(dir_fd, path, NULL, err);
	if (parent < 0)
		return parent;
	return fsync(parent) < 0 ? kd_fail(err, -errno, "%s", path) : 0;
}

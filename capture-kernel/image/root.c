/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files below a root: see root.h. openat2(2) does the walk, so no link is resolved by
 * hand here. Called by closure, module-list, tree and compression.
 */
#include "capture-kernel/image/root.h"

#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "base/io.h"

int kd_root_open(int root_fd, const char *path, int flags)
{
	struct open_how how = {
		.flags = (uint64_t)(unsigned int)(flags | O_CLOEXEC),
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
	};
	long fd;

	/* -EAGAIN: a rename elsewhere raced with ".."; openat2(2) says to try again. */
	for (int attempt = 0; attempt < 16; attempt++) {
		fd = syscall(SYS_openat2, root_fd, path, &how, sizeof(how));
		if (fd >= 0)
			return (int)fd;
		if (errno != EAGAIN && errno != EINTR)
			break;
	}
	return -errno;
}

static int path_of_fd(int fd, char *buf, size_t size)
{
	char link[64];
	ssize_t n;

	(void)snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, buf, size);
	if (n < 0)
		return -errno;
	if ((size_t)n >= size)
		return -ENAMETOOLONG;
	buf[n] = '\0';
	return (int)n;
}

int kd_root_realpath(int root_fd, const char *path, char **ret)
{
	_cleanup_(kd_closep) int fd = -EBADF;
	char root[PATH_MAX], full[PATH_MAX];
	char *copy;
	int n;

	fd = kd_root_open(root_fd, path, O_PATH);
	if (fd < 0)
		return fd;
	n = path_of_fd(root_fd, root, sizeof(root));
	if (n < 0)
		return n;
	if (n == 1) /* "/" is a prefix of no length */
		n = 0;
	if (path_of_fd(fd, full, sizeof(full)) < 0)
		return -ENAMETOOLONG;
	if (strncmp(full, root, (size_t)n) != 0)
		return -EXDEV;

	copy = strdup(full[n] ? full + n : "/");
	if (!copy)
		return -ENOMEM;
	*ret = copy;
	return 0;
}

int kd_root_read(int root_fd, const char *path, size_t max, char **ret, size_t *ret_size,
		 struct kd_error *err)
{
	_cleanup_(kd_closep) int fd = -EBADF;
	_cleanup_(kd_freep) char *buf = NULL;
	struct stat st;
	ssize_t n;

	fd = kd_root_open(root_fd, path, O_RDONLY | O_NOCTTY | O_NONBLOCK);
	if (fd < 0)
		return kd_fail(err, fd, "%s", path);
	if (fstat(fd, &st) < 0)
		return kd_fail(err, -errno, "%s", path);
	if (S_ISDIR(st.st_mode))
		return kd_fail(err, -EISDIR, "%s", path);
	if (!S_ISREG(st.st_mode))
		return kd_fail_msg(err, -EINVAL, "%s: not a regular file", path);
	if ((uint64_t)st.st_size > max)
		return kd_fail(err, -EFBIG, "%s", path);

	buf = malloc((size_t)st.st_size + 1);
	if (!buf)
		return kd_fail(err, -ENOMEM, "%s", path);
	n = kd_pread_full(fd, buf, (size_t)st.st_size, 0);
	if (n < 0)
		return kd_fail(err, (int)n, "%s", path);

	buf[n] = '\0';
	*ret = TAKE_PTR(buf);
	*ret_size = (size_t)n;
	return 0;
}

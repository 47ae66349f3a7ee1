/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whole reads and writes: see io.h. Trusts neither sizes from stat(2), which /proc
 * and /sys leave at 0 or a page, nor a single read(2) or write(2) to be complete.
 * Called by every module.
 */
#include "base/io.h"

#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#include "base/parse.h"

#define READ_CHUNK 4096

/* @offset: NULL for the current position, as pread(2) has no such value */
static ssize_t read_all(int fd, void *buf, size_t size, const uint64_t *offset)
{
	size_t done = 0;

	while (done < size) {
		char *at = (char *)buf + done;
		ssize_t n = offset ? pread(fd, at, size - done, (off_t)(*offset + done))
				   : read(fd, at, size - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			break;
		done += (size_t)n;
	}
	return (ssize_t)done;
}

static int write_all(int fd, const void *buf, size_t size, const uint64_t *offset)
{
	size_t done = 0;

	while (done < size) {
		const char *at = (const char *)buf + done;
		ssize_t n = offset ? pwrite(fd, at, size - done, (off_t)(*offset + done))
				   : write(fd, at, size - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			return -EIO;
		done += (size_t)n;
	}
	return 0;
}

ssize_t kd_pread_full(int fd, void *buf, size_t size, uint64_t offset)
{
	return read_all(fd, buf, size, &offset);
}

ssize_t kd_read_full(int fd, void *buf, size_t size)
{
	return read_all(fd, buf, size, NULL);
}

int kd_pwrite_full(int fd, const void *buf, size_t size, uint64_t offset)
{
	return write_all(fd, buf, size, &offset);
}

int kd_write_full(int fd, const void *buf, size_t size)
{
	return write_all(fd, buf, size, NULL);
}

int kd_read_file_at(int dir_fd, const char *path, size_t max, char **ret,
		    size_t *ret_size, struct kd_error *err)
{
	_cleanup_(kd_closep) int fd = -EBADF;
	_cleanup_(kd_freep) char *buf = NULL;
	size_t size = 0, room = 0;

	fd = openat(dir_fd, path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return kd_fail(err, -errno, "%s", path);

	for (;;) {
		ssize_t n;

		if (size == room) {
			char *bigger;

			room = room ? room * 2 : READ_CHUNK;
			bigger = realloc(buf, room + 1);
			if (!bigger)
				return kd_fail(err, -ENOMEM, "%s", path);
			buf = bigger;
		}
		n = kd_read_full(fd, buf + size, room - size);
		if (n < 0)
			return kd_fail(err, (int)n, "%s", path);
		if (n == 0)
			break;
		size += (size_t)n;
		if (size > max)
			return kd_fail(err, -EFBIG, "%s", path);
	}

	buf[size] = '\0';
	*ret = TAKE_PTR(buf);
	if (ret_size)
		*ret_size = size;
	return 0;
}

int kd_read_line_at(int dir_fd, const char *path, char *buf, size_t size,
		    struct kd_error *err)
{
	_cleanup_(kd_closep) int fd = -EBADF;
	ssize_t n;

	fd = openat(dir_fd, path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return kd_fail(err, -errno, "%s", path);
	n = kd_read_full(fd, buf, size);
	if (n < 0)
		return kd_fail(err, (int)n, "%s", path);
	if ((size_t)n == size)
		return kd_fail(err, -EFBIG, "%s", path);
	buf[n] = '\0';
	buf[strcspn(buf, "\n")] = '\0';
	return 0;
}

int kd_read_u64_at(int dir_fd, const char *path, uint64_t *ret, struct kd_error *err)
{
	char line[64];
	int r;

	r = kd_read_line_at(dir_fd, path, line, sizeof(line), err);
	if (r < 0)
		return r;
	r = kd_parse_u64(line, ret);
	return r < 0 ? kd_fail(err, r, "%s: \"%s\" is not a number", path, line) : 0;
}

int kd_write_string_at(int dir_fd, const char *path, const char *text,
		       struct kd_error *err)
{
	_cleanup_(kd_closep) int fd = -EBADF;
	int r;

	fd = openat(dir_fd, path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return kd_fail(err, -errno, "%s", path);
	r = kd_write_full(fd, text, strlen(text));
	return r < 0 ? kd_fail(err, r, "%s", path) : 0;
}

int kd_opendir_at(int dir_fd, const char *path, DIR **ret)
{
	int fd = openat(dir_fd, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	*ret = fdopendir(fd);
	if (*ret)
		return 0;
	(void)kd_close(fd);
	return -ENOMEM;
}

int kd_mkdir_p_at(int dir_fd, const char *path, mode_t mode, struct kd_error *err)
{
	char part[PATH_MAX];
	size_t n = strlen(path);

	if (n >= sizeof(part))
		return kd_fail(err, -ENAMETOOLONG, "%s", path);

	for (size_t i = 1; i <= n; i++) {
		if (path[i] != '/' && path[i] != '\0')
			continue;
		memcpy(part, path, i);
		part[i] = '\0';
		if (mkdirat(dir_fd, part, mode) < 0 && errno != EEXIST)
			return kd_fail(err, -errno, "%s", part);
	}
	return 0;
}

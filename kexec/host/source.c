/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Small files and numbered folders: see source.h. A number that cannot be understood is
 * the kernel speaking another format than we know, so never guessed at.
 */
#include "kexec/host/source.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>

#include "base/guard.h"
#include "base/io.h"
#include "base/parse.h"

#define LINE_SIZE 64

static int read_number(int root_fd, const char *path,
		       int (*parse)(const char *text, uint64_t *ret), uint64_t *ret,
		       struct kd_error *err)
{
	char line[LINE_SIZE];
	int r;

	r = kd_read_line_at(root_fd, path, line, sizeof(line), err);
	if (r == -ENOENT) {
		kd_error_reset(err);
		return r;
	}
	if (r < 0 && r != -EFBIG)
		return r;
	if (r == -EFBIG || parse(kd_strip(line), ret) < 0) {
		kd_error_reset(err);
		return kd_fail(err, -EBADMSG, "/%s:1", path);
	}
	return 0;
}

int kd_source_hex(int root_fd, const char *path, uint64_t *ret, struct kd_error *err)
{
	return read_number(root_fd, path, kd_parse_hex, ret, err);
}

int kd_source_number(int root_fd, const char *path, uint64_t *ret, struct kd_error *err)
{
	return read_number(root_fd, path, kd_parse_u64, ret, err);
}

int kd_source_file(int root_fd, const char *path, size_t max, char **ret,
		   size_t *ret_size, struct kd_error *err)
{
	int r;

	r = kd_read_file_at(root_fd, path, max, ret, ret_size, err);
	if (r != -ENOENT)
		return r;
	kd_error_reset(err);
	*ret = NULL;
	*ret_size = 0;
	return 0;
}

int kd_source_head(int root_fd, const char *path, char *buf, size_t size,
		   struct kd_error *err)
{
	_cleanup_(kd_closep) int fd = -EBADF;
	ssize_t n;

	fd = openat(root_fd, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? 0 : kd_fail(err, -errno, "/%s", path);
	n = kd_read_full(fd, buf, size);
	return n < 0 ? kd_fail(err, (int)n, "/%s", path) : (int)n;
}

void kd_numbers_done(struct kd_numbers *numbers)
{
	free(numbers->items);
	*numbers = (struct kd_numbers) { 0 };
}

static bool numbered(const char *name, const char *prefix, uint32_t *ret)
{
	uint64_t v;

	if (strncmp(name, prefix, strlen(prefix)) != 0)
		return false;
	name += strlen(prefix);
	/* "0x1" would be a number, too, and is no entry */
	if (strspn(name, "0123456789") != strlen(name) || kd_parse_u64(name, &v) < 0 ||
	    v > UINT32_MAX)
		return false;
	*ret = (uint32_t)v;
	return true;
}

static int by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static int add_number(struct kd_numbers *numbers, uint32_t number, size_t max)
{
	uint32_t *items;

	if (numbers->n >= max)
		return -EBADMSG;
	if ((numbers->n & (numbers->n + 1)) == 0) { /* full at each power of two less 1 */
		items = reallocarray(numbers->items, numbers->n * 2 + 1, sizeof(*items));
		if (!items)
			return -ENOMEM;
		numbers->items = items;
	}
	numbers->items[numbers->n++] = number;
	return 0;
}

int kd_source_numbered(int root_fd, const char *path, const char *prefix, size_t max,
		       struct kd_numbers *ret, struct kd_error *err)
{
	_cleanup_(kd_numbers_done) struct kd_numbers found = { 0 };
	_cleanup_(kd_closedirp) DIR *dir = NULL;
	struct dirent *entry;
	int r;

	r = kd_opendir_at(root_fd, path, &dir);
	if (r < 0 && r != -ENOENT)
		return kd_fail(err, r, "/%s", path);
	while (dir && (errno = 0, entry = readdir(dir))) {
		uint32_t number;

		if (!numbered(entry->d_name, prefix, &number))
			continue;
		r = add_number(&found, number, max);
		if (r < 0)
			return kd_fail(err, r, "/%s: more than %zu entries", path, max);
	}
	if (dir && errno)
		return kd_fail(err, -errno, "/%s", path);
	if (found.n > 1)
		qsort(found.items, found.n, sizeof(*found.items), by_number);
	*ret = found;
	found = (struct kd_numbers) { 0 };
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A temporary folder that stands for "/" in tests of code that takes a root_fd.
 * Removed with all below it when the guard ends.
 */
#pragma once

#include <fcntl.h>
#include <ftw.h>
#include <sys/stat.h>

#include "base/io.h"
#include "tests/unit/test.h"

struct fake_root {
	char path[64];
	int fd;
};

static inline struct fake_root fake_root_new(void)
{
	struct fake_root root = { .path = "/tmp/kdumpd-test-XXXXXX", .fd = -EBADF };

	if (mkdtemp(root.path))
		root.fd = open(root.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (root.fd < 0) {
		perror(root.path);
		exit(EXIT_FAILURE);
	}
	return root;
}

static inline int fake_root_remove(const char *path, const struct stat *st, int type,
				   struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static inline void fake_root_done(struct fake_root *root)
{
	root->fd = kd_close(root->fd);
	(void)nftw(root->path, fake_root_remove, 8, FTW_DEPTH | FTW_PHYS);
}

/** Make @path with its folders hold @size bytes of @data. */
static inline void fake_file(const struct fake_root *root, const char *path,
			     const void *data, size_t size)
{
	char folder[256];
	char *slash;
	int fd;

	(void)snprintf(folder, sizeof(folder), "%s", path);
	slash = strrchr(folder, '/');
	if (slash) {
		*slash = '\0';
		(void)kd_mkdir_p_at(root->fd, folder, 0700, NULL);
	}
	fd = openat(root->fd, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0 || kd_write_full(fd, data, size) < 0) {
		perror(path);
		exit(EXIT_FAILURE);
	}
	(void)kd_close(fd);
}

static inline void fake_text(const struct fake_root *root, const char *path,
			     const char *text)
{
	fake_file(root, path, text, strlen(text));
}

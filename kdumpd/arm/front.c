/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An archive in front of the image: see front.h. Trusts /proc to open the memfd anew: a
 * kernel takes no file that somebody may still write to. Called by arm-load.c.
 */
#include "kdumpd/arm/front.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "base/io.h"
#include "capture-kernel/image/cpio.h"
#include "capture-kernel/image/root.h"
#include "makedumpfile/layout/running.h"

#define KEY_MAX	    65536
#define PIECE	    65536
#define PATH_FOLDER "kdump/ssh"

static int put(void *arg, const void *data, size_t size)
{
	return kd_write_full(*(const int *)arg, data, size);
}

static int read_key(int root_fd, const char *path, char ret[static KEY_MAX],
		    struct kd_error *err)
{
	_cleanup_(kd_closep) int fd = kd_root_open(root_fd, path, O_RDONLY | O_NONBLOCK);
	struct stat st;
	ssize_t n;

	if (fd < 0 || fstat(fd, &st) < 0)
		return kd_fail(err, fd < 0 ? fd : -errno, "%s", path);
	if (st.st_mode & 077)
		return kd_fail_msg(err, -EPERM, "%s may be read by others", path);
	n = kd_read_full(fd, ret, KEY_MAX);
	if (n == 0)
		return kd_fail_msg(err, -ENODATA,
				   "%s is empty: it has to hold a private key", path);
	if (n >= KEY_MAX)
		n = -EFBIG;
	return n < 0 ? kd_fail(err, (int)n, "%s", path) : (int)n;
}

/** What goes in front. @key: wiped when done */
struct front {
	char key[KEY_MAX];
	size_t key_size;
	char *info;
	size_t info_size;
};

static void front_done(struct front *f)
{
	explicit_bzero(f->key, sizeof(f->key));
	free(f->info);
}

static int gather(struct front *f, int root_fd, const char *key, struct kd_error *err)
{
	int size;

	/* under lockdown=confidentiality for one it cannot be had */
	(void)kd_running_vmcoreinfo_text(root_fd, &f->info, &f->info_size,
					 /* err= */ NULL);
	if (!key[0])
		return f->info ? 0 : -ENODATA;
	size = read_key(root_fd, key, f->key, err);
	if (size < 0)
		return size;
	f->key_size = (size_t)size;
	return 0;
}

static int write_archive(int fd, const struct front *f, struct kd_error *err)
{
	const struct kd_cpio_entry entries[] = {
		{ .path = "kdump", .mode = S_IFDIR | 0755 },
		{ .path = "kdump/vmcoreinfo",
		  .mode = S_IFREG | 0600,
		  .data = f->info,
		  .size = f->info_size },
		{ .path = PATH_FOLDER, .mode = S_IFDIR | 0700 },
		{ .path = PATH_FOLDER "/key",
		  .mode = S_IFREG | 0600,
		  .data = f->key,
		  .size = f->key_size },
	};
	size_t n = f->key_size ? ARRAY_SIZE(entries) : 2;
	struct kd_cpio cpio;
	int r = 0;

	kd_cpio_init(&cpio, put, &fd);
	for (size_t i = 0; r == 0 && i < n; i++)
		if (entries[i].size || S_ISDIR(entries[i].mode))
			r = kd_cpio_add(&cpio, &entries[i], err);
	if (r == 0)
		r = kd_cpio_finish(&cpio, err);
	/* what follows begins at a multiple of four */
	if (r == 0 && cpio.bytes % 4)
		r = kd_write_full(fd, "\0\0\0", (size_t)(4 - cpio.bytes % 4));
	return r < 0 ? kd_fail(err, r, "what goes in front of the image") : 0;
}

static int copy(int to, int from)
{
	_cleanup_(kd_freep) char *piece = malloc(PIECE);
	uint64_t offset = 0;
	ssize_t n;
	int r = 0;

	if (!piece)
		return -ENOMEM;
	while (r == 0 && (n = kd_pread_full(from, piece, PIECE, offset)) != 0) {
		if (n < 0)
			return (int)n;
		r = kd_write_full(to, piece, (size_t)n);
		offset += (uint64_t)n;
	}
	return r;
}

int kd_front_image(int root_fd, int image_fd, const char *key, struct kd_error *err)
{
	_cleanup_(kd_closep) int fd = memfd_create("kdump-image", MFD_CLOEXEC);
	_cleanup_(front_done) struct front front = { .info = NULL };
	char path[32];
	int r, ret;

	if (fd < 0)
		return kd_fail(err, -errno, "image in memory");
	r = gather(&front, root_fd, key, err);
	if (r >= 0)
		r = write_archive(fd, &front, err);
	if (r < 0)
		return r;
	r = copy(fd, image_fd);
	if (r < 0)
		return kd_fail(err, r, "image in memory");
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	ret = open(path, O_RDONLY | O_CLOEXEC);
	return ret < 0 ? kd_fail(err, -errno, "image in memory") : ret;
}

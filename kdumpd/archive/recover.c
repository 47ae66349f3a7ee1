/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Taking dumps over: see recover.h. A file is written under a temporary name, synced,
 * checked by length and SHA-256 of what was read, and renamed. Called by kdumpctl-raw.c.
 */
#include "kdumpd/archive/recover.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/io.h"

#define COPY_BYTES (1u << 20)
#define TEMPORARY  ".#recover.tmp"

/* Final names, and what a file is called whose bytes are not the ones that were
 * written. */
static const struct {
	const char *name, *damaged;
} names[] = {
	{ "vmcore", "vmcore-incomplete" },
	{ "vmcore-mini", "vmcore-mini-incomplete" },
	{ "vmcore-dmesg.txt", "vmcore-dmesg-incomplete.txt" },
};

/* "var/crash/host-date/vmcore": only the last two count here. */
static int split(const char *path, char folder[KD_RAW_PATH], const char **ret_name)
{
	const char *name = strrchr(path, '/'), *start;

	if (!name)
		return -EBADMSG;
	for (start = name; start > path && start[-1] != '/'; start--)
		;
	memcpy(folder, start, (size_t)(name - start));
	folder[name - start] = '\0';
	*ret_name = name + 1;
	return 0;
}

static int open_folder(int dir_fd, const char *folder)
{
	int fd;

	if (mkdirat(dir_fd, folder, 0700) < 0 && errno != EEXIST)
		return -errno;
	fd = openat(dir_fd, folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/* Read @f's bytes, and copy them unless @to_fd is negative; *ret_sha256 is of them. */
static int copy(int raw_fd, const struct kd_raw_file *f, int to_fd,
		uint8_t ret_sha256[KD_SHA256_SIZE])
{
	_cleanup_(kd_freep) uint8_t *buf = malloc(COPY_BYTES);
	struct kd_sha256 h;
	ssize_t n;
	int r;

	if (!buf)
		return -ENOMEM;
	kd_sha256_init(&h, kd_sha256_best());
	for (uint64_t at = 0; at < f->length; at += (uint64_t)n) {
		n = kd_pread_full(raw_fd, buf,
				  (size_t)MIN((uint64_t)COPY_BYTES, f->length - at),
				  f->offset + at);
		if (n <= 0)
			return n < 0 ? (int)n : -EIO;
		kd_sha256_update(&h, buf, (size_t)n);
		r = to_fd < 0 ? 0 : kd_write_full(to_fd, buf, (size_t)n);
		if (r < 0)
			return r;
	}
	kd_sha256_final(&h, ret_sha256);
	return to_fd >= 0 && fsync(to_fd) < 0 ? -errno : 0;
}

static const char *final_name(const char *name, bool damaged)
{
	for (size_t i = 0; damaged && i < ARRAY_SIZE(names); i++)
		if (strcmp(name, names[i].name) == 0)
			return names[i].damaged;
	return name;
}

/* Whether a file an earlier attempt took over is there: as long, and with these bytes. */
static bool is_there(int folder_fd, const char *name, const struct kd_raw_file *f,
		     const uint8_t sha256[KD_SHA256_SIZE])
{
	_cleanup_(kd_closep) int fd = openat(folder_fd, name,
					     O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	const struct kd_raw_file all = { .length = f->length };
	uint8_t digest[KD_SHA256_SIZE];
	struct stat st;

	return fd >= 0 && fstat(fd, &st) >= 0 && S_ISREG(st.st_mode) &&
	       (uint64_t)st.st_size == f->length &&
	       copy(fd, &all, /* to_fd= */ -EBADF, digest) >= 0 &&
	       memcmp(digest, sha256, sizeof(digest)) == 0;
}

static int commit(int folder_fd, const char *name, const struct kd_raw_file *f,
		  const uint8_t sha256[KD_SHA256_SIZE])
{
	/* never over a file that is there */
	if (linkat(folder_fd, TEMPORARY, folder_fd, name, 0) < 0) {
		if (errno != EEXIST)
			return -errno;
		if (!is_there(folder_fd, name, f, sha256))
			return -EEXIST;
	}
	if (unlinkat(folder_fd, TEMPORARY, 0) < 0 || fsync(folder_fd) < 0)
		return -errno;
	return 0;
}

static int take_into(int raw_fd, const struct kd_raw_file *f, int folder_fd,
		     const char *name, struct kd_recovered *done)
{
	_cleanup_(kd_closep) int fd = -EBADF;
	uint8_t sha256[KD_SHA256_SIZE];
	bool damaged;
	int r;

	if (unlinkat(folder_fd, TEMPORARY, 0) < 0 && errno != ENOENT)
		return -errno;
	fd = openat(folder_fd, TEMPORARY,
		    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	r = copy(raw_fd, f, fd, sha256);
	damaged = !f->whole || memcmp(sha256, f->sha256, sizeof(sha256)) != 0;
	if (r >= 0)
		r = commit(folder_fd, final_name(name, damaged), f, sha256);
	if (r < 0) {
		(void)unlinkat(folder_fd, TEMPORARY, 0);
		return r;
	}
	done->files++;
	done->damaged += f->whole && damaged;
	done->bytes += f->length;
	return 0;
}

static int take(int raw_fd, const struct kd_raw_file *f, int dir_fd,
		struct kd_recovered *done, struct kd_error *err)
{
	_cleanup_(kd_closep) int folder_fd = -EBADF;
	char folder[KD_RAW_PATH];
	const char *name;
	int r = split(f->path, folder, &name);

	if (r >= 0)
		r = folder_fd = open_folder(dir_fd, folder);
	if (r >= 0)
		r = take_into(raw_fd, f, folder_fd, name, done);
	return r < 0 ? kd_fail(err, r, "%s", f->path) : 0;
}

int kd_recover(int raw_fd, uint64_t size, int dir_fd, struct kd_recovered *ret,
	       struct kd_error *err)
{
	_cleanup_(kd_freep) struct kd_raw *raw = malloc(sizeof(*raw));
	struct kd_recovered done = { 0 };
	int r;

	if (!raw)
		return kd_fail(err, -ENOMEM, "raw partition");
	r = kd_raw_load(raw_fd, size, raw, err);
	for (size_t i = 0; r >= 0 && i < raw->n; i++)
		r = take(raw_fd, &raw->files[i], dir_fd, &done, err);
	if (r < 0)
		return r;
	if (raw->n > 0) {
		if (fsync(dir_fd) < 0)
			return kd_fail(err, -errno, "dump folder");
		raw->n = 0;
		r = kd_raw_store(raw_fd, raw, err);
		if (r < 0)
			return r;
	}
	*ret = done;
	return 0;
}

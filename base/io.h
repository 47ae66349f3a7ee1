/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whole reads and writes: EINTR and short counts handled once, here. Every path is
 * relative to a directory descriptor so that tests can supply a fake root. Trusts
 * nothing about file sizes: each read names its limit. Used by every module.
 */
#pragma once

#include <sys/types.h>

#include "base/error.h"
#include "base/types.h"

/** Read up to @size bytes at @offset; short only at end of file.
 *  Returns the number of bytes read, or negative errno. */
ssize_t kd_pread_full(int fd, void *buf, size_t size, uint64_t offset);

/** Read up to @size bytes from the current position; short only at end of file.
 *  Returns the number of bytes read, or negative errno. */
ssize_t kd_read_full(int fd, void *buf, size_t size);

/** Write all of @buf at @offset. Returns 0 or negative errno (-ENOSPC, -EIO …). */
int kd_pwrite_full(int fd, const void *buf, size_t size, uint64_t offset);

/** Write all of @buf at the current position. Returns 0 or negative errno. */
int kd_write_full(int fd, const void *buf, size_t size);

/**
 * Read a whole file, size unknown beforehand (/proc and /sys included).
 *
 * @max:      more bytes than this give -EFBIG
 * @ret:      NUL-terminated for convenience, owned by the caller: free()
 * @ret_size: bytes without the NUL; may be NULL
 * Errors: those of openat(2) and read(2), -EFBIG, -ENOMEM.
 */
int kd_read_file_at(int dir_fd, const char *path, size_t max, char **ret,
		    size_t *ret_size, struct kd_error *err);

/**
 * Read a small one-line file (sysfs style) into @buf, the trailing newline cut.
 * Returns 0 or negative errno; -EFBIG when it does not fit @size with its NUL.
 */
int kd_read_line_at(int dir_fd, const char *path, char *buf, size_t size,
		    struct kd_error *err);

/** Read a one-line file holding an unsigned number (0x and decimal alike). */
int kd_read_u64_at(int dir_fd, const char *path, uint64_t *ret, struct kd_error *err);

/** Write a short string to an existing file (sysfs style), one write(2). */
int kd_write_string_at(int dir_fd, const char *path, const char *text,
		       struct kd_error *err);

/** Open a folder to be read from its beginning, whatever @dir_fd itself was read to; "." is
 *  @dir_fd's. @ret: owned by the caller, closedir(3). 0 or the error of openat(2), -ENOMEM. */
int kd_opendir_at(int dir_fd, const char *path, DIR **ret);

/** Create @path and its parents with @mode where they are absent. */
int kd_mkdir_p_at(int dir_fd, const char *path, mode_t mode, struct kd_error *err);

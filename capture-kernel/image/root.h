/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files of the host below a root descriptor, with symbolic links followed as if that
 * root were "/": an absolute link in a test's fake root, or in a chroot, stays inside.
 * Trusts the host's files but not their sizes. Used by the image builder.
 */
#pragma once

#include "base/error.h"
#include "base/types.h"

/**
 * Open @path, absolute or not, below @root_fd. O_CLOEXEC is added.
 * Returns a descriptor or negative errno; -ENOSYS before Linux 5.6 (openat2).
 */
int kd_root_open(int root_fd, const char *path, int flags);

/**
 * The path of the same file without symbolic links, absolute below the root.
 *
 * @ret: owned by the caller: free()
 * Returns 0 or negative errno, -ENOENT when there is no such file. Needs /proc.
 */
int kd_root_realpath(int root_fd, const char *path, char **ret);

/**
 * Read a whole regular file.
 *
 * @max:      more bytes than this give -EFBIG
 * @ret:      NUL-terminated for convenience, owned by the caller: free()
 * Errors: those of open and read; -EISDIR, -EINVAL for what is no regular file.
 */
int kd_root_read(int root_fd, const char *path, size_t max, char **ret, size_t *ret_size,
		 struct kd_error *err);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writer of the kernel's initramfs archive, the "new ASCII" cpio format. Streams: holds
 * no entry. The same calls give the same bytes: no times, owners or device numbers of
 * the host, inode numbers counted. Used by tree.
 * Format: Documentation/driver-api/early-userspace/buffer-format.rst; the reader is
 * init/initramfs.c.
 */
#pragma once

#include "base/error.h"
#include "base/types.h"

/** Takes the next bytes of the archive. Returns 0 or negative errno. */
typedef int (*kd_cpio_write_fn)(void *arg, const void *data, size_t size);

/**
 * @bytes:   written so far
 * @entries: added so far; also the last inode number given
 */
struct kd_cpio {
	kd_cpio_write_fn write;
	void *arg;
	uint64_t bytes;
	uint32_t entries;
};

/**
 * @path: without a leading '/'
 * @mode: type and permission bits (S_IFREG, S_IFDIR, S_IFLNK, S_IFCHR)
 * @major, @minor: of a device node
 * @data: of a file, or the target of a symbolic link; NULL when @size is 0
 */
struct kd_cpio_entry {
	const char *path;
	uint32_t mode;
	uint32_t major, minor;
	const void *data;
	uint64_t size;
};

/** Begin an archive whose bytes go to @write. */
void kd_cpio_init(struct kd_cpio *cpio, kd_cpio_write_fn write, void *arg);

/**
 * Append an entry. Parents must have come before their children, as the kernel makes
 * no missing folder.
 * Errors: -ENAMETOOLONG for what the kernel would skip, -EFBIG from 4 GiB on, or the
 * writer's.
 */
int kd_cpio_add(struct kd_cpio *cpio, const struct kd_cpio_entry *entry,
		struct kd_error *err);

/** Write the trailer. The archive is complete after it. */
int kd_cpio_finish(struct kd_cpio *cpio, struct kd_error *err);

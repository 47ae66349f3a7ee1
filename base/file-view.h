/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A file as readers of dumps see it: bytes at offsets, whatever holds them. Mostly a
 * descriptor; a flattened stream is another (format/flat-file.h). So that each reader is
 * written once. Any number of threads may read at once.
 */
#pragma once

#include <sys/types.h>

#include "base/error.h"
#include "base/types.h"

struct kd_file_view;

/**
 * @read: up to @size bytes at @offset, short only at the end; bytes, or negative errno
 * @drop: let the kernel forget what of it is cached, so that the next read is one of the
 *        disk; NULL when it cannot. 0 or negative errno
 * @holds: whether all of [offset, offset + size) came with the file; what did not reads
 *        as zeros. NULL when everything up to the end did
 * @data: where at or after @offset, inside of the file, the next byte is that may be
 *        anything but zero; the size when there is none. NULL when that is not known
 * @free: NULL for what lives on a stack
 */
struct kd_file_view_ops {
	ssize_t (*read)(const struct kd_file_view *v, void *buf, size_t size,
			uint64_t offset);
	int (*drop)(const struct kd_file_view *v);
	bool (*holds)(const struct kd_file_view *v, uint64_t offset, uint64_t size);
	uint64_t (*data)(const struct kd_file_view *v, uint64_t offset);
	void (*free)(struct kd_file_view *v);
};

/**
 * Embedded first in each implementation.
 *
 * @size:    bytes
 * @fd:      whose offsets are the view's; -EBADF when there is none
 * @can_map: mmap(2) of @fd may be used in place of read: its pages are all there from the
 *           start, so that touching them never ends in SIGBUS. A file on a disk is not
 *           like that: it may be cut, or not be readable everywhere
 */
struct kd_file_view {
	const struct kd_file_view_ops *ops;
	uint64_t size;
	int fd;
	bool can_map;
};

/** Open a file, or a device, for reading; never waits for a pipe's other end.
 *  *ret is owned by the caller. Errors: those of open; -ESPIPE for what cannot seek. */
int kd_file_view_open_at(int dir_fd, const char *path, struct kd_file_view **ret,
			 struct kd_error *err);

/** The same of a descriptor that is open already, of which it takes a copy. @name: for
 *  messages. Errors: those of dup; -ESPIPE. */
int kd_file_view_open_fd(int fd, const char *name, struct kd_file_view **ret,
			 struct kd_error *err);

/** A view of a descriptor that stays the caller's; not to be freed. Errors: those of
 *  fstat and lseek. */
int kd_file_view_init(struct kd_file_view *ret, int fd);

static inline void kd_file_view_free(struct kd_file_view *v)
{
	if (v && v->ops->free)
		v->ops->free(v);
}
KD_DEFINE_GUARD(struct kd_file_view, kd_file_view_free)

/** As kd_pread_full(). */
static inline ssize_t kd_file_view_read(const struct kd_file_view *v, void *buf,
					size_t size, uint64_t offset)
{
	return v->ops->read(v, buf, size, offset);
}

/** All of @size bytes. 0, -EBADMSG where the file ends before, or a read error. */
int kd_file_view_read_all(const struct kd_file_view *v, void *buf, size_t size,
			  uint64_t offset);

/** See the operation; 0 when there is nothing to drop. */
int kd_file_view_drop(const struct kd_file_view *v);

/** See the operation; @offset where it is not known. So that holes, however large, cost
 *  nothing. */
uint64_t kd_file_view_data(const struct kd_file_view *v, uint64_t offset);

/** See the operation; false for what reaches behind the end. */
bool kd_file_view_holds(const struct kd_file_view *v, uint64_t offset, uint64_t size);

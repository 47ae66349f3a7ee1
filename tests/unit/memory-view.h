/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A file view of bytes in memory, for tests and fuzz targets: what of the file was read is
 * counted, the size may be a lie, and reading may fail.
 */
#pragma once

#include <string.h>

#include "base/file-view.h"

/**
 * @read: bytes read so far
 * @error: what every read fails with, 0 for none
 */
struct memory_view {
	struct kd_file_view view;
	const uint8_t *data;
	size_t size;
	uint64_t read;
	int error;
};

static inline ssize_t memory_view_read(const struct kd_file_view *v, void *buf,
				       size_t size, uint64_t offset)
{
	struct memory_view *m = (struct memory_view *)(uintptr_t)v;
	size_t n = offset < m->size ? MIN(size, m->size - (size_t)offset) : 0;

	if (m->error)
		return m->error;
	if (n)
		memcpy(buf, m->data + offset, n);
	m->read += n;
	return (ssize_t)n;
}

static inline struct memory_view memory_view(const void *data, size_t size)
{
	static const struct kd_file_view_ops ops = { .read = memory_view_read };

	return (struct memory_view) {
		.view = { .ops = &ops, .size = size, .fd = -EBADF },
		.data = data,
		.size = size,
	};
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where a dump's bytes go: a seekable file now, pipes and sockets later. Writes may
 * come at any offset but never twice for the same one, except through rewrite, which
 * only seekable sinks have. Used by format/ and dmesg; opened by the programs.
 */
#pragma once

#include "base/error.h"
#include "base/types.h"

struct kd_sink;

/**
 * @write:   take @size bytes that belong at @offset; may buffer. Threads may write at
 *           once. -ENOSPC, -EIO, -EPIPE
 * @rewrite: replace bytes written before (a header's flags); NULL when it cannot
 * @read:    bytes written before, back again; NULL when it cannot
 * @sync:    everything written so far is durable, or the first write error is returned;
 *           asked of our own descriptor: a second open would never see the error
 * @free:    close and free, dropping what was not flushed
 */
struct kd_sink_ops {
	int (*write)(struct kd_sink *s, uint64_t offset, const void *data, size_t size);
	int (*rewrite)(struct kd_sink *s, uint64_t offset, const void *data, size_t size);
	int (*read)(struct kd_sink *s, uint64_t offset, void *data, size_t size);
	int (*sync)(struct kd_sink *s);
	void (*free)(struct kd_sink *s);
};

/** Embedded first in each implementation. @end: one past the highest byte written. */
struct kd_sink {
	const struct kd_sink_ops *ops;
	uint64_t end;
};

static inline void kd_sink_free(struct kd_sink *s)
{
	if (s)
		s->ops->free(s);
}
KD_DEFINE_GUARD(struct kd_sink, kd_sink_free)

/**
 * A regular file written through one buffer of @buffer_size bytes, allocated now;
 * adjacent writes are merged. Each pwrite's completion is waited for in bounded
 * batches, so that dirty page cache cannot fill a capture kernel's memory.
 *
 * @fd: taken over on success, untouched on failure
 */
int kd_sink_file_new(int fd, size_t buffer_size, struct kd_sink **ret,
		     struct kd_error *err);

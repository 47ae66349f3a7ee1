/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where a dump's bytes go: a file, or the flattened format on a pipe. Writes may come at
 * any offset but never twice for the same one, except through rewrite. Used by format/
 * and dmesg; opened by the programs.
 */
#pragma once

#include "base/error.h"
#include "base/types.h"

struct kd_sink;

/**
 * @write:   take @size bytes that belong at @offset; may buffer. Threads may write at
 *           once. -ENOSPC, -EIO, -EPIPE
 * @hold:    before anything else is written: these few bytes, a header's status word,
 *           will be rewritten at the end. A stream keeps them back until finish; NULL
 *           where any byte can be rewritten. See kd_sink_hold()
 * @reserve: make room on the disk for [offset, offset + size), which reads as zeros;
 *           NULL, or 0, where that cannot be told. -ENOSPC, which does not stick
 * @rewrite: replace bytes written before; on a stream those on hold alone, -EINVAL for
 *           others. NULL when it cannot
 * @read:    bytes written before, back again; NULL when it cannot
 * @sync:    everything written so far is durable, or the first write error is returned;
 *           asked of our own descriptor: a second open would never see the error. On a
 *           stream: has been handed to the kernel. May come at any time
 * @finish:  nothing follows: see kd_sink_finish(). NULL where that is sync
 * @free:    close and free, dropping what was not flushed
 */
struct kd_sink_ops {
	int (*write)(struct kd_sink *s, uint64_t offset, const void *data, size_t size);
	int (*hold)(struct kd_sink *s, uint64_t offset, size_t size);
	int (*reserve)(struct kd_sink *s, uint64_t offset, uint64_t size);
	int (*rewrite)(struct kd_sink *s, uint64_t offset, const void *data, size_t size);
	int (*read)(struct kd_sink *s, uint64_t offset, void *data, size_t size);
	int (*sync)(struct kd_sink *s);
	int (*finish)(struct kd_sink *s);
	void (*free)(struct kd_sink *s);
};

/* What is written past a page cache begins, ends and lies in memory at multiples of a
 * block; no page of the cache, which are of 64 KiB at the largest, holds bytes that are
 * written both ways. */
#define KD_SINK_BLOCK 4096U
#define KD_SINK_PAGE  65536U

/**
 * Embedded first in each implementation.
 *
 * @end:   one past the highest byte written
 * @direct: writes of whole blocks go past the page cache: they take no memory on their way
 *         and wait for the disk, so one thread more than there are CPUs keeps these busy
 * @dense: what is never written may not read as zeros (libkdumpfile takes other bytes of
 *         a flattened file for it): write zeros where a reader will look
 */
struct kd_sink {
	const struct kd_sink_ops *ops;
	_Atomic uint64_t end;
	bool direct;
	bool dense;
};

static inline void kd_sink_free(struct kd_sink *s)
{
	if (s)
		s->ops->free(s);
}
KD_DEFINE_GUARD(struct kd_sink, kd_sink_free)

/** Whether what was written can be rewritten, as headers want to be: 0, or -ESPIPE. */
static inline int kd_sink_check_rewrite(const struct kd_sink *s, struct kd_error *err)
{
	return s->ops->rewrite ? 0
			       : kd_fail_msg(err, -ESPIPE,
					     "the output cannot go back to its start");
}

/* The most that may be put on hold, bytes; one range a sink. */
#define KD_SINK_HOLD_MAX 16

/**
 * Say which bytes will be rewritten, so that sinks that cannot go back do not send them
 * too early. A writer calls this for its status word before its first write, and then
 * writes and rewrites alike whatever the sink: on a stream the status word becomes the
 * last record, and says what is true by then.
 *
 * Returns 0; -EINVAL for more than KD_SINK_HOLD_MAX bytes, a second range, or bytes that
 * may have been sent.
 */
static inline int kd_sink_hold(struct kd_sink *s, uint64_t offset, size_t size)
{
	return s->ops->hold ? s->ops->hold(s, offset, size) : 0;
}

/**
 * The dump is as whole as it will get and says itself whether it is: called once, by
 * whoever opened the sink, after its writer's finish() returned and the status word is
 * true, complete or not. Sends what is on hold and a stream's end record, then syncs.
 * Never called after a write failed or a writer gave up without closing its file: readers
 * then report the stream as cut. Returns 0 or the first error of any call.
 */
static inline int kd_sink_finish(struct kd_sink *s)
{
	return s->ops->finish ? s->ops->finish(s) : s->ops->sync(s);
}

/**
 * A regular file or block device. Writes go to the kernel at once, and their completion
 * is waited for in bounded batches, so that dirty page cache cannot fill a capture
 * kernel's memory: callers write large pieces. It can be read back when @fd was opened
 * O_RDWR.
 *
 * @fd: taken over on success, untouched on failure
 * -ESPIPE for a pipe or socket, -ENOMEM.
 */
int kd_sink_file_new(int fd, struct kd_sink **ret, struct kd_error *err);

/**
 * The same, direct. What the file system does not take that way goes through the page
 * cache after all.
 *
 * @direct_fd: the same file, O_WRONLY and O_DIRECT (open(2)); taken over as @fd is
 */
int kd_sink_direct_new(int fd, int direct_fd, struct kd_sink **ret, struct kd_error *err);

/**
 * The flattened format (docs/format-flattened.md) onto a descriptor that need not seek:
 * a pipe, a socket, a file. Each record is one writev(2) under a mutex; adjacent small
 * writes are merged in @buffer_size bytes, allocated now, so that records are large.
 * Nothing is sent before the first write. The program ignores SIGPIPE: a reader that went
 * away is -EPIPE, and sticks like any error.
 *
 * @fd: taken over on success, untouched on failure
 */
int kd_sink_flat_new(int fd, size_t buffer_size, struct kd_sink **ret,
		     struct kd_error *err);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What every output format is to the copying of pages: a writer that several threads
 * feed at once, each through a lane of its own, batch by batch. Implemented by
 * kdump-writer.c and elf-writer.c; driven by dump-copy.c and dump-write.c.
 */
#pragma once

#include "base/error.h"
#include "base/types.h"

struct kd_lane;
struct kd_writer;

/**
 * What was written. @stored: pages whose bytes are in the file, once or shared;
 * @zero, @shared: pages that point to bytes already there; @raw: stored uncompressed
 * though a codec was asked for; @payload_bytes: of all pages
 */
struct kd_write_counts {
	uint64_t pages, zero, shared, raw, unreadable, payload_bytes;
};

/**
 * One thread's way into a writer. A batch is a row of kept pages; lanes take batches in
 * any order, but each page of the dump comes exactly once.
 *
 * @start: begin a batch; @number: how many kept pages of this file come before it
 * @page:  the next kept page of the batch, its frame number ascending. @page: page_size
 *         bytes, any alignment, that do not change during the call, as memory that is
 *         still in use would; NULL for one that could not be read
 * @flush: end of the batch: all of it has gone to the sink
 * @free:  drop what was not flushed
 * start, page and flush return 0 or the first error of any lane of the writer: errors
 * stick, so that all threads stop soon after one has met a full disk.
 */
struct kd_lane_ops {
	int (*start)(struct kd_lane *lane, uint64_t number);
	int (*page)(struct kd_lane *lane, kd_pfn_t pfn, const void *page);
	int (*flush)(struct kd_lane *lane);
	void (*free)(struct kd_lane *lane);
};

/** Embedded first in each implementation. */
struct kd_lane {
	const struct kd_lane_ops *ops;
};

static inline void kd_lane_free(struct kd_lane *lane)
{
	if (lane)
		lane->ops->free(lane);
}
KD_DEFINE_GUARD(struct kd_lane, kd_lane_free)

/**
 * @lane_new: one more lane, all of its memory allocated now; freed before the writer
 * @counts:   sums over all lanes; asked while no lane is in a batch
 * @finish:   after the last flush: sync, and when @complete and every page came, take the
 *            INCOMPLETE mark off and sync again. Otherwise the file is closed so that
 *            readers open it and say that it is cut. Returns 0, or the first error of any
 *            call before, -EINVAL when pages are missing
 * @free:     does not close the sink
 */
struct kd_writer_ops {
	int (*lane_new)(struct kd_writer *w, struct kd_lane **ret, struct kd_error *err);
	void (*counts)(const struct kd_writer *w, struct kd_write_counts *ret);
	int (*finish)(struct kd_writer *w, bool complete, struct kd_error *err);
	void (*free)(struct kd_writer *w);
};

/** Embedded first in each implementation. */
struct kd_writer {
	const struct kd_writer_ops *ops;
};

static inline void kd_writer_free(struct kd_writer *w)
{
	if (w)
		w->ops->free(w);
}
KD_DEFINE_GUARD(struct kd_writer, kd_writer_free)

/**
 * The kept pages of a dump as runs, for writers whose headers depend on them. Runs come
 * in ascending order; a walk may be repeated.
 *
 * @next: the first run at or after *from: 1 and [*from, *ret_end), 0 at the end, or a
 *        negative errno where the runs are in a file
 */
struct kd_runs {
	int (*next)(const struct kd_runs *runs, kd_pfn_t *from, kd_pfn_t *ret_end);
};

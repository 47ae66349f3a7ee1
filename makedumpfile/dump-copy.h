/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Kept pages from memory into writers, by as many threads as there are: each takes a
 * batch of pages, reads them, and gives them to its lane. A page that cannot be read
 * costs itself. Called by dump-write.c alone.
 */
#pragma once

#include <pthread.h>

#include "makedumpfile/erase/erase.h"
#include "makedumpfile/format/writer.h"
#include "makedumpfile/pages/keepstore.h"

/**
 * One file's share of the pages; a dump that is not split has one part.
 *
 * @writer: borrowed, ready for lanes
 * @cursor: of this part alone; owned by whoever made it
 * @next:   where the next batch is looked for; @end: one past the part's last frame
 * @number: kept pages of the part that were handed out
 */
struct kd_copy_part {
	struct kd_writer *writer;
	struct kd_keep_cursor cursor;
	kd_pfn_t next;
	kd_pfn_t end;
	uint64_t number;
};

/**
 * Filled in by the caller up to @context; the rest is kd_copy_run()'s.
 *
 * @erase:    NULL for nothing; borrowed
 * @window:   bytes of a thread's view of memory
 * @no_map:   copy instead of mapping
 * @deadline: CLOCK_MONOTONIC seconds after which no batch is begun, 0 for none
 * @tick:     may be NULL; called on the calling thread with the pages copied so far
 * @taking:   held while a batch is taken
 * @stop:     no more batches: what ended it, a negative errno
 */
struct kd_copy {
	const struct kd_memory *memory;
	const struct kd_erase *erase;
	struct kd_copy_part *parts;
	size_t n_parts;
	unsigned int threads;
	size_t window;
	bool no_map;
	int64_t deadline;
	void (*tick)(void *context, uint64_t done);
	void *context;

	/* from here on kd_copy_run()'s */
	pthread_mutex_t taking;
	_Atomic int stop;
	_Atomic uint64_t done;
	_Atomic uint64_t unreadable;
};

/** Copy all parts. Returns 0, -ETIME past the deadline, -ENOMEM, or the first error of
 *  a writer or of the cursors. */
int kd_copy_run(struct kd_copy *copy, struct kd_error *err);

/** One page as it is stored, into @page: read, and erased where it must be. For
 *  kd_kdump_info.reread. 0 or a negative errno. */
int kd_copy_read_page(const struct kd_memory *memory, const struct kd_erase *erase,
		      kd_pfn_t pfn, void *page);

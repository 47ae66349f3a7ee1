/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What reading a page of a kdump-compressed file changes, kept apart from the file so
 * that threads do not meet: a few cursors, each taken for the length of one read. Memory
 * is bounded however many threads there are. Used by kdump-reader.c alone.
 */
#pragma once

#include <pthread.h>

#include "makedumpfile/format/kdump-bitmap.h"
#include "makedumpfile/format/kdump-pages.h"

#define KD_KDUMP_CURSORS      8
#define KD_KDUMP_CURSOR_DESCS 64

/**
 * @kept:  the second bitmap
 * @descs: [first_desc, first_desc + n_descs) of the file
 * @page:  the last one read, of frame @pfn; none when that is UINT64_MAX; NULL before
 *         the cursor's first use
 */
struct kd_kdump_cursor {
	struct kd_kdump_bits kept;
	struct kd_kdump_pages pages;
	struct kd_kdump_desc descs[KD_KDUMP_CURSOR_DESCS];
	uint64_t first_desc;
	size_t n_descs;
	kd_pfn_t pfn;
	uint8_t *page;
};

/**
 * @free:    a bit for each cursor that nobody has; @waiting: threads that found none
 * @mutex, @came_free: they sleep there
 */
struct kd_kdump_cursors {
	_Atomic uint64_t free;
	_Atomic unsigned int waiting;
	pthread_mutex_t mutex;
	pthread_cond_t came_free;
	struct kd_kdump_cursor items[KD_KDUMP_CURSORS];
};

void kd_kdump_cursors_init(struct kd_kdump_cursors *c);
void kd_kdump_cursors_done(struct kd_kdump_cursors *c);

/** Take one, the one this thread had before if it is free, else any; sleeps while all
 *  are in use. To be given back soon. */
struct kd_kdump_cursor *kd_kdump_cursors_take(struct kd_kdump_cursors *c);
void kd_kdump_cursors_give(struct kd_kdump_cursors *c, struct kd_kdump_cursor *cursor);

/** Make it usable; nothing to do when it is. @kept, @file: borrowed. 0 or -ENOMEM. */
int kd_kdump_cursor_prepare(struct kd_kdump_cursor *c, const struct kd_kdump_bitmap *kept,
			    const struct kd_file_view *file, uint32_t page_size);

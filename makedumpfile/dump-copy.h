/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Kept pages from memory into the writer, in order. A page that cannot be read costs
 * itself. Called by dump.c alone.
 */
#pragma once

#include "makedumpfile/dump.h"
#include "makedumpfile/format/kdump-writer.h"
#include "makedumpfile/pages/keepmap.h"

/**
 * @page:   one page, for those of which only a part exists; owned
 * @tick:   called now and then with the pages copied so far
 */
struct kd_copy {
	const struct kd_memory *memory;
	struct kd_window window;
	uint8_t *page;
	unsigned int page_shift;
	uint64_t done;
	uint64_t unreadable;
	void (*tick)(void *context, uint64_t done);
	void *context;
};

/** Allocate the buffers. -ENOMEM. @window: bytes; @no_map: copy instead of mapping. */
int kd_copy_init(struct kd_copy *ret, const struct kd_memory *memory, size_t window,
		 bool no_map);
void kd_copy_done(struct kd_copy *copy);

/** Copy the pages that @keep names, at most @max of them. Unreadable pages are told to
 *  the writer as such. Errors: the writer's. */
int kd_copy_pages(struct kd_copy *copy, const struct kd_keepmap *keep, uint64_t max,
		  struct kd_kdump_writer *writer);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Payloads of one kdump-compressed file into another, as they are. Pages that share one
 * go on sharing it, within a bounded table of those copied last. Used by
 * kdump-salvage.c alone.
 */
#pragma once

#include "makedumpfile/format/kdump-pages.h"

struct kd_payload_copied;

/**
 * @end:    where the next payload goes; @written: bytes so far
 * @table:  what was copied, by offset in the source
 * @buffer: the last @used bytes before @end, not written yet
 */
struct kd_payload_copy {
	struct kd_kdump_pages from;
	int fd;
	uint64_t end;
	uint64_t written;
	struct kd_payload_copied *table;
	uint8_t *buffer;
	size_t used;
};

/** @file: the source, borrowed. @fd: the other one, borrowed; payloads go there from
 *  @start on. 0 or -ENOMEM. */
int kd_payload_copy_init(struct kd_payload_copy *c, const struct kd_file_view *file,
			 uint32_t page_size, int fd, uint64_t start);
void kd_payload_copy_done(struct kd_payload_copy *c);

/** Copy what @from points to, which was found good; @ret points to the copy. 0, a read
 *  or a write error. */
int kd_payload_copy_page(struct kd_payload_copy *c, const struct kd_kdump_desc *from,
			 struct kd_kdump_desc *ret);
int kd_payload_copy_flush(struct kd_payload_copy *c);

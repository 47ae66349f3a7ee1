/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From a page descriptor of a kdump-compressed file to the page's bytes. Trusts neither
 * the descriptor nor the payload. Each user has its own, with a window as large as
 * suits its way of reading. Used by the reader and its check.
 */
#pragma once

#include "makedumpfile/codec/codec.h"
#include "makedumpfile/format/kdump-format.h"

#define KD_KDUMP_CODECS 4

/**
 * @fd:     borrowed
 * @codecs: those met so far, each with a context made when its first page came: a file
 *          may mix codecs, and most have one
 * @window: bytes of the file around the last payload
 */
struct kd_kdump_pages {
	int fd;
	uint64_t file_size;
	uint32_t page_size;
	struct {
		const struct kd_codec_ops *ops;
		void *context;
	} codecs[KD_KDUMP_CODECS];
	uint8_t *window;
	size_t window_size;
	uint64_t window_offset;
	size_t window_used;
};

/** @window_size: at least a page; more for reading in order. 0 or -ENOMEM. */
int kd_kdump_pages_init(struct kd_kdump_pages *p, int fd, uint64_t file_size,
			uint32_t page_size, size_t window_size);
void kd_kdump_pages_done(struct kd_kdump_pages *p);

/**
 * The page @desc stands for.
 *
 * @page: page_size bytes; holds anything on failure
 * Returns 0; -EIO when the page could not be read while dumping, or the file cannot be
 * now; -ENODATA when the descriptor was never written; -EBADMSG when descriptor or
 * payload is wrong; -ENOTSUP for a codec this build lacks; -ENOMEM.
 */
int kd_kdump_pages_read(struct kd_kdump_pages *p, const struct kd_kdump_desc *desc,
			void *page);

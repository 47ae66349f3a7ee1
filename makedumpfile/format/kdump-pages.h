/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From a page descriptor of a kdump-compressed file to the page's bytes. Trusts neither
 * the descriptor nor the payload. Each user has its own, with a window as large as
 * suits its way of reading. Used by the reader and its check.
 */
#pragma once

#include "base/file-view.h"
#include "makedumpfile/codec/codec.h"
#include "makedumpfile/format/kdump-format.h"

#define KD_KDUMP_CODECS 4

/**
 * @file:   borrowed
 * @codecs: those met so far, each with a context made when its first page came: a file
 *          may mix codecs, and most have one
 * @window: bytes of the file around the last payload; @ahead: how many to take next,
 *          more and more while pages are read in the order they are stored in
 */
struct kd_kdump_pages {
	const struct kd_file_view *file;
	uint32_t page_size;
	struct {
		const struct kd_codec_ops *ops;
		void *context;
	} codecs[KD_KDUMP_CODECS];
	uint8_t *window;
	size_t window_size;
	size_t ahead;
	uint64_t window_offset;
	size_t window_used;
};

/** @window_size: at least a page; more for reading in order. 0 or -ENOMEM. */
int kd_kdump_pages_init(struct kd_kdump_pages *p, const struct kd_file_view *file,
			uint32_t page_size, size_t window_size);
void kd_kdump_pages_done(struct kd_kdump_pages *p);

/** Whether @desc can be true: 0, -ENODATA, -EIO and -EBADMSG as below. */
int kd_kdump_pages_check(const struct kd_kdump_pages *p,
			 const struct kd_kdump_desc *desc);

/** The bytes @desc points to as they are in the file, desc->size of them; lent until the
 *  next call. @desc was checked. 0, -EBADMSG past the end of the file, a read error. */
int kd_kdump_pages_payload(struct kd_kdump_pages *p, const struct kd_kdump_desc *desc,
			   const uint8_t **ret);

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

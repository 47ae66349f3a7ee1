/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the reader's files share: an opened kdump-compressed file, its headers checked.
 * Included by kdump-reader.c and kdump-verify.c alone.
 */
#pragma once

#include "makedumpfile/format/kdump-bitmap.h"
#include "makedumpfile/format/kdump-pages.h"
#include "makedumpfile/format/kdump-reader.h"

/**
 * What reading a page changes, apart from the file it belongs to.
 *
 * @exists, @kept: the two bitmaps
 * @page: the last one read, of frame @pfn; none when that is UINT64_MAX
 */
struct kd_kdump_cursor {
	struct kd_kdump_bitmap exists;
	struct kd_kdump_bitmap kept;
	struct kd_kdump_pages pages;
	kd_pfn_t pfn;
	uint8_t *page;
};

/**
 * @memory:   first, so that the memory's functions find the rest
 * @descs:    offset of the first descriptor
 * @start, @end: page frames that have descriptors here; all but for a split dump
 * @info:     inside @notes, or @info_own for files older than the notes
 * @cursor:   the one part that changes
 */
struct kd_kdump {
	struct kd_memory memory;
	int fd;
	uint64_t file_size;
	char machine[65];
	bool incomplete;
	uint64_t bitmap;
	uint64_t bitmap_half;
	uint64_t descs;
	kd_pfn_t max_mapnr;
	kd_pfn_t start;
	kd_pfn_t end;
	char *notes;
	size_t notes_size;
	char *info_own;
	const char *info;
	size_t info_size;
	struct kd_extent *extents;
	struct kd_kdump_cursor *cursor;
};

/** Read descriptors [first, first + n). 0, -EBADMSG past the end of the file, or a
 *  read error. */
int kd_kdump_read_descs(const struct kd_kdump *k, uint64_t first, struct kd_kdump_desc *d,
			size_t n);

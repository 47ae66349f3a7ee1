/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the reader's files share: an opened kdump-compressed file, its headers checked.
 * Nothing in it changes once it is open, but for the cursors. Included by kdump-open.c,
 * kdump-reader.c, kdump-verify.c, kdump-count.c and kdump-salvage.c alone.
 */
#pragma once

#include "makedumpfile/format/kdump-cursor.h"
#include "makedumpfile/format/kdump-reader.h"

/**
 * @memory:   first, so that the memory's functions find the rest
 * @file:     owned
 * @bitmap:   offset of the first bitmap; @bitmap_half: bytes of each
 * @descs:    offset of the first descriptor; those of frames @start to @end are here:
 *            all but for a split dump
 * @info:     inside @notes, or @info_own for files older than the notes
 * @exists, @kept: the two bitmaps
 */
struct kd_kdump {
	struct kd_memory memory;
	struct kd_file_view *file;
	struct kd_kdump_facts facts;
	uint64_t bitmap;
	uint64_t bitmap_half;
	uint64_t descs;
	kd_pfn_t start;
	kd_pfn_t end;
	char *notes;
	size_t notes_size;
	char *info_own;
	const char *info;
	size_t info_size;
	struct kd_extent *extents;
	struct kd_kdump_bitmap exists;
	struct kd_kdump_bitmap kept;
	struct kd_kdump_cursors cursors;
};

/** Headers and notes into @k, whose file is set. Errors: those of kd_kdump_open_at().
 *  @damaged: what lies behind the end of the file is left out, not an error. */
int kd_kdump_read_headers(struct kd_kdump *k, bool damaged, struct kd_error *err);

/** Read descriptors [first, first + n). 0, -EBADMSG past the end of the file, or a
 *  read error. */
int kd_kdump_read_descs(const struct kd_kdump *k, uint64_t first, struct kd_kdump_desc *d,
			size_t n);

/* More text about erased data than that is a lie. */
#define KD_KDUMP_ERASE_MAX ((size_t)1 << 20)

/** Read the text about erased data, facts.erase_size bytes, into @buf. 0, -EFBIG when that
 *  is more than KD_KDUMP_ERASE_MAX, -EBADMSG past the end of the file, or a read error. */
int kd_kdump_read_erase(const struct kd_kdump *k, char *buf);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writer of kdump-compressed files, version 6 (docs/format-kdump.md). The INCOMPLETE
 * flag is set in the first header written and cleared only after the data is durable,
 * so a dump cut short at any byte says so. Called by dump.c alone.
 */
#pragma once

#include "makedumpfile/codec/codec.h"
#include "makedumpfile/sink/sink.h"

struct kd_kdump_writer;

/**
 * What the headers say. All borrowed until kd_kdump_writer_new() returns.
 *
 * @utsname:       390 bytes, six fields of 65 as in struct new_utsname; the fifth, the
 *                 machine, is needed by all readers, others may be empty when unknown
 * @notes:         all PT_NOTE bytes, stored verbatim
 * @info_offset, @info_size: the VMCOREINFO text inside @notes; 0 without
 * @max_mapnr:     one past the highest page frame
 * @n_described:   pages that will get a descriptor: bits set in the second bitmap
 * @level:         codec's level; the codec's default with KD_CODEC_LEVEL_DEFAULT
 * @crash_time:    seconds, from CRASHTIME
 */
struct kd_kdump_info {
	char utsname[390];
	const void *notes;
	size_t notes_size;
	size_t info_offset;
	size_t info_size;
	uint32_t page_size;
	uint64_t phys_base;
	uint64_t max_mapnr;
	uint64_t n_described;
	uint64_t crash_time;
	int dump_level;
	unsigned int n_cpus;
	enum kd_codec_id codec;
	int codec_level;
};

#define KD_CODEC_LEVEL_DEFAULT INT32_MIN

/**
 * Check @info, write the headers with INCOMPLETE set, make the codec's context.
 *
 * @sink: borrowed for the writer's life
 * Returns 0; -EINVAL for values no dump can have; -ENOTSUP for a codec this build lacks;
 * -ESPIPE for a sink that cannot rewrite; -ENOMEM; the sink's errors.
 */
int kd_kdump_writer_new(const struct kd_kdump_info *info, struct kd_sink *sink,
			struct kd_kdump_writer **ret, struct kd_error *err);
void kd_kdump_writer_free(struct kd_kdump_writer *w);
KD_DEFINE_GUARD(struct kd_kdump_writer, kd_kdump_writer_free)

/**
 * Write the bits of [first, first + 8 * size) of both bitmaps, least significant bit
 * first within a byte. @first is a multiple of 8; ranges ascend without gaps.
 * @exists: 1 where there is memory; @kept: 1 where a descriptor follows
 * Returns 0; -EINVAL for a range out of turn, a page kept where there is no memory, or
 * bits past the last frame; the sink's errors. Any error sticks: it comes back from
 * every later call, and the dump stays incomplete.
 */
int kd_kdump_writer_bitmaps(struct kd_kdump_writer *w, kd_pfn_t first,
			    const uint8_t *exists, const uint8_t *kept, size_t size);

/** Add the next kept page, in ascending order of frame number. @page: page_size bytes,
 *  or NULL for one that could not be read: its descriptor says so. Zero pages share one
 *  copy. -EINVAL for one page too many, or when the bitmaps did not come before or do
 *  not hold as many kept pages as announced; the sink's errors. Errors stick. */
int kd_kdump_writer_page(struct kd_kdump_writer *w, const void *page);

/** Counts of what was written so far. */
struct kd_kdump_counts {
	uint64_t pages, zero, raw, unreadable, payload_bytes;
};
void kd_kdump_writer_counts(const struct kd_kdump_writer *w, struct kd_kdump_counts *ret);

/**
 * Flush, sync, and, when every page came, clear INCOMPLETE and sync again.
 * @complete: false leaves the flag: the file opens and says that it is cut
 * Returns 0; the first error of any call before, after writing and syncing what there
 * is; -EINVAL when pages are missing.
 */
int kd_kdump_writer_finish(struct kd_kdump_writer *w, bool complete,
			   struct kd_error *err);

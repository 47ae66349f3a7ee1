/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writer of kdump-compressed files, version 6 (docs/format-kdump.md). The INCOMPLETE
 * flag is set in the first header written and cleared only after the data is durable,
 * so a dump cut short at any byte says so. Headers first, then both bitmaps, then pages
 * through lanes, from as many threads as there are. Called by dump-write.c.
 */
#pragma once

#include "makedumpfile/codec/codec.h"
#include "makedumpfile/format/writer.h"
#include "makedumpfile/sink/sink.h"

struct kd_kdump_writer;

/**
 * What the headers say and how pages are stored. All borrowed until
 * kd_kdump_writer_new() returns, @reread and its context for the writer's life.
 *
 * @utsname:       390 bytes, six fields of 65 as in struct new_utsname; the fifth, the
 *                 machine, is needed by all readers, others may be empty when unknown
 * @notes:         all PT_NOTE bytes, stored verbatim
 * @info_offset, @info_size: the VMCOREINFO text inside @notes; 0 without
 * @erase_info:    what was erased, as text; NULL without
 * @max_mapnr:     one past the highest page frame
 * @split:         this file has descriptors of [start_pfn, end_pfn) alone
 * @crash_time:    seconds, from CRASHTIME
 * @no_vmemmap:    struct pages that describe no kept page were left out (-e)
 * @codec_level:   or KD_CODEC_LEVEL_DEFAULT
 * @buffer:        bytes of payloads a lane writes at a time, as KD_KDUMP_BUFFER_MIN or
 *                 more; 0 for that
 * @dedup_entries: identical pages found among as many are stored once; a power of two,
 *                 0 for not looking
 * @reread:        the page of a frame as it was stored, into page_size bytes; 0 or a
 *                 negative errno. Called by several threads. NULL: as dedup_entries 0
 */
struct kd_kdump_info {
	char utsname[390];
	const void *notes;
	size_t notes_size;
	size_t info_offset;
	size_t info_size;
	const char *erase_info;
	uint32_t page_size;
	uint64_t phys_base;
	uint64_t max_mapnr;
	bool split;
	kd_pfn_t start_pfn;
	kd_pfn_t end_pfn;
	uint64_t crash_time;
	int dump_level;
	unsigned int n_cpus;
	bool no_vmemmap;
	enum kd_codec_id codec;
	int codec_level;
	size_t buffer;
	size_t dedup_entries;
	int (*reread)(void *context, kd_pfn_t pfn, void *page);
	void *context;
};

#define KD_CODEC_LEVEL_DEFAULT INT32_MIN

/** Bytes of memory a lane takes beside its codec's context, two pages and its buffer; and
 *  the least of that, and the most of which it makes use. */
#define KD_KDUMP_LANE_BYTES (64U << 10)
#define KD_KDUMP_BUFFER_MIN (192U << 10)
#define KD_KDUMP_BUFFER_MAX (1U << 20)

/**
 * Check @info, write the headers with INCOMPLETE set.
 *
 * @sink: borrowed for the writer's life
 * Returns 0; -EINVAL for values no dump can have; -ENOTSUP for a codec this build lacks;
 * -ESPIPE for a sink that cannot rewrite; -ENOMEM; the sink's errors.
 */
int kd_kdump_writer_new(const struct kd_kdump_info *info, struct kd_sink *sink,
			struct kd_kdump_writer **ret, struct kd_error *err);

/** The writer as any other; borrowed: freeing it frees @w. */
struct kd_writer *kd_kdump_writer_base(struct kd_kdump_writer *w);

static inline void kd_kdump_writer_free(struct kd_kdump_writer *w)
{
	if (w)
		kd_writer_free(kd_kdump_writer_base(w));
}
KD_DEFINE_GUARD(struct kd_kdump_writer, kd_kdump_writer_free)

/** Where in the file the bitmap of what exists is, and the one of what is kept: for a
 *  caller that puts them there itself. */
void kd_kdump_writer_bitmap_places(const struct kd_kdump_writer *w, uint64_t ret[2]);

/**
 * Write the bits of [first, first + 8 * size) of both bitmaps, least significant bit
 * first within a byte. @first is a multiple of 8; ranges ascend without gaps.
 * @exists: 1 where there is memory; @kept: 1 where a descriptor follows, be it in
 *          another part of a split dump
 * Returns 0; -EINVAL for a range out of turn, a page kept where there is no memory, or
 * bits past the last frame; the sink's errors. Any error sticks: it comes back from
 * every later call, and the dump stays incomplete.
 */
int kd_kdump_writer_bitmaps(struct kd_kdump_writer *w, kd_pfn_t first,
			    const uint8_t *exists, const uint8_t *kept, size_t size);

/**
 * After the bitmaps: make room for @n descriptors, which all pages must fit; lanes may
 * be made from now on.
 *
 * @in_place: the caller has put the bitmaps where they belong, and counted
 * Returns 0; -EINVAL when bitmaps are missing or hold another number of kept pages;
 * -ENOSPC already when the descriptors have no room; the sink's errors. Errors stick.
 */
int kd_kdump_writer_describe(struct kd_kdump_writer *w, uint64_t n, bool in_place);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Between kdump-writer.c and kdump-lane.c: one dump being written. Members are fixed
 * before the first lane is made, but those that are atomic. Included by these alone.
 */
#pragma once

#include "makedumpfile/format/dedup.h"
#include "makedumpfile/format/kdump-format.h"
#include "makedumpfile/format/kdump-writer.h"

/** Sums over all lanes; struct kd_write_counts as they grow. */
struct kd_kdump_totals {
	_Atomic uint64_t pages, zero, shared, raw, unreadable, payload_bytes;
};

/**
 * @bitmap:  offset of the first bitmap; @bitmap_half: bytes of each;
 * @bitmap_pos: bytes of each written so far; @n_kept: bits set in the second one
 * @descs:   offset of the first descriptor; @n_described: of how many
 * @zero:    offset of the payload all zero pages share
 * @ready:   bitmaps and zero page are written, pages may come
 * @buffer:  of a lane, bytes
 * @data_end: where the next payloads go: lanes reserve by adding
 * @dedup:   NULL when identical pages are not looked for
 * @error:   first failure of any lane; sticks
 */
struct kd_kdump_writer {
	struct kd_writer writer;
	struct kd_sink *sink;
	const struct kd_codec_ops *codec;
	int codec_level;
	uint32_t status;
	size_t page_size, buffer;
	uint64_t max_mapnr;
	kd_pfn_t start_pfn;
	kd_pfn_t end_pfn;
	uint64_t bitmap;
	uint64_t bitmap_half;
	uint64_t bitmap_pos;
	uint64_t n_kept;
	uint64_t descs;
	uint64_t n_described;
	uint64_t zero;
	bool ready;
	struct kd_dedup *dedup;
	int (*reread)(void *context, kd_pfn_t pfn, void *page);
	void *context;
	_Atomic uint64_t data_end;
	_Atomic int error;
	struct kd_kdump_totals totals;
};

/** Write through to the sink; the first error sticks. */
int kd_kdump_put(struct kd_kdump_writer *w, uint64_t offset, const void *data,
		 size_t size);

/** kd_writer_ops.lane_new */
int kd_kdump_lane_new(struct kd_writer *writer, struct kd_lane **ret,
		      struct kd_error *err);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From the bitmaps of a filtered machine to finished files: one, or the parts of a split
 * dump, in whichever format. Called by dump.c alone.
 */
#pragma once

#include "makedumpfile/dump-copy.h"
#include "makedumpfile/dump-plan.h"
#include "makedumpfile/dump.h"
#include "makedumpfile/format/elf-writer.h"
#include "makedumpfile/format/kdump-writer.h"
#include "makedumpfile/sink/sink-limit.h"

/**
 * One file being written.
 *
 * @limit:   the sink as the writer sees it
 * @kdump:   NULL in other formats
 * @writer:  owned; @kdump when that is not NULL
 */
struct kd_output {
	struct kd_sink_limit limit;
	struct kd_kdump_writer *kdump;
	struct kd_writer *writer;
};

/**
 * What the files are made from. All borrowed, but @outputs and @parts, as many as
 * request->n_sinks.
 *
 * @info:  of the first file; what differs in others is filled in for each
 * @early: the first file's headers are written already, and the bitmaps are in it
 * @copy:  prepared but for its parts
 */
struct kd_write {
	const struct kd_dump_request *request;
	const struct kd_plan_memory *plan;
	struct kd_kdump_info info;
	struct kd_output *outputs;
	struct kd_copy_part *parts;
	bool early;
	struct kd_copy copy;
};

/** Allocate for all sinks of @request. -ENOMEM. */
int kd_write_init(struct kd_write *ret, const struct kd_dump_request *request,
		  const struct kd_plan_memory *plan, struct kd_error *err);
void kd_write_done(struct kd_write *w);

/**
 * Write headers before anything is known of the pages, so that bitmaps too large for
 * memory can go straight to their place in the file.
 *
 * @ret: puts and gets them there, until kd_write_done()
 * Returns 0, -ENOTSUP where that cannot be (streams, ELF, several files), the sink's
 * errors.
 */
int kd_write_early(struct kd_write *w, struct kd_keep_spill *ret, struct kd_error *err);

/** Write everything that @store keeps, and finish the files. On failure they are closed
 *  as incomplete. Errors as kd_dump_write(). */
int kd_write_all(struct kd_write *w, const struct kd_keepstore *store,
		 struct kd_error *err);

/** Sums over all files. */
void kd_write_counts(const struct kd_write *w, struct kd_write_counts *ret,
		     uint64_t *ret_bytes);

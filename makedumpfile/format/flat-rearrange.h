/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From a flattened stream to the file it stands for, as makedumpfile -R. Until all of it
 * has come the file carries its format's INCOMPLETE mark. Trusts nothing in the stream.
 * Called by run-rearrange.c and --salvage.
 */
#pragma once

#include "makedumpfile/format/flat-reader.h"
#include "makedumpfile/sink/sink.h"

/**
 * @records, @bytes: written; @stream: bytes of the stream taken
 * @again: records with bytes that may have come before: the later ones are in the file
 */
struct kd_flat_counts {
	uint64_t records;
	uint64_t bytes;
	uint64_t stream;
	uint64_t again;
};

/**
 * Write every record to its place and sync.
 *
 * @in:   just initialised: no record was taken
 * @sink: one that can rewrite; nothing was written to it
 * @ret:  set whatever comes back, but for -ESPIPE and -ENOMEM
 * Returns 0; -ENODATA when the stream has no end record, -EBADMSG when it makes no sense
 * from some byte on: then all before is written and synced, and the dump is marked
 * INCOMPLETE. -ESPIPE for a sink that cannot rewrite;
 * -ENOMEM; the sink's errors, which leave the mark as well.
 */
int kd_flat_rearrange(struct kd_flat_reader *in, struct kd_sink *sink,
		      struct kd_flat_counts *ret, struct kd_error *err);

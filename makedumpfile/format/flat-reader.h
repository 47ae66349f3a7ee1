/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reader of flattened streams (docs/format-flattened.md), from a pipe or a file, once
 * and in order, in bounded memory. Trusts nothing in the stream. Used by
 * kd_flat_rearrange() and by who wants to know what a stream holds.
 */
#pragma once

#include <sys/types.h>

#include "base/error.h"
#include "makedumpfile/format/flat-ranges.h"

/**
 * @fd:       borrowed
 * @position: bytes of the stream taken
 * @records:  begun so far
 * @offset, @size: of the record at hand, in the dump; @left: bytes of it not taken yet
 * @again:    some of its bytes may have come in an earlier record
 */
struct kd_flat_reader {
	int fd;
	uint64_t position;
	uint64_t records;
	uint64_t offset;
	uint64_t size;
	uint64_t left;
	bool again;
	struct kd_flat_ranges seen;
};

/**
 * Read the stream's header. @fd: at its first byte; borrowed for the reader's life.
 * Returns 0; -ENOEXEC when it is no flattened stream, an empty one included; -ENOTSUP for
 * another version; -ENODATA when it ends in its header; a read error.
 */
int kd_flat_reader_init(struct kd_flat_reader *r, int fd, struct kd_error *err);

/**
 * Go to the next record, past what was not taken of the last one.
 * Returns 1; 0 at the end record: the stream is whole, and what follows is not read;
 * -ENODATA when the stream stops before that; -EBADMSG for what is no record; a read
 * error. @err then says where, in bytes of the stream.
 */
int kd_flat_reader_next(struct kd_flat_reader *r, struct kd_error *err);

/**
 * Take the next bytes of the record, as many as @size when it has them.
 * Returns how many, 0 at the record's end, -ENODATA when the stream stops inside of it
 * (after all that came was given), or a read error.
 */
ssize_t kd_flat_reader_data(struct kd_flat_reader *r, void *buf, size_t size,
			    struct kd_error *err);

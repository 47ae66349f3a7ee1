/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A flattened stream that lies in a file, as the dump it would become: an index of its
 * records, so that nothing has to be rearranged to be read. Memory is bounded by
 * KD_FLAT_FILE_RECORDS. Trusts nothing in the file. Used by the input and the tools.
 */
#pragma once

#include "base/file-view.h"

/* Some 64 KiB each in practice: dumps of 256 GiB. 96 MiB of index. */
#define KD_FLAT_FILE_RECORDS ((size_t)1 << 22)

/** Whether @file begins as a flattened stream does. */
bool kd_flat_file_is(const struct kd_file_view *file);

/**
 * The dump inside of @file. Bytes that no record brought read as zeros; of two records
 * for the same byte the later one counts.
 *
 * @file: taken over on success
 * @ret:  owned by the caller; a stream that stops early, or goes on with what is no
 *        record, is as long as its records, see kd_flat_file_cut()
 * Returns 0; -ENOEXEC when it is no flattened stream; -ENOTSUP for another version;
 * -EFBIG for more records than KD_FLAT_FILE_RECORDS; -ENOMEM; a read error.
 */
int kd_flat_file_new(struct kd_file_view *file, struct kd_file_view **ret,
		     struct kd_error *err);

/**
 * Where *view begins as a flattened stream does, put the dump inside in its place, which
 * then owns it. On failure *view is as it was. Errors: those of kd_flat_file_new().
 */
int kd_flat_file_unwrap(struct kd_file_view **view, struct kd_error *err);

/** Whether @view is one of these. */
bool kd_flat_file_opened(const struct kd_file_view *view);
/** Whether the stream has no end record. */
bool kd_flat_file_cut(const struct kd_file_view *view);

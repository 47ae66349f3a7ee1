/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A view of a file that sums it while it is read: what a check reads back is what the
 * checksum is of, and the disk is read once. Reads need not come in order, nor from one
 * thread, and go on one at a time; what they leave out is read by the end. Used by the
 * capture side's read-back.
 */
#pragma once

#include "base/file-view.h"
#include "base/sha256.h"

struct kd_hash_view;

/**
 * Lay one over @inner.
 *
 * @inner: borrowed; it must outlive the view
 * @ret:   owned by the caller, kd_hash_view_free(). -ENOMEM
 */
int kd_hash_view_new(const struct kd_file_view *inner, struct kd_hash_view **ret,
		     struct kd_error *err);
void kd_hash_view_free(struct kd_hash_view *h);
KD_DEFINE_GUARD(struct kd_hash_view, kd_hash_view_free)

/** The view, for a reader that takes it over: freeing it leaves the sum to its owner. */
struct kd_file_view *kd_hash_view_base(struct kd_hash_view *h);

/**
 * Read what nobody has read yet, and end the sum.
 *
 * @ret: in hex, NUL-terminated
 * Returns 0 or the first error that any read met: there is no sum of a part.
 */
int kd_hash_view_finish(struct kd_hash_view *h, char ret[static 2 * KD_SHA256_SIZE + 1],
			struct kd_error *err);

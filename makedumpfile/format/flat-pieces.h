/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Records of a flattened stream as a map: which bytes of the dump lie where in the
 * stream. Pure. Used by flat-file.c alone.
 */
#pragma once

#include "base/types.h"

/** Bytes [start, end) of the dump are at @data of the stream. */
struct kd_flat_piece {
	uint64_t start;
	uint64_t end;
	uint64_t data;
};

/** @items: owned; sorted and disjoint once settled */
struct kd_flat_pieces {
	struct kd_flat_piece *items;
	size_t n;
	size_t capacity;
};

/** Free what it holds; usable on a zeroed struct. */
void kd_flat_pieces_done(struct kd_flat_pieces *p);

/** Add one, not empty. 0 or -ENOMEM. */
int kd_flat_pieces_add(struct kd_flat_pieces *p, struct kd_flat_piece piece);

/** Sort, and where several have the same byte leave it to the one whose data is last in
 *  the stream. 0 or -ENOMEM. */
int kd_flat_pieces_settle(struct kd_flat_pieces *p);

/** Number of the first piece that ends behind @offset; n when none does. */
size_t kd_flat_pieces_after(const struct kd_flat_pieces *p, uint64_t offset);

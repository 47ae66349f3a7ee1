/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which bytes of a dump a flattened stream has brought already, in bounded memory
 * whatever the stream does. Used by flat-reader.c alone.
 */
#pragma once

#include "base/types.h"

#define KD_FLAT_RANGES 1024

/** [start, end) in bytes. */
struct kd_flat_range {
	uint64_t start;
	uint64_t end;
};

/** Sorted, disjoint, not adjacent; all zeros to begin with. */
struct kd_flat_ranges {
	size_t n;
	struct kd_flat_range ranges[KD_FLAT_RANGES];
};

/**
 * Add [start, end), not empty.
 *
 * Returns whether any byte of it may have come before. That is exact for up to
 * KD_FLAT_RANGES separate ranges, some ten of which a dump needs; for more, the lowest
 * are taken together with what lies between them.
 */
bool kd_flat_ranges_add(struct kd_flat_ranges *r, uint64_t start, uint64_t end);

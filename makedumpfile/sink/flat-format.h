/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bytes of the flattened format, as docs/format-flattened.md specifies them: big-endian
 * whatever the machine. Included by sink-flat.c, format/flat-reader.c and their tests.
 */
#pragma once

#include <assert.h>

#include "base/types.h"

#define KD_FLAT_SIGNATURE   "makedumpfile" /* 16 bytes with its zeros */
#define KD_FLAT_HEADER_SIZE 4096U
#define KD_FLAT_TYPE	    1U
#define KD_FLAT_VERSION	    1U
#define KD_FLAT_END	    UINT64_MAX /* offset and size of the end record */

/** docs/format-flattened.md 1: zeros follow up to KD_FLAT_HEADER_SIZE. */
struct kd_flat_header {
	char signature[16];
	uint64_t type;
	uint64_t version;
};
static_assert(sizeof(struct kd_flat_header) == 32, "1");

/** docs/format-flattened.md 2: @size bytes for @offset of the dump follow. */
struct kd_flat_record {
	uint64_t offset;
	uint64_t size;
};
static_assert(sizeof(struct kd_flat_record) == 16, "2");

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Corpus files for binary formats, kept as text: "<name>.seed" holds words that make
 * bytes. Everything else in a corpus is taken as it is. Used by replay.c.
 *
 *   # comment to the end of the line
 *   7f454c46        bytes in hex
 *   "CORE"          text, no escapes, no NUL added
 *   u16:4 u32:0x10  little-endian numbers; u64 too
 *   @0x40           zeros up to this offset
 */
#pragma once

#include "base/error.h"
#include "base/types.h"

#define SEED_MAX (4U << 20)

/** Make bytes of a seed's text. *ret is owned by the caller: free(). -EINVAL, -EFBIG. */
int seed_decode(const char *text, char **ret, size_t *ret_size, struct kd_error *err);

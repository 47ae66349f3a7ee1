/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * XXH64, the checksum that ends zstd frames (RFC 8878, 3.1.1), of whole pages. Pure.
 * Used by zstd-quick.c.
 */
#pragma once

#include "base/types.h"

/** The XXH64, seed 0, of @size bytes: a multiple of 32, more than none. */
uint64_t kd_xxh64(const uint8_t *data, size_t size);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How much memory there is, as the kernel counts it (Documentation/filesystems/proc.rst,
 * meminfo). Pure. Used by the capture's budget and by the hosts' facts.
 */
#pragma once

#include "base/types.h"

#define KD_MEMINFO_MAX 16384 /* the file, today a tenth of this */

/**
 * A line's number, in bytes.
 *
 * @text, @size: of the file
 * @key: "MemAvailable"
 * 0; -ENODATA without such a line, -EBADMSG for one that makes no sense. @ret untouched
 * then.
 */
int kd_meminfo_value(const char *text, size_t size, const char *key, uint64_t *ret);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A kernel command line as the kernel splits it: parameters between white space, double
 * quotes holding one together (next_arg(), lib/cmdline.c), '-' and '_' the same in names
 * (parameq(), kernel/params.c). Trusts nothing about the text. Used by whoever edits one.
 */
#pragma once

#include "base/types.h"

/** Step over white space to the next parameter: *text is its first byte then. Returns its
 *  length, 0 at the end. A quote that is never closed goes on to the end. */
size_t kd_params_next(const char **text);

/**
 * Whether a parameter has a name.
 *
 * @word, @length: as kd_params_next() gave it; a quote in front is not of the name
 * @pattern, @n:   "mem" names "mem" and "mem=…"; "hugepages*" all that begin so
 */
bool kd_params_match(const char *word, size_t length, const char *pattern, size_t n);

/** Whether @word is the "--" behind which all is for init. */
bool kd_params_is_end(const char *word, size_t length);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Text made into a vmcore: a whole synthetic machine with page tables, memmap, kernel
 * log and vmcoreinfo, so that no binary fixture is ever needed. The language is in
 * tests/tools/README.md. Used by the mkvmcore program, unit tests and fuzz seeds.
 */
#pragma once

#include "base/error.h"
#include "base/types.h"

/**
 * Write the vmcore that @script describes to @fd, which must be seekable and empty.
 * Sparse: memory that nothing is said about takes no space.
 * Errors: -EINVAL for a script that is wrong, with its line in @err; those of writing.
 */
int mkvmcore(const char *script, size_t size, int fd, struct kd_error *err);

/**
 * The same into a memory file.
 * @ret_path: "/proc/self/fd/N", at least 32 bytes, for readers that take a path
 * Returns the descriptor, owned by the caller, or negative errno.
 */
int mkvmcore_memfd(const char *script, char *ret_path, size_t path_size,
		   struct kd_error *err);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The x86 bzImage: is this file one that kexec can start, and what does it ask for?
 * Pure: looks at bytes given to it. Trusts nothing; the kernel takes a bzImage cut
 * short for a good one, so the length is compared here. Called by load.c and the
 * daemon before any system call, by kernel.c. Offsets: Documentation/arch/x86/boot.rst.
 */
#pragma once

#include "base/error.h"
#include "base/types.h"

/** Bytes at the file's start that kd_bzimage_check() wants to see. */
#define KD_BZIMAGE_HEAD 1024

/**
 * @version:      boot protocol, 0x020c and later
 * @cmdline_size: longest command line in bytes, without its NUL
 * @init_size:    bytes of memory the kernel needs to unpack and run its first code
 * @kernel_bytes: setup and protected-mode part as the header states them
 */
struct kd_bzimage {
	unsigned int version;
	uint32_t cmdline_size;
	uint64_t init_size;
	uint64_t kernel_bytes;
};

/**
 * Check the start of a kernel image.
 *
 * @head:      first bytes of the file, KD_BZIMAGE_HEAD of them where the file has them
 * @file_size: bytes in the whole file
 * Returns 0; -ENOEXEC when it is no bzImage or cut short, -ENOTSUP when it is none that
 * kexec can start: one sentence in @err says which. @ret is untouched then.
 */
int kd_bzimage_check(const void *head, size_t head_size, uint64_t file_size,
		     struct kd_bzimage *ret, struct kd_error *err);

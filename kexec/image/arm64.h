/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The header an arm64 kernel begins with, in an Image file and in a vmlinux:
 * Documentation/arch/arm64/booting.rst, struct arm64_image_header. Trusts nothing.
 * Called by arm64.c, elf.c.
 */
#pragma once

#include "kexec/image/kernel.h"

/** Where a kernel's place begins, bytes: "the Image must be placed text_offset bytes from
 *  a 2MB aligned base address". */
#define KD_ARM64_ALIGN (2ull << 20)

/** @text_offset: from the place to the kernel's first byte; @image_size: from there on */
struct kd_arm64_header {
	uint64_t text_offset;
	uint64_t image_size;
};

/** Whether the magic number is there. */
bool kd_arm64_probe(struct kd_bytes head);

/** Check the header that @image begins with. 0; -ENOTSUP, -ENOEXEC in words. */
int kd_arm64_header(struct kd_bytes image, struct kd_arm64_header *ret,
		    struct kd_error *err);

/** Set of @kernel what every arm64 kernel has alike; the parts are the caller's. */
void kd_arm64_fill(struct kd_kernel *kernel, const struct kd_arm64_header *header);

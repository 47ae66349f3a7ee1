/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The two Zircon boot images a lowering makes (Fuchsia's sdk/lib/zbi-format/zbi.h): a
 * container around a kernel, and one around a command line. Pure. Called by blob.c.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/** Bytes before a kernel's code: two headers, and the two words of zbi_kernel_t. */
#define KD_BOOT_IMAGE_HEAD (32 + 32 + 16)

/**
 * A kernel image for x86_64 with room for @size bytes of code, zeros, entered at the first
 * of them, with no memory reserved behind it. Owned by the caller; NULL when memory is out.
 *
 * @ret_code: where the code goes
 */
uint8_t *kd_boot_image_kernel(uint64_t size, size_t *ret_size, uint8_t **ret_code);

/** A data image with @cmdline, its NUL included. Owned by the caller; NULL as above. */
uint8_t *kd_boot_image_cmdline(const char *cmdline, size_t *ret_size);

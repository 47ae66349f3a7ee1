/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The device tree that a new arm64 kernel is started with: the running one's, with
 * /chosen and the reservations made over. What this kernel was told by whoever started it
 * goes, what the next one must know comes, as drivers/of/kexec.c has it for
 * kexec_file_load(2). Pure. Trusts nothing in the tree. Called by arm64.c.
 */
#pragma once

#include "base/error.h"
#include "kexec/ranges.h"

/** The kernel maps this much of it: MAX_FDT_SIZE, arch/arm64/include/asm/boot.h. */
#define KD_FDT_MAX (2u << 20)

/** As drivers/of/fdt.c reads it: a u64. */
#define KD_FDT_KASLR_SEED 8

/**
 * What the next kernel is told.
 *
 * @cmdline:    bootargs; "" for none
 * @initrd:     empty for none
 * @elfcorehdr: empty but for a crash kernel
 * @usable:     all the memory a crash kernel may use, reserved ranges first; none: all
 * @seed:       for its random numbers and its address; size 0 for none. Not used twice:
 *              KD_FDT_KASLR_SEED bytes are kaslr-seed, what follows is rng-seed
 */
struct kd_fdt_edit {
	const char *cmdline;
	struct kd_range initrd;
	struct kd_range elfcorehdr;
	const struct kd_range *usable;
	size_t n_usable;
	const uint8_t *seed;
	size_t seed_size;
};

/**
 * Make a tree out of the one in @fdt, of @size bytes.
 *
 * The same bytes for the same input. Not taken out is the reservation a boot loader may
 * have made for its own tree: where that lies is not known here.
 * Errors: -EBADMSG for no device tree, a damaged or a very old one; -E2BIG when it would outgrow
 * KD_FDT_MAX; -ENOTSUP when its root's cells cannot hold an address, or are none of 1 and
 * 2; -ENOMEM. *ret is owned by the caller: free().
 */
int kd_fdt_edit(const void *fdt, size_t size, const struct kd_fdt_edit *edit,
		uint8_t **ret, size_t *ret_size, struct kd_error *err);

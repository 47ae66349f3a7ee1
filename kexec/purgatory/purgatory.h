/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Purgatory: the few KiB that run between two kernels. Freestanding and position
 * independent, linked at 0 without a relocation, copied into a segment by plan/, its
 * parameters filled in by kd_purgatory_fill(). This header is shared by both sides: the
 * code that runs there includes it too. Trusts nothing of the state it is entered with
 * but the identity mapping of what the plan placed.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define KD_PURGATORY_REGIONS 16
#define KD_PURGATORY_MAGIC   0x31475250444bull /* "KDPRG1", little-endian */

/**
 * What a segment left in memory: @size bytes from physical address @start, which are
 * summed, and @zeros bytes behind them that must still be zero. What a kernel grows into is
 * three parts in four of its memory: to look for zeros costs a tenth of summing them.
 */
struct kd_purgatory_region {
	uint64_t start;
	uint64_t size;
	uint64_t zeros;
};

/**
 * Read by purgatory from its own segment.
 *
 * @entry:    physical address to jump to, interrupts off, on a flat 64-bit code segment
 * @argument: rsi on x86: boot_params
 * @console:  I/O port of a 16550 to say progress on; 0 for silence. A mismatch is said
 *            on COM1 (0x3f8) even so: the machine is lost and this is its last word
 * @digest:   SHA-256 over the bytes of @regions, in order; not compared when there is no
 *            region
 */
struct kd_purgatory_params {
	uint64_t magic;
	uint64_t entry;
	uint64_t argument;
	uint32_t console;
	uint32_t n_regions;
	uint8_t digest[32];
	struct kd_purgatory_region regions[KD_PURGATORY_REGIONS];
};

/**
 * The code as built: @size bytes to copy to a page, entered at its first byte; @memsz
 * bytes, page aligned, with its stack; @params: offset of struct kd_purgatory_params.
 */
struct kd_purgatory {
	const uint8_t *code;
	size_t size;
	size_t memsz;
	size_t params;
};

/** The one for x86_64; size 0 in a program built for another machine. */
struct kd_purgatory kd_purgatory_x86_64(void);

/**
 * Write @params into a copy of @purgatory's bytes.
 *
 * @code:   @purgatory->size bytes, the copy
 * @params: its magic is set here
 * -EINVAL for a copy that is none, more than KD_PURGATORY_REGIONS regions or a console
 * that is no I/O port; @code untouched then.
 */
int kd_purgatory_fill(const struct kd_purgatory *purgatory, uint8_t *code,
		      const struct kd_purgatory_params *params);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an arm64 machine runs between two kernels: kexec_load(2) enters with x0 to x3
 * zero, an arm64 kernel wants its device tree in x0 (Documentation/arch/arm64/booting.rst).
 * No digest is made of what was loaded, as the kernel's own loader makes none: caches are
 * off here, and hashing tens of MB from uncached memory takes longer than a capture.
 * Pure. Called by arm64.c.
 */
#pragma once

#include "base/types.h"

/** Bytes: six instructions and two addresses. */
#define KD_TRAMPOLINE_ARM64_SIZE 40

/**
 * Write it; it runs wherever it lies, at a multiple of 8.
 *
 * @entry, @dtb: physical addresses
 */
void kd_trampoline_arm64(uint64_t entry, uint64_t dtb,
			 uint8_t ret[KD_TRAMPOLINE_ARM64_SIZE]);

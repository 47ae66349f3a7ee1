/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory that is a few words, for the tests of page walks: entries made by hand at their
 * addresses, zeros elsewhere. Used by tests/unit/test-xlat-arm64.c and -riscv64.c.
 */
#pragma once

#include "makedumpfile/vmcore/xlat.h"

/** @n: of @word; all other words are 0. @memory and @all are words_start()'s. */
struct words {
	struct kd_memory memory;
	struct kd_extent all;
	size_t n;
	struct {
		kd_paddr_t at;
		uint64_t value;
	} word[8];
};

/**
 * Begin walks over @w.
 *
 * @machine: e_machine
 * @bits:    how wide physical addresses are
 * @info:    what the kernel says of itself; without PAGESIZE pages are of 4 KiB
 */
int words_start(struct words *w, uint16_t machine, unsigned int bits, const char *info,
		struct kd_xlat *ret);

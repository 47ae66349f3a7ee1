/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Target-sized values: the dumped machine's addresses are 64-bit whatever machine
 * reads them, so off_t, long and pointers never stand for them. Used everywhere.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint64_t kd_paddr_t; /* physical address, bytes */
typedef uint64_t kd_vaddr_t; /* kernel virtual address, bytes */
typedef uint64_t kd_pfn_t;   /* page frame number, in units of the dumped page size */

/** Round @v up to a multiple of @a, a power of two. 64-bit on purpose: a 32-bit
 *  alignment mask would cut addresses above 4 GiB. Wraps to 0 past the top. */
static inline uint64_t kd_align_up(uint64_t v, uint64_t a)
{
	return (v + a - 1) & ~(a - 1);
}

/** Round @v down to a multiple of @a, a power of two. */
static inline uint64_t kd_align_down(uint64_t v, uint64_t a)
{
	return v & ~(a - 1);
}

/** Whether @v is a power of two; 0 is not. */
static inline bool kd_is_power_of_2(uint64_t v)
{
	return v && !(v & (v - 1));
}

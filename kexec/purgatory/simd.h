/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SSE switched on and off again. Kernels hand over with it off (relocate_kernel() writes
 * CR4 anew) or on; the SHA instructions need it, and the next kernel gets the control
 * registers as they came. Register contents are lost: no kernel hands any over. Called by
 * purgatory.c.
 */
#pragma once

#include <stdint.h>

/* Intel's manual, volume 3, section 2.5 */
#define KD_CR0_MP	  (1ull << 1)
#define KD_CR0_EM	  (1ull << 2)
#define KD_CR0_TS	  (1ull << 3)
#define KD_CR4_OSFXSR	  (1ull << 9)
#define KD_CR4_OSXMMEXCPT (1ull << 10)

struct kd_simd {
	uint64_t cr0;
	uint64_t cr4;
};

static inline void kd_simd_restore(const struct kd_simd *was)
{
	__asm__ volatile("mov %0, %%cr4" : : "r"(was->cr4) : "memory");
	__asm__ volatile("mov %0, %%cr0" : : "r"(was->cr0) : "memory");
}

static inline void kd_simd_on(struct kd_simd *ret_was)
{
	struct kd_simd on;

	__asm__ volatile("mov %%cr0, %0" : "=r"(ret_was->cr0) : : "memory");
	__asm__ volatile("mov %%cr4, %0" : "=r"(ret_was->cr4) : : "memory");
	on.cr0 = (ret_was->cr0 | KD_CR0_MP) & ~(KD_CR0_EM | KD_CR0_TS);
	on.cr4 = ret_was->cr4 | KD_CR4_OSFXSR | KD_CR4_OSXMMEXCPT;
	kd_simd_restore(&on);
}

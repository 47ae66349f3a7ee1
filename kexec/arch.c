/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The machines by name: see arch.h. The native one is a constant, so what a build for
 * another machine answers needs no run there. Trusts the compiler. Used all over kexec/.
 */
#include "kexec/arch.h"

#include <stddef.h>

#if defined(__x86_64__)
#define NATIVE KD_ARCH_X86_64
#elif defined(__aarch64__)
#define NATIVE KD_ARCH_ARM64
#elif defined(__i386__)
#define NATIVE KD_ARCH_I386
#elif defined(__riscv) && __riscv_xlen == 64
#define NATIVE KD_ARCH_RISCV64
#elif defined(__powerpc64__)
#define NATIVE KD_ARCH_PPC64
#elif defined(__s390x__)
#define NATIVE KD_ARCH_S390X
#else
#define NATIVE KD_ARCH_UNKNOWN
#endif

enum kd_arch kd_arch_native(void)
{
	return NATIVE;
}

const char *kd_arch_name(enum kd_arch arch)
{
	static const char *const names[KD_ARCHES] = {
		[KD_ARCH_UNKNOWN] = "unknown", [KD_ARCH_X86_64] = "x86_64",
		[KD_ARCH_ARM64] = "aarch64",   [KD_ARCH_I386] = "i386",
		[KD_ARCH_RISCV64] = "riscv64", [KD_ARCH_PPC64] = "ppc64le",
		[KD_ARCH_S390X] = "s390x",
	};

	return (size_t)arch < KD_ARCHES ? names[arch] : names[KD_ARCH_UNKNOWN];
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The machines a kernel image can be for, and what each calls itself. Pure constants.
 * Used by every stage of kexec/.
 */
#pragma once

/** x86_64 and arm64 have a planner; the others are known by name, for messages. */
enum kd_arch {
	KD_ARCH_UNKNOWN,
	KD_ARCH_X86_64,
	KD_ARCH_ARM64,
	KD_ARCH_I386,
	KD_ARCH_RISCV64,
	KD_ARCH_PPC64,
	KD_ARCH_S390X,
	KD_ARCHES,
};

/** The machine this program was built for. */
enum kd_arch kd_arch_native(void);

/** uname -m's word. */
const char *kd_arch_name(enum kd_arch arch);

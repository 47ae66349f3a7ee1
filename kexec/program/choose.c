/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The choice between files and segments: see choose.h. What the other call would only
 * refuse as well, or must not be tried behind a refusal, is not. Called by run-*.c.
 */
#include "kexec/program/choose.h"

#include <errno.h>

/* What a kernel's own loader starts: arch/x86/kernel/kexec-bzimage64.c has bzImage only,
 * and every try costs a crash load the armed image. */
static bool kernel_starts(const struct kd_kernel *kernel)
{
	return kernel->format == KD_KERNEL_BZIMAGE || kernel->format == KD_KERNEL_ARM64;
}

enum kd_kexec_method kd_kexec_choose(const struct kd_kexec_command *command,
				     const struct kd_kexec_facts *facts,
				     const struct kd_kernel *kernel)
{
	if (command->method != KD_KEXEC_BY_EITHER)
		return command->method;
	/* it takes no segments whatever they are */
	if (facts->lockdown != KD_LOCKDOWN_NONE)
		return KD_KEXEC_BY_FILES;
	return kernel_starts(kernel) ? KD_KEXEC_BY_EITHER : KD_KEXEC_BY_SEGMENTS;
}

/* As kexec-tools: no such call, or an image it does not know. EPERM and what a signature
 * gives are final. */
bool kd_kexec_try_segments(int error)
{
	return error == -ENOSYS || error == -ENOEXEC || error == -EINVAL ||
	       error == -ENOTSUP;
}

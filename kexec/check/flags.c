/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rules on what stands beside the segments: the word of flags with its architecture, how
 * many segments there are, whether there is an array of them. Called by validate.c.
 */
#include <inttypes.h>

#include "kexec/check/rules.h"

#define HOTPLUG (KD_KEXEC_UPDATE_ELFCOREHDR | KD_KEXEC_CRASH_HOTPLUG_SUPPORT)

static void bad_flags(struct kd_check *c, int code, uint64_t flags, const char *why)
{
	kd_complain(c, code, KD_NO_SEGMENT, KD_NO_SEGMENT, "flags 0x%" PRIx64 ": %s",
		    flags, why);
}

/* FreeBSD's page has "must be 0", its code takes anything: nothing but 0 goes. */
void kd_rule_flags(struct kd_check *c)
{
	uint64_t flags = c->call->flags;

	if (c->call->system == KD_KEXEC_LINUX)
		flags &= UINT32_MAX & ~(KD_KEXEC_FLAGS | KD_KEXEC_ARCH_MASK);
	if (flags)
		bad_flags(c, -EINVAL, flags, "unknown to the kernel");
}

/* The kernel's mask of the architecture has 32 bits, and takes what is above with it. */
void kd_rule_flags_high(struct kd_check *c)
{
	uint64_t flags = c->call->flags & ~(uint64_t)UINT32_MAX;

	if (flags)
		bad_flags(c, 0, flags, "beyond what the kernel looks at");
}

void kd_rule_preserve_context(struct kd_check *c)
{
	if ((c->call->flags & KD_KEXEC_PRESERVE_CONTEXT) && !(c->facts && c->facts->jump))
		bad_flags(c, -EINVAL, KD_KEXEC_PRESERVE_CONTEXT,
			  "this kernel cannot come back from another one "
			  "(CONFIG_KEXEC_JUMP)");
}

/* crash_elfcorehdr_size came to sysfs with the first of the flags; without it there is
 * nothing that would update the header. */
void kd_rule_hotplug_unknown(struct kd_check *c)
{
	uint64_t flags = c->call->flags & HOTPLUG;

	if (flags && c->host->elfcorehdr_size == 0)
		bad_flags(c, -EINVAL, flags,
			  "this kernel does not keep the header for the dump up to date");
}

void kd_rule_hotplug_without_crash(struct kd_check *c)
{
	uint64_t flags = c->call->flags & HOTPLUG;

	if (flags && !(c->call->flags & KD_KEXEC_ON_CRASH))
		bad_flags(c, 0, flags, "means something on a crash load only");
}

void kd_rule_count(struct kd_check *c)
{
	uint64_t n = c->call->n;

	if (c->call->system == KD_KEXEC_ZIRCON) {
		if (n != 2)
			kd_complain(c, -EINVAL, KD_NO_SEGMENT, KD_NO_SEGMENT,
				    "%" PRIu64 " images, there are a kernel ZBI and a "
				    "data ZBI",
				    n);
	} else if (n > KD_KEXEC_SEGMENTS)
		kd_complain(c, -EINVAL, KD_NO_SEGMENT, KD_NO_SEGMENT,
			    "%" PRIu64 " segments, the kernel takes %d", n,
			    KD_KEXEC_SEGMENTS);
}

/* KEXEC_ARCH_*, which are ELF's numbers of machines. */
static uint64_t arch_number(enum kd_arch arch)
{
	static const uint16_t numbers[KD_ARCHES] = {
		[KD_ARCH_X86_64] = 62,	 [KD_ARCH_ARM64] = 183, [KD_ARCH_I386] = 3,
		[KD_ARCH_RISCV64] = 243, [KD_ARCH_PPC64] = 21,	[KD_ARCH_S390X] = 22,
	};

	return arch < KD_ARCHES ? numbers[arch] : 0;
}

uint64_t kd_kexec_arch_flags(enum kd_arch arch)
{
	return arch_number(arch) << KD_KEXEC_ARCH_SHIFT;
}

void kd_rule_arch(struct kd_check *c)
{
	uint64_t arch = c->call->flags & KD_KEXEC_ARCH_MASK;

	if (arch && arch != kd_kexec_arch_flags(c->host->arch))
		kd_complain(c, -EINVAL, KD_NO_SEGMENT, KD_NO_SEGMENT,
			    "architecture %" PRIu64 " is not this machine's",
			    arch >> KD_KEXEC_ARCH_SHIFT);
}

void kd_rule_segments(struct kd_check *c)
{
	if (c->call->n > 0 && !c->call->segments)
		kd_complain(c, -EFAULT, KD_NO_SEGMENT, KD_NO_SEGMENT,
			    "segments, but no array of them");
}

/* sys/kern/kern_kexec.c forgets where it staged what it loaded: a kernel with INVARIANTS
 * panics on the unload, one without quietly reboots as usual after the next load. */
void kd_rule_unload(struct kd_check *c)
{
	if (c->call->n == 0)
		kd_complain(c, 0, KD_NO_SEGMENT, KD_NO_SEGMENT,
			    "an unload is not safe on this system");
}

void kd_rule_la57(struct kd_check *c)
{
	if (c->host->la57)
		kd_complain(c, -EINVAL, KD_NO_SEGMENT, KD_NO_SEGMENT,
			    "five-level page tables are on");
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The capture kernel's command line, made from the running kernel's by rules: what
 * belongs to the dying system goes, what a capture needs comes. Pure. Words in double
 * quotes stay whole, as in the kernel's next_arg(), lib/cmdline.c. Called by plan-build.
 */
#pragma once

#include "base/strbuf.h"
#include "kdumpd/host/cpus.h"
#include "kexec/arch.h"

/**
 * @running:     the running kernel's command line, or KDUMP_COMMANDLINE
 * @remove:      parameters to drop besides our list, separated by spaces; may be ""
 * @append:      instead of our own additions; NULL for those
 * @also:        more of them; may be NULL
 * @cpus:        that the capture kernel may have, with our own additions; 0 for one
 * @boot_apic:   x86: of the CPU that must not be among them unless it is the one that
 *               crashed; KD_APIC_UNKNOWN for none
 * @max:         bytes the capture kernel takes without the NUL; 0 when unknown
 * @test_id:     of a crash that is asked for: "kdump_test_id=" and this comes last, as
 *               kdump-utils has it; NULL for none
 */
struct kd_cmdline_rules {
	const char *running;
	const char *remove;
	const char *append;
	const char *also;
	unsigned int cpus;
	uint32_t boot_apic;
	size_t max;
	const char *test_id;
};

/**
 * Build the command line into @ret, NUL-terminated, owned by the caller.
 * Returns 0; -E2BIG when it is longer than the kernel takes: never cut, since a line
 * cut in the middle of a parameter is another line; -ENOMEM.
 */
int kd_cmdline_build(const struct kd_cmdline_rules *rules, char **ret,
		     struct kd_error *err);

/**
 * How many CPUs a capture gets. More than one makes a large dump in less time, takes memory,
 * and each has to be woken on a machine that has crashed: one for every GiB that there is
 * to look through, up to eight, with which output is the limit; and each beyond the first
 * comes with 16 MiB of reservation beyond 192 MiB, several times what it takes.
 *
 * @memory:   bytes of the machine
 * @reserved: of them for the capture kernel
 */
unsigned int kd_cmdline_cpus(const struct kd_cpus *cpus, enum kd_arch arch,
			     uint64_t memory, uint64_t reserved);

/** Whether @cmdline has the parameter @name ("crashkernel"), with a value or without. */
bool kd_cmdline_has(const char *cmdline, const char *name);

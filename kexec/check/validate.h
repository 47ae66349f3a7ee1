/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every rule a kernel has for a load, and those it should have, looked at before the
 * call: a refusal costs the armed image on Linux, and on FreeBSD may cost the machine.
 * Pure. All violations at once, each with a stable name. Called by load.c, the backends
 * and kexec --check; held against real kernels and models by tests/kexec.
 */
#pragma once

#include "kexec/host/facts.h"
#include "kexec/host/host.h"
#include "kexec/plan/plan.h"

/** Whose rules. A system's set is a superset of what its kernels check. */
enum kd_kexec_system {
	KD_KEXEC_LINUX,
	KD_KEXEC_FREEBSD,
	KD_KEXEC_ZIRCON,
};

/**
 * A call as a kernel sees it: a plan's, or any a test makes up.
 *
 * @flags: the raw word of the system call, its architecture included
 * @n:     segments claimed, maybe more than an array may have
 */
struct kd_kexec_call {
	enum kd_kexec_system system;
	uint64_t entry;
	const struct kd_kexec_segment *segments;
	uint64_t n;
	uint64_t flags;
};

#define KD_VIOLATIONS 32
#define KD_NO_SEGMENT (-1)

/**
 * @rule:    stable, e.g. "overlap"; docs/kexec.md lists them
 * @code:    negative errno the kernel gives, were this the only one; 0: it lets it pass
 * @segment, @other: which, KD_NO_SEGMENT for none
 * @text:    what is wrong; @remedy: what to do, static
 */
struct kd_violation {
	const char *rule;
	int code;
	int segment;
	int other;
	char text[160];
	const char *remedy;
};

/** @n may be above KD_VIOLATIONS: the rest is counted only. @code: the errno the kernel
 *  would give, by its own order of checks; 0 when only our rules are broken */
struct kd_violations {
	struct kd_violation items[KD_VIOLATIONS];
	size_t n;
	int code;
};

/**
 * Hold @call against @host and, where the system is Linux, @facts (may be NULL). Looks
 * into buffers for a few bytes (ELF's magic, a ZBI's headers): kd_kexec_touch() first.
 * Returns the number of violations, with them in @ret.
 */
size_t kd_kexec_validate(const struct kd_kexec_call *call,
			 const struct kd_kexec_host *host,
			 const struct kd_kexec_facts *facts, struct kd_violations *ret);

/** KEXEC_ARCH_* of the system call's flags, include/uapi/linux/kexec.h, in its place; 0,
 *  KEXEC_ARCH_DEFAULT, for a machine that is not known. */
uint64_t kd_kexec_arch_flags(enum kd_arch arch);

/** The first one as an error: rule, segment, text, remedy, and how many more. */
int kd_violations_fail(const struct kd_violations *v, struct kd_error *err);

/** Read every page of every buffer, so that what is gone fails here and not in a kernel.
 *  -EFAULT with the segment. */
int kd_kexec_touch(const struct kd_kexec_call *call, struct kd_error *err);

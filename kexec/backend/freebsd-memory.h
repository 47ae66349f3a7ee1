/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where FreeBSD's kernel takes segments, and how much of it: vm.phys_segs and two numbers.
 * The kernel holds each segment against one entry of that list; neighbours do not join,
 * so it is kept as it is and not as a set of ranges. Called by freebsd.c.
 */
#pragma once

#include "base/error.h"
#include "base/types.h"
#include "kexec/backend/freebsd-calls.h"
#include "kexec/plan/plan.h"

/** [@start, @end), physical: struct vm_phys_seg. */
struct kd_freebsd_phys {
	uint64_t start;
	uint64_t end;
};

/**
 * @segs:  vm.phys_segs, in its order
 * @free:  bytes on the free lists (vm.stats.vm.v_free_count)
 * @la57:  five-level page tables are on (vm.pmap.la57): kexec_load_md() refuses them, and
 *         the snapshot's clean-up after a first load panics
 */
struct kd_freebsd_memory {
	struct kd_freebsd_phys segs[KD_FREEBSD_PHYS_SEGS];
	size_t n;
	uint64_t free;
	bool la57;
};

/**
 * Read vm.phys_segs's text, sysctl_vm_phys_segs() of sys/vm/vm_phys.c: for each entry a
 * heading, "start:     0x…", "end:       0x…" and what we do not need. Pure.
 * -EBADMSG with the line, or for none at all; -E2BIG for more than the kernel can have.
 */
int kd_freebsd_phys_parse(const char *text, size_t size, struct kd_freebsd_memory *ret,
			  struct kd_error *err);

/** All of it from the running kernel. Errors: the above, those of sysctl. */
int kd_freebsd_memory_read(const struct kd_freebsd *system, struct kd_freebsd_memory *ret,
			   struct kd_error *err);

/**
 * Whether the kernel has a place for @plan's segments. Pure; what does not depend on the
 * list (alignment, overlap, empty segments) is check/validate.h's.
 * -EINVAL for a segment outside of every entry, -ENOMEM for too little free memory: the
 * kernel would wait for it for ever; -ENOTSUP for five-level page tables.
 */
int kd_freebsd_memory_check(const struct kd_freebsd_memory *memory,
			    const struct kd_kexec_plan *plan, struct kd_error *err);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A plan in the making, and the steps all machines share: what is free, a place in it, a
 * segment, the digest. Private to plan/: plan.c begins and ends one, x86.c and arm64.c
 * fill it. Trusts host and image as their readers left them; addresses and sizes in them
 * may be anything.
 */
#pragma once

#include "kexec/plan/plan.h"

/**
 * @initrd: the one to use: of the options, or a UKI's own
 * @cmdline: likewise, before any rule
 * @page:   what segments are aligned to, bytes
 * @room:   RAM not given away yet, in whole pages; all of it KD_RANGE_RAM
 * @plan:   filled as it goes
 */
struct kd_plan_builder {
	const struct kd_kexec_host *host;
	const struct kd_kernel *image;
	const struct kd_kexec_options *options;
	struct kd_bytes initrd;
	const char *cmdline;
	uint64_t page;
	struct kd_ranges room;
	struct kd_kexec_plan plan;
};

/** Make the segments. Errors: as kd_kexec_plan_build(); the plan is thrown away then. */
typedef int kd_planner_fn(struct kd_plan_builder *b, struct kd_error *err);

kd_planner_fn kd_plan_x86_64;
kd_planner_fn kd_plan_arm64;

/** Whether it is a crash kernel. */
static inline bool kd_plan_is_crash(const struct kd_plan_builder *b)
{
	return b->options->purpose == KD_KEXEC_CRASH;
}

/** Zeroed memory that lives as long as the plan; NULL when there is none left. */
void *kd_plan_alloc(struct kd_plan_builder *b, size_t size);

/** Have the plan free @memory, which came from malloc(): also when this fails. -ENOMEM. */
int kd_plan_own(struct kd_plan_builder *b, void *memory);

/**
 * Add a segment. @s->memsz is rounded up to whole pages, @s->hashed is as given.
 *
 * What the hotplug code takes for the core's header, since it begins with ELF's magic
 * (crash_handle_hotplug_event(), kernel/crash_core.c), must be that alone, and comes last.
 * Errors, in words: -ENOSPC for the 17th; -ENOTSUP for ELF's magic in a crash load.
 */
int kd_plan_add(struct kd_plan_builder *b, const struct kd_kexec_segment *s,
		struct kd_error *err);

/** Sum up the hashed segments, each to its memsz, in order. */
void kd_plan_digest(struct kd_kexec_plan *plan);

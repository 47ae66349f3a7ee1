/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The decision: configuration and machine in, plan for the capture side out, or the
 * reason why there can be none. Pure: no file is opened here. Called by arm.c.
 */
#pragma once

#include "kdumpd/config/config.h"
#include "kdumpd/host/host-fence.h"
#include "kdumpd/host/host-stack.h"
#include "kdumpd/host/net-decide.h"

#define KD_PLAN_FREE_MIN (16ull << 20) /* bytes; less holds no dump worth the name */

/** What the plan is made of; all borrowed. @targets: in the configuration's order;
 *  @stack, @net, @fence: may be NULL */
struct kd_plan_input {
	const struct kd_config *config;
	const struct kd_host *host;
	const struct kd_target_facts *targets;
	size_t n_targets;
	const struct kd_stack_facts *stack;
	const struct kd_net_facts *net;
	const struct kd_fence_facts *fence;
};

/**
 * Whether a target that was found can hold a dump; a full one can, once there is room.
 *
 * Errors, each with one sentence: -ENOTSUP the target is of a kind, or holds a file
 * system, that we do not write to, -EINVAL another one than the configuration says,
 * -ENOSPC it is too small.
 */
int kd_plan_check_target(const struct kd_target_facts *target, struct kd_error *err);

/**
 * Build the plan from the targets that have no error. Its arm_id stays empty: it is made
 * from the rebuild key.
 *
 * @report: each target that is left out is added: as a warning while others are used;
 *          and each that is full, as a warning
 * Errors: of core_collector; that of the first target when none can be used.
 */
int kd_plan_build(const struct kd_plan_input *in, struct kd_plan *ret,
		  struct kd_config_report *report, struct kd_error *err);

/** The kernel module that mounts @fstype ("ext3" is mounted by ext4); NULL when we do
 *  not write to that file system. */
const char *kd_plan_fs_module(const char *fstype);

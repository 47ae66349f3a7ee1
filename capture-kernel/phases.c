/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of phases and those before the target: see phases.h. Trusts the image it
 * runs from. What runs in pid 1 reads that image, proc and sysfs, nothing that may
 * hang. Called by capture.c.
 */
#include "capture-kernel/phases.h"

#include <string.h>

#include "base/io.h"
#include "capture-kernel/dead-kernel.h"
#include "capture-kernel/last-words.h"
#include "capture-kernel/lifeline.h"
#include "capture-kernel/mounts.h"
#include "capture-kernel/sysctl.h"

#define PLAN_NAME      "kdump/plan"
#define MODULE_LIMIT_S 60
#define CPUS_LIMIT_S   30 /* the kernel waits ten for one that does not come */

static int mounts(struct kd_capture *c, struct kd_error *err)
{
	int r = kd_mounts_setup(err);

	kd_console_init(&c->console, c->root_fd);
	return r;
}

static int sysctls(struct kd_capture *c, struct kd_error *err)
{
	return kd_sysctl_setup(c->root_fd, err);
}

static int plan(struct kd_capture *c, struct kd_error *err)
{
	_cleanup_(kd_freep) char *text = NULL;
	struct kd_outcome *o = &c->shared->outcome;
	size_t size;
	int r;

	r = kd_read_file_at(c->root_fd, PLAN_NAME, KD_PLAN_MAX_SIZE, &text, &size, err);
	if (r >= 0)
		r = kd_plan_decode(text, size, &c->plan, err);
	if (r < 0)
		kd_outcome_note(o, "%s", err->message);
	c->deadline_ms = c->start_ms + (uint64_t)c->plan.total_timeout * 1000;
	c->flow.n_targets = c->plan.n_targets;
	o->test = c->plan.test;
	memcpy(o->arm_id, c->plan.arm_id, sizeof(o->arm_id));
	return r;
}

static int lifeline(struct kd_capture *c, struct kd_error *err)
{
	pid_t pid = kd_lifeline_start(c->root_fd, c->deadline_ms + KD_LIFELINE_MARGIN_MS,
				      /* fire= */ NULL, err);

	if (pid < 0) {
		kd_outcome_note(&c->shared->outcome, "no lifeline: %s", err->message);
		return pid;
	}
	c->lifeline = pid;
	return 0;
}

/* Only its name is looked up: pid 1 never opens the vmcore. */
static int vmcore(struct kd_capture *c, struct kd_error *err)
{
	if (faccessat(c->root_fd, "proc/vmcore", F_OK, 0) >= 0)
		return 0;
	c->flow.no_core = true;
	return kd_fail_msg(err, -ENOENT,
			   "no /proc/vmcore: this kernel was not started by a crash, "
			   "or the crash damaged the ELF header it was given");
}

/* A vmcore that makes no sense may hang or crash its reader: not the target's child. */
static int identity(struct kd_capture *c, struct kd_error *err)
{
	_cleanup_(kd_vmcore_freep) struct kd_vmcore *core = NULL;
	int r = kd_dead_kernel_open(c->root_fd, &core, err);

	if (r >= 0)
		kd_dead_kernel_describe(core, &c->shared->outcome);
	return r;
}

static int last_words(struct kd_capture *c, struct kd_error *err)
{
	return kd_last_words(c->root_fd, &c->console.log, &c->shared->kmsg_lines, err);
}

const struct kd_phase kd_phases[KD_STEP_FINAL] = {
	[KD_STEP_MOUNTS] = { "mounts", .run = mounts },
	[KD_STEP_SYSCTL] = { "sysctl", .run = sysctls },
	[KD_STEP_PLAN] = { "plan", .run = plan },
	[KD_STEP_LIFELINE] = { "lifeline", .run = lifeline },
	[KD_STEP_VMCORE] = { "vmcore", .run = vmcore },
	[KD_STEP_MODULES] = { "modules", .run = kd_phase_modules,
			      .limit_s = MODULE_LIMIT_S },
	[KD_STEP_WATCHDOG] = { "watchdog", .run = kd_phase_watchdog },
	[KD_STEP_IDENTITY] = { "identity", .work = identity, .limit_s = 30 },
	[KD_STEP_PRE] = { "pre", .run = kd_phase_pre },
	[KD_STEP_DEVICE] = { "device", .run = kd_phase_device },
	[KD_STEP_TARGET] = { "target", .run = kd_phase_target },
	[KD_STEP_LOG] = { "log", .work = kd_phase_log },
	[KD_STEP_MINI] = { "mini", .run = kd_phase_mini },
	[KD_STEP_CPUS] = { "cpus", .run = kd_phase_cpus, .limit_s = CPUS_LIMIT_S },
	[KD_STEP_DUMP] = { "dump", .run = kd_phase_dump },
	[KD_STEP_OUTCOME] = { "outcome", .work = kd_phase_outcome, .closing = true },
	[KD_STEP_POST] = { "post", .run = kd_phase_post, .closing = true },
	[KD_STEP_RELEASE] = { "release", .work = kd_phase_release, .closing = true },
	[KD_STEP_EMERGENCY] = { "emergency", .run = kd_phase_emergency },
	[KD_STEP_LAST_WORDS] = { "last-words", .work = last_words, .limit_s = 30 },
};

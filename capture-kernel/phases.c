/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of phases and those before the target: see phases.h. Trusts the image it
 * runs from. What runs in pid 1 reads that image, proc and sysfs, nothing that may
 * hang. Called by capture.c.
 */
#include "capture-kernel/phases.h"

#include <string.h>

#include "base/io.h"
#include "capture-kernel/last-words.h"
#include "capture-kernel/lifeline.h"
#include "capture-kernel/modules.h"
#include "capture-kernel/mounts.h"
#include "capture-kernel/sysctl.h"

#define PLAN_NAME      "kdump/plan"
#define MODULES_NAME   "kdump/modules"
#define MODULES_HANG   8 /* modules that may hang before the rest is left out */
#define MODULE_LIMIT_S 60

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
			   "no /proc/vmcore: this kernel was not started by a crash");
}

static int load_modules(struct kd_capture *c, struct kd_error *err)
{
	_cleanup_(kd_modules_done) struct kd_modules list = { 0 };
	int r = kd_modules_read_at(c->root_fd, MODULES_NAME, &list, err);

	if (r < 0)
		kd_outcome_note(&c->shared->outcome, "modules: %s", err->message);
	for (size_t i = c->first_module; i < list.n; i++) {
		const char *name = strrchr(list.paths[i], '/');
		struct kd_error here = { 0 };

		kd_shared_progress(c->shared, name ? name + 1 : list.paths[i], i, list.n);
		r = kd_module_load_at(c->root_fd, list.paths[i], &here);
		/* a driver without its hardware is no loss */
		if (r < 0 && r != -ENODEV && r != -ENXIO)
			kd_outcome_note(&c->shared->outcome, "module %s", here.message);
	}
	return r < 0 && list.n == 0 ? r : 0;
}

static int modules(struct kd_capture *c, struct kd_error *err)
{
	int r = 0;

	for (unsigned int i = 0; i < MODULES_HANG; i++) {
		kd_error_reset(err);
		r = kd_capture_child(c, load_modules, 0, NULL, err);
		if (r != -ETIMEDOUT && r != -ENOTRECOVERABLE)
			break;
		kd_outcome_note(&c->shared->outcome, "module %s: %s", c->shared->what,
				err->message);
		c->first_module = (size_t)c->shared->done + 1;
		if (kd_now_ms() >= c->deadline_ms)
			break;
	}
	return r;
}

static int watchdog(struct kd_capture *c, struct kd_error *err)
{
	int r = kd_watchdog_open(&c->watchdog, c->root_fd,
				 c->deadline_ms + KD_LIFELINE_MARGIN_MS, err);

	if (r == -ENOENT) {
		kd_console_say(&c->console, KD_LOG_INFO, "watchdog", "there is none");
		return 0;
	}
	return r;
}

static int last_words(struct kd_capture *c, struct kd_error *err)
{
	return kd_last_words(c->root_fd, &c->console.log, err);
}

const struct kd_phase kd_phases[KD_STEP_FINAL] = {
	[KD_STEP_MOUNTS] = { "mounts", .run = mounts },
	[KD_STEP_SYSCTL] = { "sysctl", .run = sysctls },
	[KD_STEP_PLAN] = { "plan", .run = plan },
	[KD_STEP_LIFELINE] = { "lifeline", .run = lifeline },
	[KD_STEP_VMCORE] = { "vmcore", .run = vmcore },
	[KD_STEP_MODULES] = { "modules", .run = modules, .limit_s = MODULE_LIMIT_S },
	[KD_STEP_WATCHDOG] = { "watchdog", .run = watchdog },
	[KD_STEP_DEVICE] = { "device", .run = kd_phase_device },
	[KD_STEP_TARGET] = { "target", .work = kd_phase_target },
	[KD_STEP_LOG] = { "log", .work = kd_phase_log },
	[KD_STEP_DUMP] = { "dump", .run = kd_phase_dump },
	[KD_STEP_OUTCOME] = { "outcome", .work = kd_phase_outcome, .closing = true },
	[KD_STEP_RELEASE] = { "release", .work = kd_phase_release, .closing = true },
	[KD_STEP_LAST_WORDS] = { "last-words", .work = last_words, .limit_s = 30 },
};

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What comes after what: the order of the phases and the way on after each failure.
 * Pure, so that every path to the final action can be listed in a table of tests.
 * Called by capture.c, which runs the phases and knows nothing of their order.
 */
#pragma once

#include "base/outcome.h"

enum kd_step {
	KD_STEP_MOUNTS,
	KD_STEP_SYSCTL,
	KD_STEP_PLAN,
	KD_STEP_LIFELINE,
	KD_STEP_VMCORE,
	KD_STEP_MODULES,
	KD_STEP_WATCHDOG,
	KD_STEP_IDENTITY,
	KD_STEP_PRE,
	KD_STEP_DEVICE,
	KD_STEP_TARGET,
	KD_STEP_LOG,
	KD_STEP_MINI,
	KD_STEP_CPUS,
	KD_STEP_DUMP,
	KD_STEP_OUTCOME,
	KD_STEP_POST,
	KD_STEP_RELEASE,
	KD_STEP_EMERGENCY,
	KD_STEP_LAST_WORDS,
	KD_STEP_FINAL, /* not a phase: the final action follows */
	KD_STEP_COUNT,
};

/**
 * @target, @n_targets: the one being tried, and how many the plan names
 * @best:    best state reached on any target so far
 * @overdue: the capture's time is over: record what there is and leave
 * @no_core: there is no /proc/vmcore, so no target can do better than another
 * @mounted: the current target was opened and has to be recorded on and released
 * @log_only: no dump is wanted (kdump_pre, too many crashes): the log is all there is to do
 */
struct kd_flow {
	enum kd_step step;
	size_t target, n_targets;
	enum kd_outcome_state best;
	bool overdue, no_core, mounted, log_only;
};

/** Whether all that was wanted is saved: then the final action follows, else the failure
 *  action. */
bool kd_flow_satisfied(const struct kd_flow *f);

/**
 * Step on after the current phase ended with @result (0 or negative errno).
 * Every sequence of results reaches KD_STEP_FINAL within KD_STEP_PRE plus 9 steps
 * a target, and 3,, since no step leads backwards but to the next target.
 */
void kd_flow_advance(struct kd_flow *f, int result);

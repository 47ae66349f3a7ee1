/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A capture from start to final action: the root structure of pid 1, and the loop that
 * runs phases in the order flow.c decides. It trusts no phase to end by itself.
 * Called by init.c; tests bring phases of their own.
 */
#pragma once

#include "capture-kernel/child.h"
#include "capture-kernel/console.h"
#include "capture-kernel/fence.h"
#include "capture-kernel/flow.h"
#include "capture-kernel/watchdog.h"

#define KD_CLOSING_MS 15000 /* the closing phases get this even when time is over */
#define KD_LIFELINE_MARGIN_MS \
	90000 /* more than all closing limits and the final action */

/* What a phase's @run returns that had nothing to do: it is not recorded. */
#define KD_PHASE_NOTHING 1

struct kd_capture;

/**
 * One phase.
 *
 * @name:    on the console and in the outcome
 * @run:     in pid 1: must not touch a device, the target or the vmcore. NULL: @work runs
 *           in a child, and that is all
 * @work:    in a child, which has a copy of the capture and shares @shared with pid 1
 * @limit_s: seconds without progress; 0: the plan's phase_timeout
 * @closing: has its limit even when the capture's time is over
 */
struct kd_phase {
	const char *name;
	int (*run)(struct kd_capture *c, struct kd_error *err);
	int (*work)(struct kd_capture *c, struct kd_error *err);
	unsigned int limit_s;
	bool closing;
};

/**
 * The root of everything pid 1 knows.
 *
 * @root_fd:     "/", or a test's folder
 * @phases:      one for each step before KD_STEP_FINAL
 * @first_module: where the modules phase goes on after a module that hung
 * @limit_s:     of the child being started, in place of its phase's; 0: the phase's
 * @memory:      budget of the dump that is being tried, bytes
 * @start_ms:    when pid 1 began, since boot
 * @deadline_ms: when the whole capture must be over, since boot
 * @lifeline:    process id, 0 without
 * @cpus_asked:  more CPUs were asked to start, once
 * @fence:       who tells the cluster
 */
struct kd_capture {
	int root_fd;
	const struct kd_phase *phases;
	struct kd_console console;
	struct kd_plan plan;
	struct kd_flow flow;
	struct kd_shared *shared;
	struct kd_watchdog watchdog;
	size_t first_module;
	unsigned int limit_s;
	uint64_t memory;
	uint64_t start_ms;
	uint64_t deadline_ms;
	pid_t lifeline;
	bool cpus_asked;
	struct kd_fence fence;
};

/** Defaults, console, shared memory. -ENOMEM; kd_capture_done() is then not needed. */
int kd_capture_init(struct kd_capture *c, int root_fd, const struct kd_phase *phases,
		    struct kd_error *err);
void kd_capture_done(struct kd_capture *c);

/** Run phases until the final action is due. Never fails: each failure is recorded and
 *  the way goes on. c->flow.best says how far it came. */
void kd_capture_run(struct kd_capture *c);

/**
 * For a phase's @run: do @work in a child within the phase's limits.
 * @memory: cap in bytes, 0 for none; @ret: may be NULL. Returns as kd_child_run().
 */
int kd_capture_child(struct kd_capture *c,
		     int (*work)(struct kd_capture *c, struct kd_error *err),
		     uint64_t memory, struct kd_child_result *ret, struct kd_error *err);

/** Open the watchdog, once: 0 when it is guarding now. Errors as kd_watchdog_open(). */
int kd_capture_watchdog(struct kd_capture *c, struct kd_error *err);

/** The target being tried. Only from KD_STEP_DEVICE to KD_STEP_RELEASE. */
const struct kd_plan_target *kd_capture_target(const struct kd_capture *c);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Telling a cluster that this machine dumps: a process beside the capture that brings up
 * the way to each node of the plan and sends it a datagram every few seconds, as
 * fence_kdump_send(8) does and fence_kdump(8) waits for. Nothing of the capture waits for
 * it, and it shares no memory that a phase uses. Started by capture.c.
 */
#pragma once

#include <sys/types.h>

#include "base/log.h"
#include "base/plan.h"
#include "capture-kernel/flow.h"
#include "capture-kernel/shared.h"

/** @pid: 0 without; @shared: the process' own, with what it did; @notes: of them that were
 *  taken over */
struct kd_fence {
	pid_t pid;
	struct kd_shared *shared;
	size_t notes;
};

/**
 * Whether it is time to start: once the log is saved, or the first target cannot be had,
 * since a driver that is set up beside must not cost the log. Pure.
 *
 * @step, @result: the phase that is over, and how
 */
bool kd_fence_is_due(enum kd_step step, int result);

/** Start it. @plan, @log: have to stay. @root_fd: below which proc/ lies. Errors: -ENOMEM,
 *  those of fork(2). */
int kd_fence_start(struct kd_fence *f, const struct kd_plan *plan, int root_fd,
		   const struct kd_log *log, struct kd_error *err);

/** Note in @o what went wrong so far. */
void kd_fence_tell(struct kd_fence *f, struct kd_outcome *o);

/** A last message, at most a second, and the end. */
void kd_fence_stop(struct kd_fence *f);

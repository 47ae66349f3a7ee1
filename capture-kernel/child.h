/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Work that may hang, crash or eat memory runs in a child, and pid 1 watches: killed
 * when it shows no progress, when its time is over, or by the kernel when memory runs
 * out. A child that cannot even be killed (stuck in a system call) is left behind:
 * nothing here waits without a limit. Called by the phases.
 */
#pragma once

#include <sys/types.h>

#include "capture-kernel/deadline.h"
#include "capture-kernel/shared.h"

/**
 * @run:      the work, in the child; what it returns and puts into @err comes back.
 *            Standing there it has a copy of all memory and shares @shared alone
 * @context:  for @run and @tick
 * @root_fd:  below which proc/ lies, to volunteer for the OOM killer; negative: do not
 * @limits:   the idle limit counts from the last beat in @shared
 * @memory:   bytes of private writable memory it may have (RLIMIT_DATA), 0 for no cap
 * @tick:     may be NULL; called in the parent a few times a second
 */
struct kd_child {
	int (*run)(void *context, struct kd_error *err);
	void *context;
	int root_fd;
	struct kd_limits limits;
	uint64_t memory;
	struct kd_shared *shared;
	void (*tick)(void *context);
};

enum kd_child_end {
	KD_CHILD_EXITED, /* @error of the result says how */
	KD_CHILD_SIGNALLED,
	KD_CHILD_IDLE,
	KD_CHILD_OVERDUE,
};

/**
 * @error:    what the work returned; -ENOTRECOVERABLE when a signal ended it, -ETIMEDOUT
 * @signal:   the one that ended it, 0 without
 * @peak_rss_kib: largest resident size (getrusage(2) ru_maxrss)
 * @abandoned: it could not be killed in time and still exists
 */
struct kd_child_result {
	enum kd_child_end end;
	int error;
	int signal;
	uint64_t peak_rss_kib;
	bool abandoned;
};

/**
 * Run one child to its end.
 *
 * @ret: set whenever a child was started; may be NULL
 * Returns what the work returned; -ENOTRECOVERABLE, -ETIMEDOUT as above, in words in
 * @err; the error of fork(2).
 */
int kd_child_run(const struct kd_child *child, struct kd_child_result *ret,
		 struct kd_error *err);

/** Reap whatever has ended, without waiting: pid 1 inherits every orphan. */
void kd_child_reap_orphans(void);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The hardware watchdog: the one guard left when this kernel itself hangs. Pid 1 pets
 * it while its own time limits hold and stops when they are past, so that a bug there
 * ends in a reset as well. Called by pid 1 only.
 */
#pragma once

#include "base/error.h"
#include "base/types.h"

/**
 * @fd:       of /dev/watchdog, negative without one
 * @timeout_ms: after which it fires
 * @petted_ms:  last time it was petted
 * @until_ms:   no more petting after this, whatever pid 1 believes
 */
struct kd_watchdog {
	int fd;
	uint64_t timeout_ms;
	uint64_t petted_ms;
	uint64_t until_ms;
};

/**
 * Open dev/watchdog below @root_fd, which starts it, and set its timeout. One that the
 * dying kernel had started goes on ticking until this is done: it comes early.
 * Returns 0, -ENOENT when the machine has none, or another error; @ret is usable (and
 * does nothing) in each case.
 */
int kd_watchdog_open(struct kd_watchdog *ret, int root_fd, uint64_t until_ms,
		     struct kd_error *err);

/** Whether it is time to pet: three times within the timeout, never past until_ms.
 *  Pure. */
bool kd_watchdog_due(const struct kd_watchdog *w, uint64_t now_ms);

/** Pet if due. Never blocks for long and never fails. */
void kd_watchdog_tick(struct kd_watchdog *w);

/** Stop it, where the driver lets us (magic close): before a halt, which it would end.
 *  Without @disarm it keeps running and ends a reboot that hangs. */
void kd_watchdog_close(struct kd_watchdog *w, bool disarm);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The last resort: a process that does nothing but wait until the capture must long be
 * over and then restarts the machine. It shares no fate with pid 1, which may be stuck
 * in a system call that nobody foresaw. Started early by pid 1.
 */
#pragma once

#include <sys/types.h>

#include "base/error.h"
#include "base/types.h"

/**
 * Start it.
 *
 * @root_fd:     below which proc/ lies
 * @deadline_ms: since boot; what it does then is kd_final_action(), reboot
 * @fire:        for tests: called instead; NULL otherwise
 * Returns its pid or the error of fork(2).
 */
pid_t kd_lifeline_start(int root_fd, uint64_t deadline_ms, void (*fire)(int root_fd),
			struct kd_error *err);

/** End it: a halt is meant to last. */
void kd_lifeline_stop(pid_t pid);

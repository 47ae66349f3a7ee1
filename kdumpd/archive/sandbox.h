/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Shutting a child process in before it parses a file nobody vouches for: no root, no
 * files but those handed in, no network, no new processes, bounded memory and time, only
 * the system calls that reading and computing take. Called by check.c, in the child.
 */
#pragma once

#include "base/error.h"
#include "base/types.h"

/**
 * Shut this process in, for good. It must have one thread.
 *
 * @fds, @n:  descriptors that stay open, beside stderr
 * @memory:   bytes it may allocate on top of what it has
 * @seconds:  of CPU time it may use
 * Errors: those of the calls; whoever gets one must end the process.
 */
int kd_sandbox_enter(const int *fds, size_t n, uint64_t memory, unsigned int seconds,
		     struct kd_error *err);

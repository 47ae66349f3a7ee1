/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A machine that is started, listened to and ended: QEMU as a child process with its
 * console in a pipe. Never outlives its limit. Called by rehearse.c.
 */
#pragma once

#include "base/error.h"
#include "kdumpd/rehearse/story.h"

/**
 * Run the machine to its end, or to a limit.
 *
 * @argv:     NULL-terminated, argv[0] looked up in PATH
 * @first_s:  seconds in which pid 1 must say a word; @limit_s: in all
 * @story:    what it wrote is fed to it
 * @ret_ms:   how long it ran
 * Returns 0, also when the machine was ended at a limit or failed in its own ways;
 * -ENOENT when there is no such program; -ECHILD with QEMU's own words when it would not
 * start.
 */
int kd_machine_run(const char *const *argv, unsigned int first_s, unsigned int limit_s,
		   struct kd_story *story, uint64_t *ret_ms, struct kd_error *err);

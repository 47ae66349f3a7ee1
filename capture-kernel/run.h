/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One program, run to its end without a shell. It has the console, nothing to read from,
 * and none of our descriptors. Waits as long as it takes: called in children whose time is
 * limited by pid 1, which ends the whole group.
 */
#pragma once

#include "base/error.h"

#define KD_RUN_WORDS 128 /* of a command that is looked for */

/**
 * @root_fd: the folder it starts in, against which argv[0] is looked up: relative paths
 *           lead into it, "/" is "/" for a capture
 * @argv:    argv[0] without a leading "/"; NULL-terminated
 * @env:     "NAME=value", NULL-terminated
 * @out_fd:  its standard output; negative: ours
 * @tick:    NULL, or called a few times a second while it runs
 */
struct kd_run {
	int root_fd;
	char *const *argv;
	char *const *env;
	int out_fd;
	void (*tick)(void *context);
	void *context;
};

/** Run it; argv[0] without a "/" is looked for where the environment's first word, PATH,
 *  says. As below. */
int kd_run_by_path(const struct kd_run *run, struct kd_error *err);

/** Run it. Returns its exit status as sh(1) has it: 128 and more for a signal, 127 and 126
 *  when it is not there or is no program; -errno of fork(2). */
int kd_run(const struct kd_run *run, struct kd_error *err);

/** The environment programs get: PATH and HOME. */
#define KD_RUN_PATH "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The daemon: arms once at start, then waits for what makes it necessary again: a request
 * on the bus, SIGHUP, hardware that came or went, an arming that was killed. One loop, one
 * struct, no thread; the work is done by worker.h's process. Called by main.c.
 */
#pragma once

#include "base/log.h"

/**
 * All borrowed.
 *
 * @init:   path of pid 1 of the capture image
 * @worker: path of kdumpd-worker
 */
struct kd_manager_options {
	const char *init;
	const char *worker;
	const struct kd_log *log;
};

/** Run until SIGTERM. Returns the program's exit status. */
int kd_manager_run(const struct kd_manager_options *options);

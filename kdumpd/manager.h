/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The daemon: arms once at start in a forked worker, then watches. Signals: HUP arms
 * again, TERM ends. Its status line follows the state file, whoever writes it. One loop,
 * one struct, no thread. Called by main.c.
 */
#pragma once

#include "base/log.h"

/** Run until SIGTERM. Returns the program's exit status. @init: path of pid 1. */
int kd_manager_run(const char *init, const struct kd_log *log);

/** Arm in this process and tell of it: what the worker does, and kdumpd --once. */
int kd_manager_arm_once(const char *init, const struct kd_log *log);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Running another program of the system and waiting for its end: systemctl, update-grub.
 * No shell. Called by kdumpctl's commands.
 */
#pragma once

#include "base/error.h"

/** Run argv[0], found in PATH, with this program's output. Returns 0; -ENOENT when there
 *  is no such program; -ECHILD with its exit status when that was not 0. */
int kd_tool_run(char *const argv[], struct kd_error *err);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Kernel settings of the capture side: a panic reboots, and nothing less than a panic
 * ends the capture. The dying system's own settings arrive through the command line
 * (panic_on_warn, oops=panic, softlockup_panic=…) and would kill captures that could
 * go on. Called once by pid 1.
 */
#pragma once

#include "base/error.h"

/** Set what exists below @root_fd's proc/sys; what a kernel lacks is left out. Returns 0
 *  or the first failure, after trying each. */
int kd_sysctl_setup(int root_fd, struct kd_error *err);

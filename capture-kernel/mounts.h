/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The file systems pid 1 stands on: proc, sysfs, devtmpfs and a tmpfs for /run. None
 * of them touches a device, so mounting them cannot hang. Called once by pid 1.
 */
#pragma once

#include "base/error.h"

/** Mount them all; one already mounted is fine. Goes on after a failure and returns the
 *  first one. */
int kd_mounts_setup(struct kd_error *err);

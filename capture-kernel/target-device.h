/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The block device a target lies on: found among the disks, or put together from them
 * first. Shared by the kinds of targets that have one. Called in children.
 */
#pragma once

#include "capture-kernel/target.h"

/** A target's reach(): wait for its device. The phase's limit ends a vain wait. Returns
 *  at once with the error of a device that will not come. */
int kd_target_reach_device(const struct kd_target *t, struct kd_shared *shared,
			   struct kd_error *err);

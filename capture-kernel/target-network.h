/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Targets on other machines, and what they have in common: the way there. Called by
 * target-nfs.c and target-sftp.c, in children.
 */
#pragma once

#include "capture-kernel/target.h"

/** Bring up the network towards @t, as struct kd_target_ops has it. The address the
 *  server sees becomes shared->host, after which the dump folder is named. */
int kd_target_reach_network(const struct kd_target *t, struct kd_shared *shared,
			    struct kd_error *err);

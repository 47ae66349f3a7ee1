/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The live table of a device-mapper device, by the kernel's ioctls. It may hold the key
 * of an encrypted volume: kd_dm_live_done() wipes it. Called by host-stack.c.
 */
#pragma once

#include "base/error.h"
#include "base/plan.h"

#define KD_DM_LIVE_TABLE 8192

/** @table: lines as "dmsetup table --showkeys" prints them, separated by ';' */
struct kd_dm_live {
	char name[KD_PLAN_STACK_NAME];
	char uuid[KD_PLAN_STACK_NAME];
	char table[KD_DM_LIVE_TABLE];
};

/**
 * Where tables come from: the kernel, or a test's table.
 * @read: the table of device @major:@minor; -E2BIG, -ENODEV, errors of the ioctl
 */
struct kd_dm_reader {
	int (*read)(void *context, unsigned int major, unsigned int minor,
		    struct kd_dm_live *ret, struct kd_error *err);
	void *context;
};

/** The kernel's, by /dev/mapper/control below @root_fd. */
struct kd_dm_reader kd_dm_kernel_reader(const int *root_fd);

/** Wipe a table: it may hold a key. */
void kd_dm_live_done(struct kd_dm_live *live);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Block devices made of others, put together as the plan says: device-mapper tables and
 * RAID arrays, each after those it lies on. One attempt at a time, so that the caller can
 * wait for drivers. Called by target-fs.c and target-raw.c, in a child.
 */
#pragma once

#include "base/plan.h"
#include "capture-kernel/dm.h"
#include "capture-kernel/md.h"

#define KD_STACK_PATIENCE_MS 10000 /* for members that may never come */

/** What makes devices; a test has others. As kd_dm_create(), kd_md_find(),
 *  kd_md_start(). */
struct kd_stack_ops {
	int (*create)(const char *name, const char *uuid, const struct kd_dm_table *table,
		      struct kd_devnum *ret, struct kd_error *err);
	int (*find)(int root_fd, const char *uuid, struct kd_md_found *ret,
		    struct kd_error *err);
	int (*start)(int root_fd, const char *name, const struct kd_md_found *found,
		     struct kd_error *err);
};

extern const struct kd_stack_ops kd_stack_kernel;

/**
 * @root_fd: below which sys/ and dev/ lie
 * @entries, @n: the plan's; borrowed
 * @patient: wait for all members; without it an array or a multipath device is made of
 *           what is there
 */
struct kd_stack {
	int root_fd;
	const struct kd_plan_stack *entries;
	size_t n;
	const struct kd_stack_ops *ops;
	bool patient;
};

/**
 * One attempt at the device that @value ("2", or "2.1" for its first partition) names, and
 * at all those below it.
 *
 * @ret: its name below /dev, "dm-3"
 * Returns 0; -ENODEV when something is not there (yet); -EINVAL for what the plan does not
 * have; the error of making one, which trying again will not change.
 */
int kd_stack_find(const struct kd_stack *s, const char *value, char *ret, size_t size,
		  struct kd_error *err);

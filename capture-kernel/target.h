/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A place for a dump: attached, opened as a place, released. One file a kind of
 * target (target-fs.c) behind one table of functions, chosen by the plan. Everything
 * here may block for as long as a disk likes: children call it, pid 1 never does.
 */
#pragma once

#include "base/outcome.h"
#include "capture-kernel/place.h"
#include "capture-kernel/shared.h"

/**
 * One target of a plan.
 *
 * @plan:   what the plan says of it; borrowed
 * @number: its place in the plan. What it is attached to is named for it, so that an
 *          attach that was given up and succeeds late cannot cover another target
 * @whole:   the plan it is of; borrowed
 * @root_fd: "/", or a test's folder
 * @device: below /dev, "vda1"; borrowed
 * @own:    the address a server sees this machine with, once it was reached; borrowed
 * @stack, @n_stack: the plan's devices that are made of others; borrowed
 */
struct kd_target {
	const struct kd_plan_target *plan;
	const struct kd_plan *whole;
	size_t number;
	int root_fd;
	const char *device;
	const char *own;
	const struct kd_plan_stack *stack;
	size_t n_stack;
};

/**
 * What a kind of target implements.
 *
 * @reach:   wait until what it hangs on is there: a block device, a network. Its name
 *           goes to @shared->device; the phase's limit ends a vain wait
 * @attach:  make it usable; degradations go to @o
 * @open:    its root folder; the caller owns the place
 * @release: write everything back, checked, and let go; fine when not attached
 */
struct kd_target_ops {
	int (*reach)(const struct kd_target *t, struct kd_shared *shared,
		     struct kd_error *err);
	int (*attach)(const struct kd_target *t, struct kd_outcome *o,
		      struct kd_error *err);
	int (*open)(const struct kd_target *t, struct kd_place **ret,
		    struct kd_error *err);
	int (*release)(const struct kd_target *t, struct kd_error *err);
};

extern const struct kd_target_ops kd_target_fs_ops;
extern const struct kd_target_ops kd_target_raw_ops;
extern const struct kd_target_ops kd_target_share_ops;
extern const struct kd_target_ops kd_target_nfs_ops;
extern const struct kd_target_ops kd_target_sftp_ops; /* ssh, too */

/** The functions for a kind of target; NULL for one this build does not know. */
const struct kd_target_ops *kd_target_ops_for(enum kd_target_type type);

/**
 * Make the folder of one dump below @path: 0700, durable, never one that exists.
 *
 * @target:    root of the target
 * @time:      seconds since the epoch, for the name
 * @ret_dir:   "<path>/<host>-<date>", as outcome.json and later children name it
 * Errors: -EEXIST after KD_DUMP_DIR_TRIES names were taken, those of open and mkdir.
 */
int kd_target_make_dump_dir(struct kd_place *target, const char *path, const char *host,
			    int64_t time, char ret_dir[static 2 * KD_PLAN_STRING],
			    struct kd_error *err);
#define KD_DUMP_DIR_TRIES 1000

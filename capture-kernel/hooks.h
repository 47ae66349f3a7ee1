/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Programs of the administrator's that a capture runs: the one a key of kdump.conf names,
 * and those of a folder. They are whatever somebody wrote: children run them, under a time
 * limit that others keep. Called by the phases, in children.
 */
#pragma once

#include "capture-kernel/shared.h"

#define KD_HOOKS_MAX 64 /* of one folder */

enum kd_hook_point {
	KD_HOOK_PRE,	   /* before the target is looked for */
	KD_HOOK_POST,	   /* when a target is done with */
	KD_HOOK_EMERGENCY, /* before the failure action */
	KD_HOOK_POINTS,
};

/**
 * What runs at one point.
 *
 * @root_fd: in which paths are looked up, and in which programs start
 * @program: of the key, absolute in the image; "" without
 * @argument: the program's first; NULL without
 * @folder:  to programs $KDUMP_DUMP_DIR, the dump folder as they can reach it; NULL where
 *           there is none
 */
struct kd_hooks {
	int root_fd;
	enum kd_hook_point point;
	const char *program;
	const char *argument;
	const char *folder;
	struct kd_shared *shared;
};

/** Whether anything is to run. Looks at the folder's name alone. */
bool kd_hooks_any(const struct kd_hooks *h);

/**
 * Run them: the folder's in the order of their names, then the key's. What the folder's
 * return is noted and changes nothing.
 * Returns the key's exit status, 128 and its number for a signal, 127 when it cannot be
 * run; 0 without one; a negative errno when nothing could be started.
 */
int kd_hooks_run(const struct kd_hooks *h, struct kd_error *err);

/** "pre", "post", "emergency". */
const char *kd_hook_point_name(enum kd_hook_point point);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Kernel modules, in the order the image builder worked out: /kdump/modules holds one
 * path a line, plain .ko files inside the image. No dependency is looked up here.
 * Called by the modules phase, in a child: a driver's probe may hang.
 */
#pragma once

#include "base/error.h"
#include "base/types.h"

#define KD_MODULES_MAX	     512
#define KD_MODULES_LIST_SIZE 65536 /* bytes of text */

/** @paths point into @text, which is owned. */
struct kd_modules {
	char *text;
	size_t n;
	const char *paths[KD_MODULES_MAX];
};

/** Read the list. An absent one is an empty one: all drivers may be built in.
 *  Errors: -EFBIG, -E2BIG for more modules than KD_MODULES_MAX, those of reading;
 *  on -E2BIG @ret holds the first ones. */
int kd_modules_read_at(int root_fd, const char *path, struct kd_modules *ret,
		       struct kd_error *err);
void kd_modules_done(struct kd_modules *m);

/** Split @text in place; empty lines are skipped, a leading '/' is dropped. Pure.
 *  0 or -E2BIG, as above. */
int kd_modules_split(char *text, struct kd_modules *ret);

/** Which modules come first, so that the machine is guarded while the others load; their
 *  own needs are not looked at. "softdog" is none of them: it is what is left when no
 *  hardware answers. Pure. */
bool kd_module_is_watchdog(const char *path);
bool kd_module_is_softdog(const char *path);

/** "ext4" of "lib/modules/6.1/kernel/fs/ext4/ext4.ko", into @ret. Pure. */
void kd_module_name(const char *path, char *ret, size_t size);

/** Load one module by finit_module(2). 0, or 1 for one that was loaded already; -ENODEV and
 *  -ENXIO are what drivers say whose hardware is not here. */
int kd_module_load_at(int root_fd, const char *path, struct kd_error *err);

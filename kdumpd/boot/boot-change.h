/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Changing one kernel parameter in the boot loader's files: all of them or none, with a
 * backup, and looked at again afterwards. Trusts no file's content. Called by
 * reset-crashkernel.
 */
#pragma once

#include "kdumpd/boot/boot-places.h"

#define KD_BOOT_BACKUP "var/lib/kdumpd/boot-backup"

/** Whether a place is meant. @which: "ALL", "DEFAULT", a kernel's path, or NULL for the
 *  kernel of @release. What is for all kernels is always meant. Pure. */
bool kd_boot_selects(const struct kd_boot_place *place, const char *which,
		     const char *release);

/** Whether @place is an entry of the kernel of @release that boots without @name: neither
 *  has it one, nor does an environment block that it takes its parameters from. Pure. */
bool kd_boot_lacks(const struct kd_boot_places *places, const struct kd_boot_place *place,
		   const char *release, const char *name);

/**
 * @name, @values: the parameter, and what it is to be (NULL-terminated)
 * @run:           kd_tool_run(), or a test's
 */
struct kd_boot_change {
	int root_fd;
	const char *name;
	const char *const *values;
	int (*run)(char *const argv[], struct kd_error *err);
};

/** Whether @place has the values already, all of them and no other. */
bool kd_boot_is_set(const struct kd_boot_place *place,
		    const struct kd_boot_change *change);

/**
 * Change @n places. Each file is kept below KD_BOOT_BACKUP first and replaced atomically;
 * update-grub runs where it has to. On a failure every file is what it was before.
 *
 * Errors: those of writing and of update-grub; -EIO when what was written is not found
 * again, in the file or in grub.cfg.
 */
int kd_boot_change(const struct kd_boot_change *change,
		   const struct kd_boot_place *const *places, size_t n,
		   struct kd_error *err);

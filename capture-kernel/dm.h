/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Device-mapper without libdevmapper: its ioctls (include/uapi/linux/dm-ioctl.h) on
 * /dev/mapper/control, which devtmpfs has once dm-mod is loaded. May block for as long as
 * a disk does: called by stack.c, in a child.
 */
#pragma once

#include "capture-kernel/dm-table.h"

/**
 * Make a device, or take the one of that name an earlier attempt made.
 *
 * @name, @uuid: at most 127 and 128 bytes
 * @ret: its number
 * Errors: -ENODEV without device-mapper; those of the kernel, which refuses a table it
 * cannot use: -EINVAL, -ENXIO, -EIO, -ENOKEY for a key it does not have.
 */
int kd_dm_create(const char *name, const char *uuid, const struct kd_dm_table *table,
		 struct kd_devnum *ret, struct kd_error *err);

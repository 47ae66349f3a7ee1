/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The devices of a btrfs that lies on several: mount(2) takes one and the kernel has to
 * know the others, which on a healthy system udev tells it. Called by target-fs.c, in a
 * child.
 */
#pragma once

#include "base/error.h"

/**
 * Tell the kernel of all devices of the file system on @device ("vda1"), waiting up to
 * 10 s for as many as it has.
 *
 * Returns 0, also when some are missing: whether it can be mounted without them is for
 * the kernel to say. Errors: -ENODEV without btrfs in the kernel, those of reading.
 */
int kd_btrfs_register(int root_fd, const char *device, struct kd_error *err);

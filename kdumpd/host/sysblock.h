/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Block devices in the healthy system's sysfs: names, numbers, attributes. Read through a
 * root_fd. Called by host-target.c, host-stack.c and room.c.
 */
#pragma once

#include <sys/types.h>

#include "kdumpd/host/host.h"

/** Whether sys/class/block/@name has that file or folder. */
bool kd_sysblock_has(int root_fd, const char *name, const char *file);

/** An attribute's one line, without white space around it. -ENODATA for an empty one. */
int kd_sysblock_read(int root_fd, const char *name, const char *file, char *ret,
		     size_t size);

/** A device's number. */
int kd_sysblock_number(int root_fd, const char *name, dev_t *ret);

/** The name of the device with that number. */
int kd_sysblock_name(int root_fd, dev_t number, char ret[KD_BLOCK_NAME]);

/** The name of the device at a path, "/dev/disk/by-uuid/…" or "/dev/vda1". -ENOENT, or
 *  -ENOTBLK for what is none. */
int kd_sysblock_of_path(int root_fd, const char *path, char ret[KD_BLOCK_NAME]);

/** The disk of a partition. */
int kd_sysblock_disk(int root_fd, const char *name, char ret[KD_BLOCK_NAME]);

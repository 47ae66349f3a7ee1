/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where a block device's file system is mounted, and how much room is left on it: asked of
 * the kernel and of the mount. The device itself is not read, so that a disk that does not
 * answer keeps nobody waiting. Trusts /proc and /sys. Called by host-target.c and by the
 * daemon's summary.
 */
#pragma once

#include "kdumpd/host/host.h"
#include "kdumpd/host/mountinfo.h"

#define KD_MOUNTINFO_MAX (4u << 20)

/**
 * The mount of a device that sysfs knows as @name, of all of it rather than of a part. A
 * btrfs is found by what it was mounted from: it has no device number of its own.
 *
 * @mounts, @size: /proc/self/mountinfo's text
 * -ENOENT when it is not mounted, or not there.
 */
int kd_room_mount(int root_fd, const char *mounts, size_t size, const char *name,
		  struct kd_mount *ret);

/** Bytes that an ordinary user may still write there. Errors of open and statvfs. */
int kd_room_free(int root_fd, const struct kd_mount *mount, uint64_t *ret);

/** Both, by a mountinfo read here. */
int kd_room_find(int root_fd, const char *name, struct kd_mount *ret, uint64_t *ret_free,
		 struct kd_error *err);

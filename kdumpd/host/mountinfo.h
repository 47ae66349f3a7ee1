/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * /proc/self/mountinfo: which device holds a path, where a device is mounted. Pure;
 * trusts the kernel's format (Documentation/filesystems/proc.rst, 3.5) but not its
 * lengths. Called by host-target.c and room.c.
 */
#pragma once

#include "base/error.h"
#include "base/plan.h"

/**
 * @major, @minor: the file system's device number; major 0 for what has no device
 * @root:    folder of the file system that is mounted, "/" unless a bind mount
 * @point:   where
 * @source:  what was mounted, "/dev/vda1"; only as far as mount(2)'s caller tells
 */
struct kd_mount {
	unsigned int major, minor;
	char root[KD_PLAN_STRING];
	char point[KD_PLAN_STRING];
	char fstype[32];
	char source[KD_PLAN_STRING];
};

/** The mount that holds @path, absolute and without links. -ENOENT when none does. */
int kd_mountinfo_find_path(const char *text, size_t size, const char *path,
			   struct kd_mount *ret);

/** A mount of that device; one of the whole file system is preferred to a bind mount.
 *  -ENOENT when it is not mounted. */
int kd_mountinfo_find_device(const char *text, size_t size, unsigned int major,
			     unsigned int minor, struct kd_mount *ret);

/**
 * A mount of a file system of type @fstype for whose source @is says so: btrfs and what
 * the hypervisor shares have no device number of their own. One of its whole is preferred
 * to one of a subvolume. -ENOENT when there is none.
 */
int kd_mountinfo_find_source(const char *text, size_t size, const char *fstype,
			     bool (*is)(void *context, const char *source), void *context,
			     struct kd_mount *ret);

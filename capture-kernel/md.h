/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * RAID arrays without mdadm: members are found by the array's UUID in their superblocks
 * and handed to the kernel by md's ioctls (include/uapi/linux/raid/md_u.h), which judges
 * how fresh each is. May block for as long as a disk does: called by stack.c, in a child.
 */
#pragma once

#include "base/error.h"
#include "capture-kernel/dm-table.h"

#define KD_MD_MEMBERS 32

/**
 * What was found of an array.
 *
 * @whole: as many members with data as it has when nothing is missing
 * @major, @minor: version of their superblocks
 */
struct kd_md_found {
	struct kd_devnum members[KD_MD_MEMBERS];
	size_t n;
	bool whole;
	unsigned int major, minor;
};

/** Look once at every block device. Returns 0, with none when nothing is there (yet); the
 *  error of reading sys/class/block. Members with another version than the first one's
 *  are left out. */
int kd_md_find(int root_fd, const char *uuid, struct kd_md_found *ret,
	       struct kd_error *err);

/**
 * Start the array as @name ("md127"), or take the one an earlier attempt started. What is
 * out of step stays so: nothing is rebuilt while a dump is written.
 *
 * Errors: -ENODEV without md; those of the kernel: -EIO or -EINVAL when too few members
 * are there.
 */
int kd_md_start(int root_fd, const char *name, const struct kd_md_found *found,
		struct kd_error *err);

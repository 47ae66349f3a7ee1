/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The block devices the kernel has, one after the other, with what sysfs says of each.
 * Trusts sysfs, not the number of devices. Called by devices.c and stack.c, in a child.
 */
#pragma once

#include "base/error.h"
#include "base/types.h"

#define KD_BLOCK_STRING 64
#define KD_BLOCK_CLASS	"sys/class/block"

/**
 * One block device; a partition has a @number.
 *
 * @entry: below sys/class/block, "cciss!c0d0"
 * @name:  below /dev: may hold a slash, "cciss/c0d0"
 * @major, @minor: of its device number
 * @sectors: of 512 bytes
 * @number: of the partition, from 1; 0 for a disk
 * @part_name, @part_uuid: "" where the kernel says nothing
 */
struct kd_block {
	char entry[KD_BLOCK_STRING];
	char name[KD_BLOCK_STRING];
	unsigned int major, minor;
	uint64_t sectors;
	unsigned int number;
	char part_name[KD_BLOCK_STRING];
	char part_uuid[KD_BLOCK_STRING];
};

/** Describe one. @class_fd: sys/class/block, open. Returns false for what is no usable
 *  block device: empty drives, unused loops. */
bool kd_block_describe(int class_fd, const char *entry, struct kd_block *ret);

/**
 * Call @visit for each usable block device until it returns other than 0.
 *
 * @root_fd:  below which sys/ lies
 * @class_fd: given to @visit: sys/class/block
 * Returns what @visit returned last; an error of reading sys/class/block.
 */
int kd_block_walk(int root_fd,
		  int (*visit)(void *context, int class_fd, const struct kd_block *b),
		  void *context, struct kd_error *err);

/** Open a device below /dev for reading, without waiting for a medium; negative errno. */
int kd_block_open(int root_fd, const char *name);

/** The device of that name below /dev, or of that number; the partition @number of
 *  @disk. -ENODEV when there is none. */
int kd_block_by_name(int root_fd, const char *name, struct kd_block *ret);
int kd_block_by_number(int root_fd, unsigned int major, unsigned int minor,
		       struct kd_block *ret);
int kd_block_partition(int root_fd, const struct kd_block *disk, unsigned int number,
		       struct kd_block *ret);

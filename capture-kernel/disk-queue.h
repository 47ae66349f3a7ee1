/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How a disk wants to be written, as its queue in sysfs says, and whether dumps go to it
 * past the page cache. Called by target-mount.c, in a child.
 */
#pragma once

#include "base/types.h"

/**
 * Of Documentation/ABI/stable/sysfs-block.
 *
 * @optimal:    bytes a write should have: the stripe of a RAID; 0 where it does not say
 * @rotational: it says so; many a virtual disk does, too
 * @write_back: what was written may be in its own cache until it is told to flush it
 */
struct kd_disk_queue {
	uint64_t optimal;
	bool rotational;
	bool write_back;
};

/** The queue of the disk, or of the one that the partition is on, @device below /dev.
 *  Returns 0, -ENODEV when there is none, errors of reading sysfs. */
int kd_disk_queue_read(int root_fd, const char *device, struct kd_disk_queue *ret);

/**
 * Whether nothing is lost by writing to it past the page cache, one large piece after the
 * other: not where parts of a stripe would be read back for the rest of it, nor where a
 * platter turns once between two pieces.
 */
bool kd_disk_queue_suits_direct(const struct kd_disk_queue *q);

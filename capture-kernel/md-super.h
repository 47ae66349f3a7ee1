/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a member of a RAID array says of the array: the superblocks 0.90, 1.0, 1.1 and 1.2
 * of Linux' md. Pure; trusts nothing. The kernel judges the members, this only finds
 * them. Called by md-find.c.
 */
#pragma once

#include "base/types.h"
#include "capture-kernel/probe.h"

#define KD_MD_PLACES	  4    /* where a superblock may lie */
#define KD_MD_SUPER_BYTES 4096 /* of one that are looked at */

/**
 * @major, @minor: version, 1 and 2 for "1.2", 0 and 90
 * @uuid:       of the array, as libblkid prints it
 * @raid_disks: members a whole array has
 * @role:       this member holds data: it is no spare, no journal, not failed
 */
struct kd_md_super {
	unsigned int major, minor;
	char uuid[KD_UUID_SIZE];
	unsigned int raid_disks;
	bool role;
};

/** Byte at which superblock number @place (below KD_MD_PLACES) of a device of @sectors
 *  lies. Returns false when the device is too short for one. */
bool kd_md_super_place(unsigned int place, uint64_t sectors, uint64_t *ret_offset);

/**
 * Look at the bytes found there.
 *
 * @data: KD_MD_SUPER_BYTES of them
 * Returns true and fills @ret for the superblock of a member. One that says it lies
 * elsewhere belongs to another device, a partition or the disk around it.
 */
bool kd_md_super_parse(const uint8_t *data, unsigned int place, uint64_t offset,
		       struct kd_md_super *ret);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What lies on a block device: UUID and label of the file systems a dump can go to, and
 * of LUKS and LVM, which others are put together from, out of the first bytes. Pure. Own
 * code and not libblkid, because pid 1 links no library of the host and there are only a
 * few types. Called by devices.c.
 */
#pragma once

#include "base/types.h"

#define KD_PROBE_BYTES 66304 /* from the start of the device, enough for each type here */
#define KD_UUID_SIZE   37
#define KD_ID_SIZE     41 /* LUKS has a field of 40 bytes, LVM's have 38 characters */

/**
 * @type:  as mount(2) and libblkid name it, static
 * @uuid:  as libblkid prints it: of vfat "1A2B-3C4D", of LVM "aBcDeF-…"
 * @label: "" without one
 * @members: devices it lies on, of btrfs; else 0
 */
struct kd_probe {
	const char *type;
	char uuid[KD_ID_SIZE];
	char label[257];
	uint64_t members;
};

/**
 * Look at the first @size bytes of a device.
 * Returns true and fills @ret when they start something known here. A journal device of
 * ext4 carries the same magic and is no file system. Fewer bytes than KD_PROBE_BYTES only
 * hide what would lie behind them.
 */
bool kd_probe_bytes(const void *data, size_t size, struct kd_probe *ret);

/** 16 bytes as they are stored to lower-case text, xxxxxxxx-xxxx-…. */
void kd_uuid_text(const uint8_t bytes[static 16], char ret[static KD_UUID_SIZE]);

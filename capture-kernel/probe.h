/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which file system lies on a block device: UUID and label of ext2/3/4 and xfs out of
 * the first bytes. Pure. Own code and not libblkid, because pid 1 links no library of
 * the host and a dump target is one of a few types. Called by devices.c.
 */
#pragma once

#include "base/types.h"

#define KD_PROBE_BYTES 2048 /* from the start of the device, enough for each type here */
#define KD_UUID_SIZE   37

/** @type: for mount(2), static. @label: NUL-terminated, "" without one. */
struct kd_probe {
	const char *type;
	char uuid[KD_UUID_SIZE];
	char label[17];
};

/**
 * Look at the first @size bytes of a device.
 * Returns true and fills @ret when they start a file system known here. A journal
 * device of ext4 carries the same magic and is no file system.
 */
bool kd_probe_filesystem(const void *data, size_t size, struct kd_probe *ret);

/** 16 bytes as they are stored to lower-case text, xxxxxxxx-xxxx-…. */
void kd_uuid_text(const uint8_t bytes[static 16], char ret[static KD_UUID_SIZE]);

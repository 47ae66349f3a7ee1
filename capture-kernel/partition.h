/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * PARTUUIDs out of a partition table: GPT and MBR. Pure. Kernels before commit
 * 74f4a8dc7b18 ("block: add partition uuid into uevent as "PARTUUID"") do not say them
 * in sysfs, so the table itself is read there. Called by devices.c.
 */
#pragma once

#include "base/types.h"
#include "capture-kernel/probe.h"

/**
 * Where the entry of partition @number lies.
 *
 * @header: bytes of the disk's block 1 (UEFI spec 2.10, 5.3.2), @size of them
 * @ret_offset: bytes from the start of the disk
 * Returns false when there is no GPT or it has no such entry.
 */
bool kd_gpt_entry_offset(const uint8_t *header, size_t size, uint32_t block_size,
			 unsigned int number, uint64_t *ret_offset);

/** The unique GUID of the entry at @entry, at least 32 bytes, as text; false for an
 *  entry that is not in use. */
bool kd_gpt_entry_uuid(const uint8_t *entry, size_t size, char ret[static KD_UUID_SIZE]);

/** The kernel's made-up PARTUUID of an MBR partition, "<signature>-<number>" as in
 *  block/partitions/msdos.c. @sector: the disk's first 512 bytes. */
bool kd_mbr_uuid(const uint8_t *sector, size_t size, unsigned int number,
		 char ret[static KD_UUID_SIZE]);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Partition tables: see partition.h. Trusts nothing: the table says where it lies and
 * how large an entry is, and both are bounded. Called by devices.c.
 */
#include "capture-kernel/partition.h"

#include <stdio.h>
#include <string.h>

#define GPT_HEADER	92
#define GPT_LBA_AT	72
#define GPT_COUNT_AT	80
#define GPT_ENTRY_AT	84
#define GPT_ENTRY_MIN	128
#define GPT_ENTRY_MAX	4096
#define GPT_ENTRIES_MAX 1024
#define GPT_LBA_MAX	(UINT64_C(1) << 40) /* keeps offsets far from overflow */
#define GPT_GUID_AT	16

#define MBR_SIZE	 512
#define MBR_SIGNATURE_AT 440

static uint64_t le(const uint8_t *p, unsigned int bytes)
{
	uint64_t v = 0;

	while (bytes-- > 0)
		v = v << 8 | p[bytes];
	return v;
}

bool kd_gpt_entry_offset(const uint8_t *header, size_t size, uint32_t block_size,
			 unsigned int number, uint64_t *ret_offset)
{
	uint64_t lba, count, entry;

	if (size < GPT_HEADER || memcmp(header, "EFI PART", 8) != 0)
		return false;
	lba = le(header + GPT_LBA_AT, 8);
	count = le(header + GPT_COUNT_AT, 4);
	entry = le(header + GPT_ENTRY_AT, 4);
	if (lba > GPT_LBA_MAX || count > GPT_ENTRIES_MAX || entry < GPT_ENTRY_MIN ||
	    entry > GPT_ENTRY_MAX || number < 1 || number > count)
		return false;
	*ret_offset = lba * block_size + (number - 1) * entry;
	return true;
}

bool kd_gpt_entry_uuid(const uint8_t *entry, size_t size, char ret[static KD_UUID_SIZE])
{
	static const uint8_t unused[16];
	uint8_t guid[16];

	if (size < GPT_GUID_AT + 16 || memcmp(entry, unused, sizeof(unused)) == 0)
		return false;
	/* the first three fields of a GUID are stored little endian */
	for (int i = 0; i < 16; i++) {
		static const uint8_t order[16] = { 3, 2, 1,  0,	 5,  4,	 7,  6,
						   8, 9, 10, 11, 12, 13, 14, 15 };

		guid[i] = entry[GPT_GUID_AT + order[i]];
	}
	kd_uuid_text(guid, ret);
	return true;
}

bool kd_mbr_uuid(const uint8_t *sector, size_t size, unsigned int number,
		 char ret[static KD_UUID_SIZE])
{
	uint32_t signature;

	if (size < MBR_SIZE || sector[510] != 0x55 || sector[511] != 0xaa)
		return false;
	signature = (uint32_t)le(sector + MBR_SIGNATURE_AT, 4);
	if (signature == 0)
		return false;
	(void)snprintf(ret, KD_UUID_SIZE, "%08x-%02x", signature, number);
	return true;
}

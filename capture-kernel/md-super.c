/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Superblocks of md: see md-super.h.
 *
 * 0.90: mdp_superblock_t, 64 KiB aligned before the end; this machine's byte order, of
 *       which only little endian is read.
 * 1.x:  struct mdp_superblock_1, little endian; both include/uapi/linux/raid/md_p.h. 1.0
 *       lies before the end, 1.1 at 0, 1.2 at 4 KiB: super_1_load(), drivers/md/md.c.
 */
#include "capture-kernel/md-super.h"

#include <stdio.h>
#include <string.h>

#include "base/guard.h"
#include "base/le.h"

#define MAGIC	     0xa92b4efc
#define RAID_DISKS   1024 /* far above MD_SB_DISKS and what 1.x is used with */
#define RESERVED_090 128  /* sectors */
#define MIN_SECTORS  256

enum place {
	PLACE_12,
	PLACE_11,
	PLACE_10,
	PLACE_090,
};

bool kd_md_super_place(unsigned int place, uint64_t sectors, uint64_t *ret_offset)
{
	if (sectors < MIN_SECTORS || sectors > UINT64_MAX / 512)
		return false;
	switch (place) {
	case PLACE_12:
		*ret_offset = 4096;
		return true;
	case PLACE_11:
		*ret_offset = 0;
		return true;
	case PLACE_10:
		*ret_offset = ((sectors - 16) & ~UINT64_C(7)) * 512;
		return true;
	case PLACE_090:
		*ret_offset = ((sectors & ~(uint64_t)(RESERVED_090 - 1)) - RESERVED_090) *
			      512;
		return true;
	}
	return false;
}

/* Words of 32 bits: 1 and 2 the version, 5 and 13 to 15 the UUID, 10 the members; 992 on
 * the descriptor of this member, whose fifth word is its state. */
static bool parse_090(const uint8_t *data, struct kd_md_super *ret)
{
	static const unsigned int uuid_words[] = { 5, 13, 14, 15 };
	uint8_t uuid[16];

	if (kd_le32(data + 4) != 0)
		return false;
	/* stored as words, printed from the most significant byte on */
	for (int i = 0; i < 16; i++)
		uuid[i] = data[4 * uuid_words[i / 4] + 3 - i % 4];
	kd_uuid_text(uuid, ret->uuid);
	ret->major = 0;
	ret->minor = kd_le32(data + 8);
	ret->raid_disks = kd_le32(data + 40);
	ret->role = kd_le32(data + 4 * 996) & 0x2; /* MD_DISK_ACTIVE */
	return true;
}

static bool parse_1(const uint8_t *data, unsigned int place, uint64_t offset,
		    struct kd_md_super *ret)
{
	uint32_t number, roles;

	if (kd_le32(data + 4) != 1 || kd_le64(data + 144) != offset / 512)
		return false;
	kd_uuid_text(data + 16, ret->uuid);
	ret->major = 1;
	ret->minor = place == PLACE_12 ? 2 : place == PLACE_11 ? 1 : 0;
	ret->raid_disks = kd_le32(data + 92);
	number = kd_le32(data + 160);
	roles = kd_le32(data + 220);
	/* 0xfffd and up: journal, faulty, spare */
	ret->role = number < roles && number < (KD_MD_SUPER_BYTES - 256) / 2 &&
		    kd_le16(data + 256 + (size_t)2 * number) < 0xfffd;
	return true;
}

bool kd_md_super_parse(const uint8_t *data, unsigned int place, uint64_t offset,
		       struct kd_md_super *ret)
{
	struct kd_md_super super = { 0 };

	if (kd_le32(data) != MAGIC)
		return false;
	if (place == PLACE_090 ? !parse_090(data, &super)
			       : !parse_1(data, place, offset, &super))
		return false;
	if (super.raid_disks == 0 || super.raid_disks > RAID_DISKS)
		return false;
	*ret = super;
	return true;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Superblocks: see probe.h. Trusts nothing: every field lies inside the bytes given,
 * whatever they hold. Called by devices.c.
 *
 * ext:   struct ext4_super_block, fs/ext4/ext4.h, little endian, 1024 bytes in.
 * xfs:   struct xfs_dsb, fs/xfs/libxfs/xfs_format.h, at 0.
 * btrfs: struct btrfs_super_block, include/uapi/linux/btrfs_tree.h, 64 KiB in.
 * vfat:  struct fat_boot_sector, include/uapi/linux/msdos_fs.h, at 0.
 * LUKS:  the binary header of both versions, at 0.
 * raw:   the marker of a partition for dumps, docs/format-raw.md, at 0.
 * LVM:   a label in one of the first four sectors, the physical volume's UUID behind it.
 */
#include "capture-kernel/probe.h"

#include <stdio.h>
#include <string.h>

#include "base/guard.h"
#include "base/le.h"

#define EXT_SUPER	   1024
#define EXT_SIZE	   264
#define EXT_MAGIC_AT	   0x38
#define EXT_COMPAT_AT	   0x5c
#define EXT_INCOMPAT_AT	   0x60
#define EXT_RO_COMPAT_AT   0x64
#define EXT_UUID_AT	   0x68
#define EXT_LABEL_AT	   0x78
#define EXT_LABEL_SIZE	   16
#define EXT_MAGIC	   0xef53
#define EXT_COMPAT_JOURNAL 0x4
#define EXT_INCOMPAT_JDEV  0x8
#define EXT3_INCOMPAT	   0x16 /* filetype, recover, meta_bg */
#define EXT3_RO_COMPAT	   0x7	/* sparse_super, large_file, btree_dir */

#define XFS_SIZE       120
#define XFS_UUID_AT    32
#define XFS_LABEL_AT   108
#define XFS_LABEL_SIZE 12

#define BTRFS_SUPER	 65536
#define BTRFS_SIZE	 555
#define BTRFS_UUID_AT	 32
#define BTRFS_MAGIC_AT	 64
#define BTRFS_MEMBERS_AT 136
#define BTRFS_LABEL_AT	 299
#define BTRFS_LABEL_SIZE 256

#define FAT_SIZE       512
#define FAT_SECTOR_AT  11
#define FAT_MEDIA_AT   21
#define FAT_LABEL_SIZE 11

#define LUKS_SIZE	208
#define LUKS_VERSION_AT 6 /* big endian */
#define LUKS_UUID_AT	168
#define LUKS_UUID_SIZE	40

#define LVM_SECTORS   4
#define LVM_OFFSET_AT 20
#define LVM_TYPE_AT   24
#define LVM_UUID_SIZE 32

static uint32_t le32(const uint8_t *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
	       (uint32_t)p[3] << 24;
}

void kd_uuid_text(const uint8_t bytes[static 16], char ret[static KD_UUID_SIZE])
{
	char *p = ret;

	for (int i = 0; i < 16; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*p++ = '-';
		*p++ = "0123456789abcdef"[bytes[i] >> 4];
		*p++ = "0123456789abcdef"[bytes[i] & 0xf];
	}
	*p = '\0';
}

static void take_label(struct kd_probe *ret, const uint8_t *label, size_t size)
{
	memcpy(ret->label, label, size);
	ret->label[size] = '\0';
}

static bool probe_ext(const uint8_t *data, size_t size, struct kd_probe *ret)
{
	const uint8_t *sb = data + EXT_SUPER;
	uint32_t compat, incompat, ro_compat;

	if (size < EXT_SUPER + EXT_SIZE ||
	    (sb[EXT_MAGIC_AT] | sb[EXT_MAGIC_AT + 1] << 8) != EXT_MAGIC)
		return false;
	compat = le32(sb + EXT_COMPAT_AT);
	incompat = le32(sb + EXT_INCOMPAT_AT);
	ro_compat = le32(sb + EXT_RO_COMPAT_AT);
	if (incompat & EXT_INCOMPAT_JDEV)
		return false;

	if ((incompat & ~EXT3_INCOMPAT) || (ro_compat & ~EXT3_RO_COMPAT))
		ret->type = "ext4";
	else
		ret->type = compat & EXT_COMPAT_JOURNAL ? "ext3" : "ext2";
	kd_uuid_text(sb + EXT_UUID_AT, ret->uuid);
	take_label(ret, sb + EXT_LABEL_AT, EXT_LABEL_SIZE);
	return true;
}

static bool probe_xfs(const uint8_t *data, size_t size, struct kd_probe *ret)
{
	if (size < XFS_SIZE || memcmp(data, "XFSB", 4) != 0)
		return false;
	ret->type = "xfs";
	kd_uuid_text(data + XFS_UUID_AT, ret->uuid);
	take_label(ret, data + XFS_LABEL_AT, XFS_LABEL_SIZE);
	return true;
}

static bool probe_btrfs(const uint8_t *data, size_t size, struct kd_probe *ret)
{
	const uint8_t *sb = data + BTRFS_SUPER;

	if (size < BTRFS_SUPER + BTRFS_SIZE ||
	    memcmp(sb + BTRFS_MAGIC_AT, "_BHRfS_M", 8) != 0)
		return false;
	ret->type = "btrfs";
	ret->members = kd_le64(sb + BTRFS_MEMBERS_AT);
	kd_uuid_text(sb + BTRFS_UUID_AT, ret->uuid);
	take_label(ret, sb + BTRFS_LABEL_AT, BTRFS_LABEL_SIZE);
	return true;
}

/* Where the volume's number, its label and its type's name lie. */
static const struct {
	size_t signature_at, number_at, label_at, type_at;
	const char *type;
} fats[] = {
	{ 66, 67, 71, 82, "FAT32   " },
	{ 38, 39, 43, 54, "FAT16   " },
	{ 38, 39, 43, 54, "FAT12   " },
};

static void take_fat(struct kd_probe *ret, uint32_t number, const uint8_t *label)
{
	size_t n = FAT_LABEL_SIZE;

	(void)snprintf(ret->uuid, sizeof(ret->uuid), "%04X-%04X", number >> 16,
		       number & 0xffff);
	while (n > 0 && label[n - 1] == ' ')
		n--;
	take_label(ret, label, n);
	if (strcmp(ret->label, "NO NAME") == 0)
		ret->label[0] = '\0';
}

static bool probe_fat(const uint8_t *data, size_t size, struct kd_probe *ret)
{
	uint32_t sector;

	if (size < FAT_SIZE || data[510] != 0x55 || data[511] != 0xaa)
		return false;
	sector = (uint32_t)data[FAT_SECTOR_AT] | (uint32_t)data[FAT_SECTOR_AT + 1] << 8;
	if (sector < 512 || sector > 4096 || (sector & (sector - 1)) != 0 ||
	    (data[FAT_MEDIA_AT] != 0xf0 && data[FAT_MEDIA_AT] < 0xf8))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(fats); i++) {
		if (memcmp(data + fats[i].type_at, fats[i].type, 8) != 0 ||
		    data[fats[i].signature_at] != 0x29)
			continue;
		ret->type = "vfat";
		take_fat(ret, le32(data + fats[i].number_at), data + fats[i].label_at);
		return true;
	}
	return false;
}

static bool is_id(const char *text)
{
	if (!text[0])
		return false;
	for (; *text; text++)
		if ((unsigned char)*text <= 0x20 || (unsigned char)*text >= 0x7f)
			return false;
	return true;
}

static bool probe_luks(const uint8_t *data, size_t size, struct kd_probe *ret)
{
	if (size < LUKS_SIZE || memcmp(data, "LUKS\xba\xbe", 6) != 0 ||
	    data[LUKS_VERSION_AT] != 0 || data[LUKS_VERSION_AT + 1] < 1 ||
	    data[LUKS_VERSION_AT + 1] > 2)
		return false;
	ret->type = "crypto_LUKS";
	memcpy(ret->uuid, data + LUKS_UUID_AT, LUKS_UUID_SIZE);
	ret->uuid[LUKS_UUID_SIZE] = '\0';
	ret->label[0] = '\0';
	return is_id(ret->uuid);
}

/* 32 characters, written in groups: "aBcDeF-GHij-…" */
static void lvm_text(const uint8_t *from, char *to)
{
	for (size_t i = 0; i < LVM_UUID_SIZE; i++) {
		if (i >= 6 && i <= 26 && (i - 6) % 4 == 0)
			*to++ = '-';
		*to++ = (char)from[i];
	}
	*to = '\0';
}

static bool probe_lvm(const uint8_t *data, size_t size, struct kd_probe *ret)
{
	for (size_t at = 0; at < LVM_SECTORS * 512 && at + 512 <= size; at += 512) {
		const uint8_t *label = data + at;
		uint32_t offset;

		if (memcmp(label, "LABELONE", 8) != 0 ||
		    memcmp(label + LVM_TYPE_AT, "LVM2 001", 8) != 0)
			continue;
		offset = le32(label + LVM_OFFSET_AT);
		if (offset > 512 - LVM_UUID_SIZE)
			return false;
		ret->type = "LVM2_member";
		lvm_text(label + offset, ret->uuid);
		ret->label[0] = '\0';
		return is_id(ret->uuid);
	}
	return false;
}

static bool probe_raw(const uint8_t *data, size_t size, struct kd_probe *ret)
{
	if (size < 32 || memcmp(data, "KDUMPRAW", 8) != 0)
		return false;
	ret->type = "kdump_raw";
	kd_uuid_text(data + 16, ret->uuid);
	return true;
}

bool kd_probe_bytes(const void *data, size_t size, struct kd_probe *ret)
{
	static bool (*const probes[])(const uint8_t *, size_t, struct kd_probe *) = {
		/* a boot sector may lie before others: vfat comes last */
		probe_luks,  probe_lvm, probe_ext, probe_xfs,
		probe_btrfs, probe_raw, probe_fat,
	};
	struct kd_probe found = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(probes); i++)
		if (probes[i](data, size, &found)) {
			*ret = found;
			return true;
		}
	return false;
}

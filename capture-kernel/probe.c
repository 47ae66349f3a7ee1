/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * File system superblocks: see probe.h. Trusts nothing: every field lies inside the
 * bytes given, whatever they hold. Called by devices.c.
 *
 * ext: struct ext4_super_block, fs/ext4/ext4.h, little endian, 1024 bytes in.
 * xfs: struct xfs_dsb, fs/xfs/libxfs/xfs_format.h, at 0.
 */
#include "capture-kernel/probe.h"

#include <stdio.h>
#include <string.h>

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

bool kd_probe_filesystem(const void *data, size_t size, struct kd_probe *ret)
{
	return probe_ext(data, size, ret) || probe_xfs(data, size, ret);
}

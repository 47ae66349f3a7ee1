/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a block device holds, by libblkid's low-level probing: no cache, no udev, and a
 * plain file does as well. The library trusts nothing about the superblock. Called by
 * host-target.c and host-stack.c.
 */
#include <blkid/blkid.h>
#include <fcntl.h>
#include <string.h>

#include "kdumpd/host/host.h"

static void free_probe(blkid_probe *p)
{
	if (*p)
		blkid_free_probe(*p);
}

static void take(blkid_probe p, const char *name, char *to, size_t size)
{
	const char *value;
	size_t n;

	if (blkid_probe_lookup_value(p, name, &value, &n) < 0 || n == 0)
		return;
	n = strnlen(value, n);
	if (n >= size)
		return;
	memcpy(to, value, n);
	to[n] = '\0';
}

int kd_probe_fd(int fd, struct kd_probe *ret)
{
	_cleanup_(free_probe) blkid_probe p = NULL;
	int r;

	*ret = (struct kd_probe) { 0 };
	p = blkid_new_probe();
	if (!p)
		return -ENOMEM;
	if (blkid_probe_set_device(p, fd, 0, 0) < 0)
		return -EIO;
	(void)blkid_probe_enable_superblocks(p, 1);
	(void)blkid_probe_set_superblocks_flags(p, BLKID_SUBLKS_TYPE | BLKID_SUBLKS_UUID |
							   BLKID_SUBLKS_LABEL);
	(void)blkid_probe_enable_partitions(p, 1);
	(void)blkid_probe_set_partitions_flags(p, BLKID_PARTS_ENTRY_DETAILS);
	/* 1: nothing found, -2: two superblocks, either of which may be stale */
	r = blkid_do_safeprobe(p);
	if (r == -1)
		return -EIO;
	ret->ambiguous = r == -2;
	take(p, "TYPE", ret->fstype, sizeof(ret->fstype));
	take(p, "UUID", ret->uuid, sizeof(ret->uuid));
	take(p, "LABEL", ret->label, sizeof(ret->label));
	take(p, "PART_ENTRY_UUID", ret->partuuid, sizeof(ret->partuuid));
	take(p, "PTTYPE", ret->table, sizeof(ret->table));
	take(p, "PART_ENTRY_NAME", ret->partlabel, sizeof(ret->partlabel));
	return 0;
}

int kd_probe_block(int root_fd, const char *name, struct kd_probe *ret)
{
	_cleanup_(kd_closep) int fd = -EBADF;
	char path[KD_BLOCK_NAME + 8];

	(void)snprintf(path, sizeof(path), "dev/%s", name);
	for (char *c = path; *c; c++)
		if (*c == '!')
			*c = '/';
	fd = openat(root_fd, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	return fd < 0 ? -errno : kd_probe_fd(fd, ret);
}

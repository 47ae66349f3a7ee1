/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Registering a btrfs' devices: see btrfs.h. Trusts the kernel to check what it is told
 * of. Called by target-fs.c.
 */
#include "capture-kernel/btrfs.h"

#include <fcntl.h>
#include <linux/btrfs.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>

#include "base/io.h"
#include "capture-kernel/block.h"
#include "capture-kernel/probe.h"

#define CONTROL	   "dev/btrfs-control"
#define PATIENCE_S 10

struct scan {
	int root_fd, control_fd;
	struct kd_probe wanted;
	unsigned int found;
};

static bool probe(int root_fd, const char *name, struct kd_probe *ret)
{
	_cleanup_(kd_closep) int fd = kd_block_open(root_fd, name);
	uint8_t data[KD_PROBE_BYTES];
	ssize_t n = fd < 0 ? fd : kd_pread_full(fd, data, sizeof(data), 0);

	return n >= 0 && kd_probe_bytes(data, (size_t)n, ret);
}

static int look_at(void *context, int class_fd, const struct kd_block *dev)
{
	struct btrfs_ioctl_vol_args args = { 0 };
	struct scan *s = context;
	struct kd_probe here;

	(void)class_fd;
	if (!probe(s->root_fd, dev->name, &here) || strcmp(here.type, "btrfs") != 0 ||
	    strcmp(here.uuid, s->wanted.uuid) != 0)
		return 0;
	s->found++;
	(void)snprintf(args.name, sizeof(args.name), "/dev/%s", dev->name);
	(void)ioctl(s->control_fd, BTRFS_IOC_SCAN_DEV, &args);
	return 0;
}

int kd_btrfs_register(int root_fd, const char *device, struct kd_error *err)
{
	const struct timespec nap = { .tv_sec = 1 };
	struct scan s = { .root_fd = root_fd };
	_cleanup_(kd_closep) int fd = -EBADF;
	int r = 0;

	if (!probe(root_fd, device, &s.wanted) || strcmp(s.wanted.type, "btrfs") != 0)
		return kd_fail_msg(err, -EINVAL, "/dev/%s is no btrfs", device);
	if (s.wanted.members < 2)
		return 0;
	fd = openat(root_fd, CONTROL, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return kd_fail(err, errno == ENOENT ? -ENODEV : -errno, "/" CONTROL);
	s.control_fd = fd;
	for (int i = 0; i < PATIENCE_S && r >= 0; i++) {
		s.found = 0;
		r = kd_block_walk(root_fd, look_at, &s, err);
		if (s.found >= s.wanted.members)
			break;
		(void)nanosleep(&nap, NULL);
	}
	return r;
}

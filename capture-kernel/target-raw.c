/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A partition without a file system as a target: see target.h. Written only where
 * kdumpctl setup-raw left its marker. Called by the phases, in children.
 */
#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>

#include "capture-kernel/place-raw.h"
#include "capture-kernel/target-device.h"

static int open_device(const struct kd_target *t, uint64_t *ret_size,
		       struct kd_error *err)
{
	_cleanup_(kd_closep) int fd = -EBADF;
	char path[KD_PLAN_STRING + 8];

	(void)snprintf(path, sizeof(path), "/dev/%s", t->device);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0 || ioctl(fd, BLKGETSIZE64, ret_size) < 0)
		return kd_fail(err, -errno, "%s", path);
	return TAKE_FD(fd);
}

static int open_root(const struct kd_target *t, struct kd_place **ret,
		     struct kd_error *err)
{
	_cleanup_(kd_closep) int fd = -EBADF;
	uint64_t size;
	int r;

	fd = open_device(t, &size, err);
	if (fd < 0)
		return fd;
	r = kd_place_raw_new(fd, size, ret, err);
	if (r < 0)
		return kd_fail(err, r, "%s", t->plan->device);
	(void)TAKE_FD(fd);
	return 0;
}

/* Nothing to mount: the marker is looked at before a phase relies on it. */
static int attach(const struct kd_target *t, struct kd_outcome *o, struct kd_error *err)
{
	_cleanup_(kd_place_freep) struct kd_place *place = NULL;

	(void)o;
	return open_root(t, &place, err);
}

static int release(const struct kd_target *t, struct kd_error *err)
{
	_cleanup_(kd_closep) int fd = -EBADF;
	uint64_t size;

	fd = open_device(t, &size, err);
	if (fd < 0)
		return fd;
	return fsync(fd) < 0 ? kd_fail(err, -errno, "%s", t->plan->device) : 0;
}

const struct kd_target_ops kd_target_raw_ops = {
	.reach = kd_target_reach_device,
	.attach = attach,
	.open = open_root,
	.release = release,
};

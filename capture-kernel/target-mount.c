/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Mounted targets: see target-mount.h. Trusts syncfs(2) to tell of write errors. Called
 * by the targets that mount.
 */
#include "capture-kernel/target-mount.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "capture-kernel/disk-queue.h"

static void mount_point(const struct kd_target *t, char ret[static KD_POINT_SIZE])
{
	(void)snprintf(ret, KD_POINT_SIZE, "/run/target-%zu", t->number);
}

int kd_target_make_point(const struct kd_target *t, char ret[static KD_POINT_SIZE],
			 struct kd_error *err)
{
	mount_point(t, ret);
	if (mkdir(ret, 0700) < 0 && errno != EEXIST)
		return kd_fail(err, -errno, "%s", ret);
	return 0;
}

static int open_root(const struct kd_target *t, struct kd_error *err)
{
	char point[KD_POINT_SIZE];
	int fd;

	mount_point(t, point);
	fd = open(point, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? kd_fail(err, -errno, "%s", point) : fd;
}

static int open_place(const struct kd_target *t, bool direct, struct kd_place **ret,
		      struct kd_error *err)
{
	_cleanup_(kd_closep) int fd = open_root(t, err);
	int r = fd < 0 ? fd : kd_place_dir_new(fd, direct, ret, err);

	if (r >= 0)
		(void)TAKE_FD(fd);
	return r;
}

int kd_target_open_mounted(const struct kd_target *t, struct kd_place **ret,
			   struct kd_error *err)
{
	return open_place(t, /* direct= */ false, ret, err);
}

int kd_target_open_disk(const struct kd_target *t, struct kd_place **ret,
			struct kd_error *err)
{
	struct kd_disk_queue queue;
	bool direct = kd_disk_queue_read(t->root_fd, t->device, &queue) >= 0 &&
		      kd_disk_queue_suits_direct(&queue);

	return open_place(t, direct, ret, err);
}

int kd_target_unmount(const struct kd_target *t, struct kd_error *err)
{
	int fd = open_root(t, NULL), r = 0;
	char point[KD_POINT_SIZE];

	/* syncfs(2) tells of write errors since 5.8 (commit 735e4ae5ba28) */
	if (fd >= 0 && syncfs(fd) < 0)
		r = kd_fail(err, -errno, "%s: writing back", t->plan->device);
	(void)kd_close(fd);
	mount_point(t, point);
	if (umount2(point, 0) >= 0 || errno == EINVAL || errno == ENOENT)
		return r;
	/* a child that could not be killed keeps it busy: make it clean at least */
	if (mount(NULL, point, NULL, MS_REMOUNT | MS_RDONLY, NULL) < 0 && r == 0)
		r = kd_fail(err, -errno, "%s: unmount", t->plan->device);
	return r;
}

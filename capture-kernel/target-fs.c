/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A file system on a block device, mounted by mount(2): see target.h. Replaying its
 * journal is normal: the dead kernel left it dirty. Trusts the kernel's file systems.
 * Called by the phases, in children.
 */
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <time.h>

#include "capture-kernel/devices.h"
#include "capture-kernel/mount-options.h"
#include "capture-kernel/target.h"

#define POINT_SIZE 32
#define POLL_MS	   100

/* A dump folder needs none of these, whatever fstab says. */
#define FORCED_FLAGS (MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_NOATIME)

static void mount_point(const struct kd_target *t, char ret[static POINT_SIZE])
{
	(void)snprintf(ret, POINT_SIZE, "/run/target-%zu", t->number);
}

static int reach(const struct kd_target *t, struct kd_shared *shared,
		 struct kd_error *err)
{
	const struct timespec nap = { .tv_nsec = POLL_MS * 1000000L };
	const char *device = t->plan->device;
	struct kd_device_spec spec;
	char what[KD_PLAN_STRING + 16];

	if (kd_device_spec_parse(device, &spec) < 0)
		return kd_fail_msg(err, -EINVAL, "\"%s\" names no device", device);
	(void)snprintf(what, sizeof(what), "waiting for %s", device);
	kd_shared_progress(shared, what, 0, 0);
	/* drivers probe on their own time; the phase's limit ends a vain wait */
	while (kd_device_find_at(t->root_fd, &spec, shared->device,
				 sizeof(shared->device), err) < 0) {
		kd_error_reset(err);
		(void)nanosleep(&nap, NULL);
	}
	return 0;
}

static int attach(const struct kd_target *t, struct kd_outcome *o, struct kd_error *err)
{
	char source[KD_PLAN_STRING + 8], data[KD_PLAN_STRING], point[POINT_SIZE];
	const char *type = t->plan->fstype;
	unsigned long flags;
	int r;

	(void)snprintf(source, sizeof(source), "/dev/%s", t->device);
	mount_point(t, point);
	if (mkdir(point, 0700) < 0 && errno != EEXIST)
		return kd_fail(err, -errno, "%s", point);
	r = kd_mount_options(t->plan->options, &flags, data, sizeof(data));
	if (r < 0)
		return kd_fail(err, r, "mount options of %s", t->plan->device);
	flags = (flags & ~MS_STRICTATIME) | FORCED_FLAGS;
	if (mount(source, point, type, flags, data) >= 0)
		return 0;
	/* an option this kernel does not take must not cost the dump */
	if (errno != EINVAL || data[0] == '\0')
		return kd_fail(err, -errno, "mount %s (%s)", source, type);
	if (mount(source, point, type, FORCED_FLAGS, NULL) < 0)
		return kd_fail(err, -errno, "mount %s (%s)", source, type);
	kd_outcome_note(o, "%s: mounted without the options \"%s\", which were refused",
			t->plan->device, data);
	return 0;
}

static int open_root(const struct kd_target *t, struct kd_error *err)
{
	char point[POINT_SIZE];
	int fd;

	mount_point(t, point);
	fd = open(point, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? kd_fail(err, -errno, "%s", point) : fd;
}

static int open_place(const struct kd_target *t, struct kd_place **ret,
		      struct kd_error *err)
{
	_cleanup_(kd_closep) int fd = open_root(t, err);
	int r = fd < 0 ? fd : kd_place_dir_new(fd, ret, err);

	if (r >= 0)
		(void)TAKE_FD(fd);
	return r;
}

static int release(const struct kd_target *t, struct kd_error *err)
{
	int fd = open_root(t, NULL), r = 0;
	char point[POINT_SIZE];

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

const struct kd_target_ops kd_target_fs_ops = {
	.reach = reach,
	.attach = attach,
	.open = open_place,
	.release = release,
};

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A file system on a block device, mounted by mount(2): see target.h. Replaying its
 * journal is normal: the dead kernel left it dirty. Trusts the kernel's file systems.
 * Called by the phases, in children.
 */
#include <fcntl.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "capture-kernel/mount-options.h"
#include "capture-kernel/target-device.h"

#define POINT_SIZE 32

/* A dump folder needs none of these, whatever fstab says. */
#define FORCED_FLAGS (MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_NOATIME)

static void mount_point(const struct kd_target *t, char ret[static POINT_SIZE])
{
	(void)snprintf(ret, POINT_SIZE, "/run/target-%zu", t->number);
}

/* What a type needs whatever fstab says. vfat has no modes on disk and refuses to set
 * some: all files get these instead, and chmod(2) is let pass. */
static const char *forced_data(const char *type)
{
	return strcmp(type, "vfat") == 0 ? "fmask=0177,dmask=0077,quiet" : "";
}

/* Options that choose what is mounted, not how: never to be left out. */
static bool is_choice(const char *option, size_t length)
{
	return length >= 6 && strncmp(option, "subvol", 6) == 0;
}

static void add_option(char *data, size_t size, const char *option, size_t length)
{
	size_t used = strlen(data);

	if (length > 0 && used + length + 2 <= size)
		(void)snprintf(data + used, size - used, "%s%.*s", used ? "," : "",
			       (int)length, option);
}

/* The options to mount with: all of the plan's, or only those that choose. */
static void join_options(const char *planned, const char *type, bool all, char *ret,
			 size_t size)
{
	const char *forced = forced_data(type);
	size_t n;

	ret[0] = '\0';
	for (const char *p = planned; *p; p += n + (p[n] == ',')) {
		n = strcspn(p, ",");
		if (all || is_choice(p, n))
			add_option(ret, size, p, n);
	}
	add_option(ret, size, forced, strlen(forced));
}

static int attach(const struct kd_target *t, struct kd_outcome *o, struct kd_error *err)
{
	char source[KD_PLAN_STRING + 8], planned[KD_PLAN_STRING], point[POINT_SIZE];
	char data[KD_PLAN_STRING + 64], least[KD_PLAN_STRING + 64];
	const char *type = t->plan->fstype;
	unsigned long flags;
	int r;

	(void)snprintf(source, sizeof(source), "/dev/%s", t->device);
	mount_point(t, point);
	if (mkdir(point, 0700) < 0 && errno != EEXIST)
		return kd_fail(err, -errno, "%s", point);
	r = kd_mount_options(t->plan->options, &flags, planned, sizeof(planned));
	if (r < 0)
		return kd_fail(err, r, "mount options of %s", t->plan->device);
	join_options(planned, type, /* all= */ true, data, sizeof(data));
	join_options(planned, type, /* all= */ false, least, sizeof(least));
	flags = (flags & ~MS_STRICTATIME) | FORCED_FLAGS;
	if (mount(source, point, type, flags, data) >= 0)
		return 0;
	/* an option this kernel does not take must not cost the dump */
	if (errno != EINVAL || strcmp(data, least) == 0)
		return kd_fail(err, -errno, "mount %s (%s)", source, type);
	if (mount(source, point, type, FORCED_FLAGS, least) < 0)
		return kd_fail(err, -errno, "mount %s (%s)", source, type);
	kd_outcome_note(o, "%s: mounted without the options \"%s\", which were refused",
			t->plan->device, planned);
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
	.reach = kd_target_reach_device,
	.attach = attach,
	.open = open_place,
	.release = release,
};

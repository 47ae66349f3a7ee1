/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A file system on a block device, mounted by mount(2): see target.h. Replaying its
 * journal is normal: the dead kernel left it dirty. Trusts the kernel's file systems.
 * Called by the phases, in children.
 */
#include <string.h>
#include <sys/mount.h>

#include "capture-kernel/btrfs.h"
#include "capture-kernel/mount-options.h"
#include "capture-kernel/target-device.h"
#include "capture-kernel/target-mount.h"

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
	char source[KD_PLAN_STRING + 8], planned[KD_PLAN_STRING], point[KD_POINT_SIZE];
	char data[KD_PLAN_STRING + 64], least[KD_PLAN_STRING + 64];
	const char *type = t->plan->fstype;
	unsigned long flags;
	int r;

	(void)snprintf(source, sizeof(source), "/dev/%s", t->device);
	r = kd_target_make_point(t, point, err);
	if (r < 0)
		return r;
	if (strcmp(type, "btrfs") == 0)
		r = kd_btrfs_register(t->root_fd, t->device, err);
	if (r < 0)
		return r;
	r = kd_mount_options(t->plan->options, &flags, planned, sizeof(planned));
	if (r < 0)
		return kd_fail(err, r, "mount options of %s", t->plan->device);
	join_options(planned, type, /* all= */ true, data, sizeof(data));
	join_options(planned, type, /* all= */ false, least, sizeof(least));
	flags = (flags & ~MS_STRICTATIME) | KD_MOUNT_FLAGS;
	if (mount(source, point, type, flags, data) >= 0)
		return 0;
	/* an option this kernel does not take must not cost the dump */
	if (errno != EINVAL || strcmp(data, least) == 0)
		return kd_fail(err, -errno, "mount %s (%s)", source, type);
	if (mount(source, point, type, KD_MOUNT_FLAGS, least) < 0)
		return kd_fail(err, -errno, "mount %s (%s)", source, type);
	kd_outcome_note(o, "%s: mounted without the options \"%s\", which were refused",
			t->plan->device, planned);
	return 0;
}

const struct kd_target_ops kd_target_fs_ops = {
	.reach = kd_target_reach_device,
	.attach = attach,
	.open = kd_target_open_disk,
	.release = kd_target_unmount,
};

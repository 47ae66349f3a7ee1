/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A folder the hypervisor shares with its guest, by its tag: virtiofs, or 9p over virtio.
 * Trusts the hypervisor, which has all of this machine anyway. Called by the phases, in
 * children.
 */
#include <string.h>
#include <time.h>

#include "capture-kernel/mount-options.h"
#include "capture-kernel/target-mount.h"

#define DATA_SIZE (KD_PLAN_STRING + 64)
#define POLL_MS	  100
#define TRIES	  50 /* drivers probe on their own time */

/* fs/9p/v9fs.c: nothing is cached, so that fsync(2) has nothing to forget. */
static const struct {
	const char *type, *data;
} types[] = {
	{ "virtiofs", "" },
	{ "9p", "trans=virtio,version=9p2000.L,cache=none" },
};

/* No device bears the tag's name: the mount finds it, or says that there is none. */
static int reach(const struct kd_target *t _unused_, struct kd_shared *shared,
		 struct kd_error *err _unused_)
{
	shared->device[0] = '\0';
	return 0;
}

static int join_data(const struct kd_target *t, unsigned long *ret_flags,
		     char ret[static DATA_SIZE], struct kd_error *err)
{
	char planned[KD_PLAN_STRING];
	const char *own = NULL;
	int r;

	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		if (strcmp(t->plan->fstype, types[i].type) == 0)
			own = types[i].data;
	if (!own)
		return kd_fail_msg(err, -EINVAL, "%s: \"%s\" is nothing that is shared",
				   t->plan->device, t->plan->fstype);
	r = kd_mount_options(t->plan->options, ret_flags, planned, sizeof(planned));
	if (r < 0)
		return kd_fail(err, r, "mount options of %s", t->plan->device);
	(void)snprintf(ret, DATA_SIZE, "%s%s%s", own, own[0] && planned[0] ? "," : "",
		       planned);
	return 0;
}

static int attach(const struct kd_target *t, struct kd_outcome *o _unused_,
		  struct kd_error *err)
{
	const struct timespec nap = { .tv_nsec = POLL_MS * 1000000L };
	char point[KD_POINT_SIZE], data[DATA_SIZE];
	const char *tag = t->plan->device;
	unsigned long flags;
	int r;

	r = kd_target_make_point(t, point, err);
	if (r >= 0)
		r = join_data(t, &flags, data, err);
	if (r < 0)
		return r;
	flags = (flags & ~MS_STRICTATIME) | KD_MOUNT_FLAGS;
	/* virtiofs says EINVAL for a tag it has no device for, 9p ENOENT */
	for (int i = 0; i < TRIES; i++) {
		if (mount(tag, point, t->plan->fstype, flags, data) >= 0)
			return 0;
		r = -errno;
		if (r != -EINVAL && r != -ENOENT)
			break;
		(void)nanosleep(&nap, NULL);
	}
	return kd_fail(err, r, "mount %s (%s)", tag, t->plan->fstype);
}

const struct kd_target_ops kd_target_share_ops = {
	.reach = reach,
	.attach = attach,
	.open = kd_target_open_mounted,
	.release = kd_target_unmount,
};

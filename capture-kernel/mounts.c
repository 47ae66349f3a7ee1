/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Kernel file systems: see mounts.h. Trusts the initramfs to be writable, as every
 * rootfs is. Called once by pid 1, before anything is read.
 */
#include "capture-kernel/mounts.h"

#include <sys/mount.h>
#include <sys/stat.h>

static const struct {
	const char *type, *where, *options;
	unsigned long flags;
} mounts[] = {
	{ "devtmpfs", "/dev", "mode=0755", MS_NOSUID | MS_NOEXEC },
	{ "proc", "/proc", NULL, MS_NOSUID | MS_NODEV | MS_NOEXEC },
	{ "sysfs", "/sys", NULL, MS_NOSUID | MS_NODEV | MS_NOEXEC },
	{ "tmpfs", "/run", "mode=0700,size=1m", MS_NOSUID | MS_NODEV | MS_NOEXEC },
};

int kd_mounts_setup(struct kd_error *err)
{
	int first = 0;

	for (size_t i = 0; i < ARRAY_SIZE(mounts); i++) {
		(void)mkdir(mounts[i].where, 0755);
		if (mount(mounts[i].type, mounts[i].where, mounts[i].type,
			  mounts[i].flags, mounts[i].options) < 0 &&
		    errno != EBUSY && first == 0)
			first = kd_fail(err, -errno, "%s", mounts[i].where);
	}
	return first;
}

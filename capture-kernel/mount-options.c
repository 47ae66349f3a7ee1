/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Mount options: see mount-options.h; names as in mount(8), section "filesystem-
 * independent mount options". Trusts nothing about the text. Called by target-fs.c.
 */
#include "capture-kernel/mount-options.h"

#include <string.h>
#include <sys/mount.h>

#define DATA_SIZE 512

static const struct {
	const char *name;
	unsigned long set, clear;
} flags[] = {
	{ "async", 0, MS_SYNCHRONOUS },
	{ "atime", 0, MS_NOATIME },
	{ "defaults", 0, 0 },
	{ "dev", 0, MS_NODEV },
	{ "diratime", 0, MS_NODIRATIME },
	{ "dirsync", MS_DIRSYNC, 0 },
	{ "exec", 0, MS_NOEXEC },
	{ "lazytime", MS_LAZYTIME, 0 },
	{ "noatime", MS_NOATIME, 0 },
	{ "nodev", MS_NODEV, 0 },
	{ "nodiratime", MS_NODIRATIME, 0 },
	{ "noexec", MS_NOEXEC, 0 },
	{ "nolazytime", 0, MS_LAZYTIME },
	{ "norelatime", 0, MS_RELATIME },
	{ "nostrictatime", 0, MS_STRICTATIME },
	{ "nosuid", MS_NOSUID, 0 },
	{ "relatime", MS_RELATIME, 0 },
	{ "ro", 0, 0 },
	{ "rw", 0, 0 },
	{ "strictatime", MS_STRICTATIME, 0 },
	{ "suid", 0, MS_NOSUID },
	{ "sync", MS_SYNCHRONOUS, 0 },
};

/* for mount(8), systemd and fstab, not for the kernel; a trailing '*' takes the rest */
static const char *const dropped[] = {
	"_netdev",   "auto",   "comment=*", "fail",    "group",	 "helper=*", "loop*",
	"noauto",    "nofail", "nogroup",   "noowner", "nouser", "nousers",  "owner",
	"uhelper=*", "user",   "user=*",    "users",   "x-*",	 "X-*",
};

static bool is_dropped(const char *name, size_t length)
{
	for (size_t i = 0; i < ARRAY_SIZE(dropped); i++) {
		size_t n = strlen(dropped[i]);

		if (dropped[i][n - 1] == '*') {
			if (length >= n - 1 && strncmp(name, dropped[i], n - 1) == 0)
				return true;
		} else if (length == n && memcmp(name, dropped[i], n) == 0) {
			return true;
		}
	}
	return false;
}

static bool take_flag(const char *name, size_t length, unsigned long *f)
{
	for (size_t i = 0; i < ARRAY_SIZE(flags); i++)
		if (strlen(flags[i].name) == length &&
		    memcmp(flags[i].name, name, length) == 0) {
			*f = (*f | flags[i].set) & ~flags[i].clear;
			return true;
		}
	return false;
}

int kd_mount_options(const char *options, unsigned long *ret_flags, char *ret_data,
		     size_t size)
{
	char data[DATA_SIZE];
	size_t used = 0, n;
	unsigned long f = 0;

	for (const char *p = options; *p; p += n + (p[n] == ',')) {
		n = strcspn(p, ",");
		if (n == 0 || take_flag(p, n, &f) || is_dropped(p, n))
			continue;
		if (used + n + 2 > sizeof(data) || used + n + 2 > size)
			return -E2BIG;
		if (used > 0)
			data[used++] = ',';
		memcpy(data + used, p, n);
		used += n;
	}
	data[used] = '\0';
	if (used + 1 > size)
		return -E2BIG;
	memcpy(ret_data, data, used + 1);
	*ret_flags = f;
	return 0;
}

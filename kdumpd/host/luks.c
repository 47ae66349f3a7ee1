/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * LUKS volumes below a device: see luks.h. cryptsetup names its mappings
 * "CRYPT-LUKS2-<32 digits>-<name>" (dm_prepare_uuid(), lib/libdevmapper.c); what a device
 * is made of is in its slaves folder.
 */
#include "kdumpd/host/luks.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>

#include "base/guard.h"
#include "base/io.h"

#define DEPTH  8
#define DIGITS 32
#define HEX    "0123456789abcdef"

int kd_luks_uuid(const char *mapping, char ret[static KD_LUKS_UUID])
{
	static const char *const kinds[] = { "CRYPT-LUKS1-", "CRYPT-LUKS2-" };
	static const size_t groups[] = { 8, 4, 4, 4, 12 };
	const char *digits = NULL;
	char *to = ret;

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (strncmp(mapping, kinds[i], strlen(kinds[i])) == 0)
			digits = mapping + strlen(kinds[i]);
	if (!digits || strspn(digits, HEX) != DIGITS)
		return -ENOENT;
	for (size_t i = 0; i < ARRAY_SIZE(groups); i++) {
		memcpy(to, digits, groups[i]);
		to[groups[i]] = '-';
		to += groups[i] + 1;
		digits += groups[i];
	}
	to[-1] = '\0';
	return 0;
}

static int look_at(int device_fd, struct kd_strlist *ret)
{
	char line[256], uuid[KD_LUKS_UUID];

	if (kd_read_line_at(device_fd, "dm/uuid", line, sizeof(line), NULL) < 0 ||
	    kd_luks_uuid(line, uuid) < 0)
		return 0;
	return kd_strlist_add(ret, uuid);
}

static int walk(int device_fd, unsigned int depth, struct kd_strlist *ret)
{
	_cleanup_(kd_closedirp) DIR *dir = NULL;
	const struct dirent *e;
	int r;

	if (depth == DEPTH)
		return -ELOOP;
	r = look_at(device_fd, ret);
	if (r < 0)
		return r;
	r = kd_opendir_at(device_fd, "slaves", &dir);
	if (r < 0)
		return r == -ENOMEM ? r : 0;
	while (r >= 0 && (e = readdir(dir))) {
		_cleanup_(kd_closep) int below = -EBADF;

		if (e->d_name[0] == '.')
			continue;
		below = openat(dirfd(dir), e->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (below >= 0)
			r = walk(below, depth + 1, ret);
	}
	return r;
}

int kd_luks_find(int root_fd, const char *name, struct kd_strlist *ret,
		 struct kd_error *err)
{
	_cleanup_(kd_closep) int fd = -EBADF;
	char path[256];
	int r;

	r = snprintf(path, sizeof(path), "sys/class/block/%s", name);
	if (r < 0 || (size_t)r >= sizeof(path))
		return kd_fail(err, -ENAMETOOLONG, "%s", name);
	fd = openat(root_fd, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return kd_fail(err, -errno, "/%s", path);
	r = walk(fd, 0, ret);
	return r < 0 ? kd_fail(err, r, "/%s", path) : 0;
}

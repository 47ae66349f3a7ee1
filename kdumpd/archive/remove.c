/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Removing a dump: see remove.h. Looked through first, the vmcore removed last, so that a
 * power cut between leaves what still says what it is. Called by kdumpctl gc.
 */
#include "kdumpd/archive/remove.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/io.h"

/* In the order they go. */
static const char *const files[] = {
	"vmcore-dmesg.txt",
	"vmcore-dmesg-incomplete.txt",
	"kexec-dmesg.log",
	"vmcore-creation.status",
	"vmcore-mini",
	"vmcore-mini-incomplete",
	"mini",
	"hooks.log",
	"outcome.json",
	".#outcome.json.tmp",
	"vmcore-incomplete",
	"vmcore",
};

static bool is_ours(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		if (strcmp(files[i], name) == 0)
			return true;
	return false;
}

static int check(int fd, const char *name, struct kd_error *err)
{
	_cleanup_(kd_closedirp) DIR *dir = NULL;
	const struct dirent *e;
	struct stat st;
	int r = kd_opendir_at(fd, ".", &dir);

	if (r < 0)
		return kd_fail(err, r, "%s", name);
	while ((e = readdir(dir))) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		if (!is_ours(e->d_name) ||
		    fstatat(fd, e->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
		    !S_ISREG(st.st_mode))
			return kd_fail_msg(err, -ENOTEMPTY,
					   "%s holds \"%.64s\", which no capture wrote: "
					   "it stays",
					   name, e->d_name);
	}
	return 0;
}

int kd_dump_remove(int dir_fd, const char *name, struct kd_error *err)
{
	_cleanup_(kd_closep) int fd = -EBADF;
	int r;

	fd = openat(dir_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return kd_fail(err, -errno, "%s", name);
	r = check(fd, name, err);
	if (r < 0)
		return r;
	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		if (unlinkat(fd, files[i], 0) < 0 && errno != ENOENT)
			return kd_fail(err, -errno, "%s/%s", name, files[i]);
	if (unlinkat(dir_fd, name, AT_REMOVEDIR) < 0)
		return kd_fail(err, -errno, "%s", name);
	return 0;
}

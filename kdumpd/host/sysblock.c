/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Block devices in sysfs: see sysblock.h. Trusts the kernel's links, whose texts are only
 * cut apart, never followed; those below /dev are, inside the root.
 */
#include "kdumpd/host/sysblock.h"

#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "base/io.h"
#include "base/parse.h"
#include "capture-kernel/image/root.h"

#define PATH_SIZE (KD_BLOCK_NAME + 64)

static void path_of(const char *name, const char *file, char ret[static PATH_SIZE])
{
	(void)snprintf(ret, PATH_SIZE, "sys/class/block/%s/%s", name, file);
}

bool kd_sysblock_has(int root_fd, const char *name, const char *file)
{
	char path[PATH_SIZE];

	path_of(name, file, path);
	return faccessat(root_fd, path, F_OK, 0) >= 0;
}

int kd_sysblock_read(int root_fd, const char *name, const char *file, char *ret,
		     size_t size)
{
	char path[PATH_SIZE], *start;
	int r;

	path_of(name, file, path);
	r = kd_read_line_at(root_fd, path, ret, size, NULL);
	if (r < 0)
		return r;
	start = kd_strip(ret);
	memmove(ret, start, strlen(start) + 1);
	return ret[0] ? 0 : -ENODATA;
}

int kd_sysblock_number(int root_fd, const char *name, dev_t *ret)
{
	uint64_t major, minor;
	char text[32], *colon;
	int r = kd_sysblock_read(root_fd, name, "dev", text, sizeof(text));

	if (r < 0)
		return r;
	colon = strchr(text, ':');
	if (!colon)
		return -EINVAL;
	*colon = '\0';
	if (kd_parse_u64(text, &major) < 0 || kd_parse_u64(colon + 1, &minor) < 0)
		return -EINVAL;
	*ret = makedev((unsigned int)major, (unsigned int)minor);
	return 0;
}

/* The last name in a link's text, or the one before when @up. */
static int name_in_link(int root_fd, const char *path, bool up, char ret[KD_BLOCK_NAME])
{
	char link[PATH_MAX], *slash;
	ssize_t n = readlinkat(root_fd, path, link, sizeof(link) - 1);

	if (n < 0)
		return -errno;
	link[n] = '\0';
	slash = strrchr(link, '/');
	if (up && slash) {
		*slash = '\0';
		slash = strrchr(link, '/');
	}
	if (!slash)
		return -EINVAL;
	if (strlen(slash + 1) >= KD_BLOCK_NAME)
		return -ENAMETOOLONG;
	memcpy(ret, slash + 1, strlen(slash + 1) + 1);
	return 0;
}

int kd_sysblock_name(int root_fd, dev_t number, char ret[KD_BLOCK_NAME])
{
	char path[64];

	(void)snprintf(path, sizeof(path), "sys/dev/block/%u:%u", major(number),
		       minor(number));
	return name_in_link(root_fd, path, /* up= */ false, ret);
}

int kd_sysblock_disk(int root_fd, const char *name, char ret[KD_BLOCK_NAME])
{
	char path[PATH_SIZE];

	(void)snprintf(path, sizeof(path), "sys/class/block/%s", name);
	return name_in_link(root_fd, path, /* up= */ true, ret);
}

/* A node with a name of its own, as device-mapper's without udev: by its number. */
static int name_of_node(int root_fd, const char *path, char ret[KD_BLOCK_NAME])
{
	_cleanup_(kd_closep) int fd = kd_root_open(root_fd, path, O_PATH);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0 || !S_ISBLK(st.st_mode))
		return -ENOTBLK;
	return kd_sysblock_name(root_fd, st.st_rdev, ret);
}

int kd_sysblock_of_path(int root_fd, const char *device, char ret[KD_BLOCK_NAME])
{
	_cleanup_(kd_freep) char *real = NULL;
	char name[KD_BLOCK_NAME];
	int r;

	r = kd_root_realpath(root_fd, device, &real);
	if (r < 0)
		return r;
	r = snprintf(name, sizeof(name), "%s",
		     strncmp(real, "/dev/", 5) == 0 ? real + 5 : "");
	for (char *c = name; *c; c++)
		if (*c == '/')
			*c = '!';
	if (r <= 0 || r >= KD_BLOCK_NAME || !kd_sysblock_has(root_fd, name, "dev"))
		return name_of_node(root_fd, real, ret);
	memcpy(ret, name, sizeof(name));
	return 0;
}

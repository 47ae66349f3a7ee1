/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Block devices in sysfs: see block.h. Trusts sysfs to name devices truly. Called by
 * devices.c, md.c and stack.c.
 */
#include "capture-kernel/block.h"

#include <ctype.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>

#include "base/io.h"
#include "base/parse.h"

#define UEVENT_SIZE 4096
#define MAX_DEVICES 4096

static void take_number(const char *value, unsigned int *ret)
{
	uint64_t number;

	if (kd_parse_u64(value, &number) >= 0)
		*ret = (unsigned int)MIN(number, (uint64_t)UINT32_MAX);
}

static void take_value(struct kd_block *ret, const char *key, const char *value)
{
	if (strcmp(key, "DEVNAME") == 0)
		(void)snprintf(ret->name, sizeof(ret->name), "%s", value);
	else if (strcmp(key, "PARTNAME") == 0)
		(void)snprintf(ret->part_name, sizeof(ret->part_name), "%s", value);
	else if (strcmp(key, "PARTUUID") == 0)
		(void)snprintf(ret->part_uuid, sizeof(ret->part_uuid), "%s", value);
	else if (strcmp(key, "PARTN") == 0)
		take_number(value, &ret->number);
	else if (strcmp(key, "MAJOR") == 0)
		take_number(value, &ret->major);
	else if (strcmp(key, "MINOR") == 0)
		take_number(value, &ret->minor);
}

bool kd_block_describe(int class_fd, const char *entry, struct kd_block *ret)
{
	_cleanup_(kd_freep) char *text = NULL;
	char path[NAME_MAX + 16], key[32], value[KD_BLOCK_STRING];
	struct kd_lines it = { 0 };
	struct kd_block b = { 0 };

	if (strlen(entry) >= sizeof(b.entry))
		return false;
	memcpy(b.entry, entry, strlen(entry) + 1);
	(void)snprintf(path, sizeof(path), "%s/size", entry);
	if (kd_read_u64_at(class_fd, path, &b.sectors, NULL) < 0 || b.sectors == 0)
		return false;
	(void)snprintf(path, sizeof(path), "%s/uevent", entry);
	if (kd_read_file_at(class_fd, path, UEVENT_SIZE, &text, &it.left, NULL) < 0)
		return false;
	it.rest = text;
	while (kd_lines_next(&it))
		if (kd_lines_key_value(&it, key, sizeof(key), value, sizeof(value)) >= 0)
			take_value(&b, key, value);
	*ret = b;
	return b.name[0] != '\0';
}

int kd_block_walk(int root_fd,
		  int (*visit)(void *context, int class_fd, const struct kd_block *b),
		  void *context, struct kd_error *err)
{
	_cleanup_(kd_closedirp) DIR *dir = NULL;
	const struct dirent *e;
	unsigned int seen = 0;
	struct kd_block b;
	int r = kd_opendir_at(root_fd, KD_BLOCK_CLASS, &dir);

	if (r < 0)
		return kd_fail(err, r, "/" KD_BLOCK_CLASS);
	while (r == 0 && seen++ < MAX_DEVICES && (e = readdir(dir)))
		if (e->d_name[0] != '.' && kd_block_describe(dirfd(dir), e->d_name, &b))
			r = visit(context, dirfd(dir), &b);
	return r;
}

int kd_block_open(int root_fd, const char *name)
{
	char path[KD_BLOCK_STRING + 8];
	int fd;

	(void)snprintf(path, sizeof(path), "dev/%s", name);
	fd = openat(root_fd, path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static int describe_entry(int root_fd, const char *entry, struct kd_block *ret)
{
	_cleanup_(kd_closep) int fd = openat(root_fd, KD_BLOCK_CLASS,
					     O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	return kd_block_describe(fd, entry, ret) ? 0 : -ENODEV;
}

int kd_block_by_name(int root_fd, const char *name, struct kd_block *ret)
{
	char entry[KD_BLOCK_STRING];

	if (strlen(name) >= sizeof(entry))
		return -ENAMETOOLONG;
	memcpy(entry, name, strlen(name) + 1);
	for (char *c = entry; *c; c++)
		if (*c == '/')
			*c = '!';
	return describe_entry(root_fd, entry, ret);
}

int kd_block_by_number(int root_fd, unsigned int major, unsigned int minor,
		       struct kd_block *ret)
{
	char path[64], link[PATH_MAX];
	const char *slash;
	ssize_t n;

	(void)snprintf(path, sizeof(path), "sys/dev/block/%u:%u", major, minor);
	n = readlinkat(root_fd, path, link, sizeof(link) - 1);
	if (n < 0)
		return errno == ENOENT ? -ENODEV : -errno;
	link[n] = '\0';
	slash = strrchr(link, '/');
	return describe_entry(root_fd, slash ? slash + 1 : link, ret);
}

/* A disk whose name ends in a digit has a "p" before the number: disk_name(),
 * block/partitions/core.c. */
int kd_block_partition(int root_fd, const struct kd_block *disk, unsigned int number,
		       struct kd_block *ret)
{
	size_t n = strlen(disk->entry);
	char entry[KD_BLOCK_STRING + 16];

	(void)snprintf(entry, sizeof(entry), "%s%s%u", disk->entry,
		       n > 0 && isdigit((unsigned char)disk->entry[n - 1]) ? "p" : "",
		       number);
	return describe_entry(root_fd, entry, ret);
}

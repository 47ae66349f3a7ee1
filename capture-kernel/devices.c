/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Block devices: see devices.h. Trusts sysfs to name devices truly; everything on the
 * devices is judged by probe.c and partition.c. Called by the device phase.
 */
#include "capture-kernel/devices.h"

#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <strings.h>

#include "base/io.h"
#include "base/parse.h"
#include "capture-kernel/partition.h"
#include "capture-kernel/probe.h"

#define CLASS	    "sys/class/block"
#define UEVENT_SIZE 4096
#define MAX_DEVICES 4096
#define NAME_SIZE   64

static const struct {
	const char *prefix;
	enum kd_device_tag tag;
} prefixes[] = {
	{ "UUID=", KD_DEVICE_UUID },
	{ "LABEL=", KD_DEVICE_LABEL },
	{ "PARTUUID=", KD_DEVICE_PARTUUID },
	{ "PARTLABEL=", KD_DEVICE_PARTLABEL },
	{ "/dev/disk/by-uuid/", KD_DEVICE_UUID },
	{ "/dev/disk/by-label/", KD_DEVICE_LABEL },
	{ "/dev/disk/by-partuuid/", KD_DEVICE_PARTUUID },
	{ "/dev/disk/by-partlabel/", KD_DEVICE_PARTLABEL },
	{ "/dev/", KD_DEVICE_PATH }, /* last: the ones above start with it */
};

/* What a device's uevent file says of it; partitions only from @part on. */
struct block_device {
	char name[NAME_SIZE]; /* below /dev: may hold a slash, "cciss/c0d0" */
	unsigned int number;
	char part_name[NAME_SIZE];
	char part_uuid[NAME_SIZE];
};

int kd_device_spec_parse(const char *text, struct kd_device_spec *ret)
{
	for (size_t i = 0; i < ARRAY_SIZE(prefixes); i++) {
		size_t n = strlen(prefixes[i].prefix);

		if (strncmp(text, prefixes[i].prefix, n) != 0)
			continue;
		if (text[n] == '\0')
			return -EINVAL;
		*ret = (struct kd_device_spec) { prefixes[i].tag, text + n };
		return 0;
	}
	return -EINVAL;
}

static void take_value(struct block_device *ret, const char *key, const char *value)
{
	uint64_t number;

	if (strcmp(key, "DEVNAME") == 0)
		(void)snprintf(ret->name, sizeof(ret->name), "%s", value);
	else if (strcmp(key, "PARTNAME") == 0)
		(void)snprintf(ret->part_name, sizeof(ret->part_name), "%s", value);
	else if (strcmp(key, "PARTUUID") == 0)
		(void)snprintf(ret->part_uuid, sizeof(ret->part_uuid), "%s", value);
	else if (strcmp(key, "PARTN") == 0 && kd_parse_u64(value, &number) >= 0)
		ret->number = (unsigned int)MIN(number, (uint64_t)UINT32_MAX);
}

/* Returns false for what is no usable block device: empty drives, unused loops. */
static bool describe(int class_fd, const char *entry, struct block_device *ret)
{
	_cleanup_(kd_freep) char *text = NULL;
	char path[NAME_MAX + 16], key[32], value[NAME_SIZE];
	uint64_t sectors;
	struct kd_lines it = { 0 };

	*ret = (struct block_device) { 0 };
	(void)snprintf(path, sizeof(path), "%s/size", entry);
	if (kd_read_u64_at(class_fd, path, &sectors, NULL) < 0 || sectors == 0)
		return false;
	(void)snprintf(path, sizeof(path), "%s/uevent", entry);
	if (kd_read_file_at(class_fd, path, UEVENT_SIZE, &text, &it.left, NULL) < 0)
		return false;
	it.rest = text;
	while (kd_lines_next(&it))
		if (kd_lines_key_value(&it, key, sizeof(key), value, sizeof(value)) >= 0)
			take_value(ret, key, value);
	return ret->name[0] != '\0';
}

static int open_device(int root_fd, const char *name)
{
	char path[NAME_SIZE + 8];

	(void)snprintf(path, sizeof(path), "dev/%s", name);
	return openat(root_fd, path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
}

static bool filesystem_matches(int root_fd, const struct block_device *dev,
			       const struct kd_device_spec *spec)
{
	_cleanup_(kd_closep) int fd = open_device(root_fd, dev->name);
	uint8_t data[KD_PROBE_BYTES];
	struct kd_probe probe;
	ssize_t n;

	if (fd < 0)
		return false;
	n = kd_pread_full(fd, data, sizeof(data), 0);
	if (n < 0 || !kd_probe_filesystem(data, (size_t)n, &probe))
		return false;
	if (spec->tag == KD_DEVICE_UUID)
		return strcasecmp(probe.uuid, spec->value) == 0;
	return strcmp(probe.label, spec->value) == 0;
}

/* The disk a partition lies on: the folder above its own in /sys/devices. */
static bool disk_of(int class_fd, const char *entry, char *ret, size_t size)
{
	char link[PATH_MAX], *slash, *name;
	ssize_t n = readlinkat(class_fd, entry, link, sizeof(link) - 1);

	if (n <= 0)
		return false;
	link[n] = '\0';
	slash = strrchr(link, '/');
	if (!slash)
		return false;
	*slash = '\0';
	name = strrchr(link, '/');
	if (!name || strlen(name + 1) >= size)
		return false;
	memcpy(ret, name + 1, strlen(name + 1) + 1);
	return true;
}

static bool table_uuid(int root_fd, int class_fd, const char *entry, unsigned int number,
		       char uuid[static KD_UUID_SIZE])
{
	_cleanup_(kd_closep) int fd = -EBADF;
	char disk[NAME_SIZE], path[NAME_SIZE + 32];
	struct block_device dev;
	uint64_t block = 512, offset;
	uint8_t data[512];

	if (!disk_of(class_fd, entry, disk, sizeof(disk)) ||
	    !describe(class_fd, disk, &dev))
		return false;
	(void)snprintf(path, sizeof(path), "%s/queue/logical_block_size", disk);
	(void)kd_read_u64_at(class_fd, path, &block, NULL);
	if (block < 512 || block > 65536)
		return false;
	fd = open_device(root_fd, dev.name);
	if (fd < 0)
		return false;

	if (kd_pread_full(fd, data, sizeof(data), block) == (ssize_t)sizeof(data) &&
	    kd_gpt_entry_offset(data, sizeof(data), (uint32_t)block, number, &offset))
		return kd_pread_full(fd, data, 128, offset) == 128 &&
		       kd_gpt_entry_uuid(data, 128, uuid);
	return kd_pread_full(fd, data, sizeof(data), 0) == (ssize_t)sizeof(data) &&
	       kd_mbr_uuid(data, sizeof(data), number, uuid);
}

static bool matches(int root_fd, int class_fd, const char *entry,
		    const struct block_device *dev, const struct kd_device_spec *spec)
{
	char uuid[KD_UUID_SIZE];

	switch (spec->tag) {
	case KD_DEVICE_UUID:
	case KD_DEVICE_LABEL:
		return filesystem_matches(root_fd, dev, spec);
	case KD_DEVICE_PARTLABEL:
		return strcmp(dev->part_name, spec->value) == 0;
	case KD_DEVICE_PARTUUID:
		if (dev->number == 0)
			return false;
		if (dev->part_uuid[0] != '\0')
			return strcasecmp(dev->part_uuid, spec->value) == 0;
		return table_uuid(root_fd, class_fd, entry, dev->number, uuid) &&
		       strcasecmp(uuid, spec->value) == 0;
	case KD_DEVICE_PATH:
		break;
	}
	return false;
}

static int find_path(int root_fd, const char *name, char *ret, size_t size,
		     struct kd_error *err)
{
	char path[PATH_MAX];
	int r = snprintf(path, sizeof(path), "dev/%s", name);

	if (r < 0 || (size_t)r >= sizeof(path) || strlen(name) >= size)
		return kd_fail(err, -ENAMETOOLONG, "/dev/%s", name);
	if (faccessat(root_fd, path, F_OK, 0) < 0)
		return kd_fail(err, -ENODEV, "/dev/%s", name);
	memcpy(ret, name, strlen(name) + 1);
	return 0;
}

int kd_device_find_at(int root_fd, const struct kd_device_spec *spec, char *ret,
		      size_t size, struct kd_error *err)
{
	_cleanup_(kd_closedirp) DIR *dir = NULL;
	struct block_device dev;
	const struct dirent *e;
	unsigned int seen = 0;
	int fd;

	if (spec->tag == KD_DEVICE_PATH)
		return find_path(root_fd, spec->value, ret, size, err);

	fd = openat(root_fd, CLASS, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return kd_fail(err, -errno, "/" CLASS);
	dir = fdopendir(fd);
	if (!dir) {
		(void)kd_close(fd);
		return kd_fail(err, -ENOMEM, "/" CLASS);
	}
	while (seen++ < MAX_DEVICES && (e = readdir(dir))) {
		if (e->d_name[0] == '.' || !describe(fd, e->d_name, &dev) ||
		    !matches(root_fd, fd, e->d_name, &dev, spec))
			continue;
		if (strlen(dev.name) >= size)
			return kd_fail(err, -ENAMETOOLONG, "/dev/%s", dev.name);
		memcpy(ret, dev.name, strlen(dev.name) + 1);
		return 0;
	}
	return kd_fail(err, -ENODEV, "%s", spec->value);
}

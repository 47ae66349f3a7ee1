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
#include "capture-kernel/block.h"
#include "capture-kernel/partition.h"
#include "capture-kernel/probe.h"

#define NAME_SIZE KD_BLOCK_STRING

static const struct {
	const char *prefix;
	enum kd_device_tag tag;
} prefixes[] = {
	{ "UUID=", KD_DEVICE_UUID },
	{ "LABEL=", KD_DEVICE_LABEL },
	{ "PARTUUID=", KD_DEVICE_PARTUUID },
	{ "PARTLABEL=", KD_DEVICE_PARTLABEL },
	{ "WWID=", KD_DEVICE_WWID },
	{ "SERIAL=", KD_DEVICE_SERIAL },
	{ "STACK=", KD_DEVICE_STACK },
	{ "/dev/disk/by-uuid/", KD_DEVICE_UUID },
	{ "/dev/disk/by-label/", KD_DEVICE_LABEL },
	{ "/dev/disk/by-partuuid/", KD_DEVICE_PARTUUID },
	{ "/dev/disk/by-partlabel/", KD_DEVICE_PARTLABEL },
	{ "/dev/", KD_DEVICE_PATH }, /* last: the ones above start with it */
};

int kd_device_spec_parse(const char *text, struct kd_device_spec *ret)
{
	for (size_t i = 0; i < ARRAY_SIZE(prefixes); i++) {
		size_t n = strlen(prefixes[i].prefix);

		if (strncmp(text, prefixes[i].prefix, n) != 0)
			continue;
		if (text[n] == '\0')
			return -EINVAL;
		*ret = (struct kd_device_spec) { .tag = prefixes[i].tag,
						 .value = text + n };
		return 0;
	}
	return -EINVAL;
}

static bool content_matches(int root_fd, const struct kd_block *dev,
			    const struct kd_device_spec *spec)
{
	_cleanup_(kd_closep) int fd = kd_block_open(root_fd, dev->name);
	uint8_t data[KD_PROBE_BYTES];
	struct kd_probe probe;
	ssize_t n;

	if (fd < 0)
		return false;
	n = kd_pread_full(fd, data, sizeof(data), 0);
	if (n < 0 || !kd_probe_bytes(data, (size_t)n, &probe))
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
	struct kd_block dev;
	uint64_t block = 512, offset;
	uint8_t data[512];

	if (!disk_of(class_fd, entry, disk, sizeof(disk)) ||
	    !kd_block_describe(class_fd, disk, &dev))
		return false;
	(void)snprintf(path, sizeof(path), "%s/queue/logical_block_size", disk);
	(void)kd_read_u64_at(class_fd, path, &block, NULL);
	if (block < 512 || block > 65536)
		return false;
	fd = kd_block_open(root_fd, dev.name);
	if (fd < 0)
		return false;

	if (kd_pread_full(fd, data, sizeof(data), block) == (ssize_t)sizeof(data) &&
	    kd_gpt_entry_offset(data, sizeof(data), (uint32_t)block, number, &offset))
		return kd_pread_full(fd, data, 128, offset) == 128 &&
		       kd_gpt_entry_uuid(data, 128, uuid);
	return kd_pread_full(fd, data, sizeof(data), 0) == (ssize_t)sizeof(data) &&
	       kd_mbr_uuid(data, sizeof(data), number, uuid);
}

/* Where drivers tell a disk's own name: SCSI and ATA, NVMe; virtio, NVMe and MMC. */
static const char *const wwid_files[] = { "device/wwid", "wwid", NULL };
static const char *const serial_files[] = { "serial", "device/serial", NULL };

static bool disk_matches(int class_fd, const struct kd_block *dev,
			 const char *const *files, const char *wanted)
{
	char path[NAME_SIZE + 16], value[256];

	if (dev->number != 0)
		return false;
	for (; *files; files++) {
		(void)snprintf(path, sizeof(path), "%s/%s", dev->entry, *files);
		if (kd_read_line_at(class_fd, path, value, sizeof(value), NULL) >= 0 &&
		    strcmp(kd_strip(value), wanted) == 0)
			return true;
	}
	return false;
}

static bool partuuid_matches(int root_fd, int class_fd, const struct kd_block *dev,
			     const char *wanted)
{
	char uuid[KD_UUID_SIZE];

	if (dev->number == 0)
		return false;
	if (dev->part_uuid[0] != '\0')
		return strcasecmp(dev->part_uuid, wanted) == 0;
	return table_uuid(root_fd, class_fd, dev->entry, dev->number, uuid) &&
	       strcasecmp(uuid, wanted) == 0;
}

static bool matches(int root_fd, int class_fd, const struct kd_block *dev,
		    const struct kd_device_spec *spec)
{
	switch (spec->tag) {
	case KD_DEVICE_UUID:
	case KD_DEVICE_LABEL:
		return content_matches(root_fd, dev, spec);
	case KD_DEVICE_PARTLABEL:
		return strcmp(dev->part_name, spec->value) == 0;
	case KD_DEVICE_PARTUUID:
		return partuuid_matches(root_fd, class_fd, dev, spec->value);
	case KD_DEVICE_WWID:
		return disk_matches(class_fd, dev, wwid_files, spec->value);
	case KD_DEVICE_SERIAL:
		return disk_matches(class_fd, dev, serial_files, spec->value);
	case KD_DEVICE_PATH:
	case KD_DEVICE_STACK:
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

struct search {
	const struct kd_device_spec *spec;
	int root_fd;
	unsigned int skip;
	char name[NAME_SIZE];
};

static int look_at(void *context, int class_fd, const struct kd_block *dev)
{
	struct search *s = context;

	if (!matches(s->root_fd, class_fd, dev, s->spec) || s->skip-- > 0)
		return 0;
	memcpy(s->name, dev->name, sizeof(s->name));
	return 1;
}

int kd_device_find_at(int root_fd, const struct kd_device_spec *spec, char *ret,
		      size_t size, struct kd_error *err)
{
	struct search s = { .spec = spec, .root_fd = root_fd, .skip = spec->skip };
	int r;

	if (spec->tag == KD_DEVICE_PATH)
		return find_path(root_fd, spec->value, ret, size, err);
	r = kd_block_walk(root_fd, look_at, &s, err);
	if (r < 0)
		return r;
	if (r == 0)
		return kd_fail(err, -ENODEV, "%s", spec->value);
	if (strlen(s.name) >= size)
		return kd_fail(err, -ENAMETOOLONG, "/dev/%s", s.name);
	memcpy(ret, s.name, strlen(s.name) + 1);
	return 0;
}

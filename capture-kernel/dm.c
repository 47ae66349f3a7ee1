/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Device-mapper by ioctls: see dm.h. Trusts the kernel's answers, which have a fixed
 * size. Called by stack.c, in a child.
 */
#include "capture-kernel/dm.h"

#include <fcntl.h>
#include <linux/dm-ioctl.h>
#include <string.h>
#include <sys/ioctl.h>

#define CONTROL "/dev/mapper/control"

/* What this program was written for; the kernel refuses a larger major number. */
static const uint32_t version[3] = { 4, 0, 0 };

/** A request and room for a table behind it, as the kernel wants them: in one piece. */
struct request {
	struct dm_ioctl head;
	char data[KD_DM_BUFFER];
};

static void init(struct request *q, const char *name)
{
	memset(&q->head, 0, sizeof(q->head));
	memcpy(q->head.version, version, sizeof(version));
	q->head.data_size = sizeof(*q);
	q->head.data_start = offsetof(struct request, data);
	(void)snprintf(q->head.name, sizeof(q->head.name), "%s", name);
}

static int ask(int fd, unsigned long command, struct request *q)
{
	return ioctl(fd, command, q) < 0 ? -errno : 0;
}

/* As the kernel's huge_encode_dev() writes it. */
static struct kd_devnum decode(uint64_t dev)
{
	return (struct kd_devnum) {
		.major = (unsigned int)(dev >> 8) & 0xfff,
		.minor = (unsigned int)((dev & 0xff) | ((dev >> 12) & 0xfff00)),
	};
}

static int load(int fd, const char *name, const struct kd_dm_table *table,
		struct request *q)
{
	int r;

	init(q, name);
	q->head.target_count = table->targets;
	memcpy(q->data, table->data, table->size);
	r = ask(fd, DM_TABLE_LOAD, q);
	if (r < 0)
		return r;
	/* without its flag, the command to suspend means: go on, with the new table */
	init(q, name);
	return ask(fd, DM_DEV_SUSPEND, q);
}

static int make(int fd, const char *name, const char *uuid,
		const struct kd_dm_table *table, struct request *q)
{
	int r;

	init(q, name);
	r = ask(fd, DM_DEV_STATUS, q);
	if (r >= 0 && (q->head.flags & DM_ACTIVE_PRESENT_FLAG))
		return 0;
	if (r == -ENXIO) {
		init(q, name);
		(void)snprintf(q->head.uuid, sizeof(q->head.uuid), "%s", uuid);
		r = ask(fd, DM_DEV_CREATE, q);
	}
	if (r < 0)
		return r;
	r = load(fd, name, table, q);
	if (r < 0) {
		init(q, name);
		(void)ask(fd, DM_DEV_REMOVE, q);
	}
	return r;
}

int kd_dm_create(const char *name, const char *uuid, const struct kd_dm_table *table,
		 struct kd_devnum *ret, struct kd_error *err)
{
	_cleanup_(kd_closep) int fd = open(CONTROL, O_RDWR | O_CLOEXEC);
	_cleanup_(kd_freep) struct request *q = calloc(1, sizeof(*q));
	int r;

	if (!q)
		return kd_fail(err, -ENOMEM, "device-mapper");
	if (fd < 0)
		return kd_fail(err, errno == ENOENT ? -ENODEV : -errno, CONTROL);
	r = make(fd, name, uuid, table, q);
	if (r < 0)
		return kd_fail(err, r, "device-mapper: %s", name);
	*ret = decode(q->head.dev);
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Live device-mapper tables: see host-dm.h. Trusts the kernel's answer but not its
 * lengths. Called by host-stack.c.
 */
#include "kdumpd/host/host-dm.h"

#include <fcntl.h>
#include <inttypes.h>
#include <linux/dm-ioctl.h>
#include <string.h>
#include <sys/ioctl.h>

#define CONTROL	   "dev/mapper/control"
#define DATA_BYTES 16384

struct request {
	struct dm_ioctl head;
	_Alignas(8) char data[DATA_BYTES];
};

static void wipe_request(struct request **q)
{
	if (*q)
		explicit_bzero(*q, sizeof(**q));
	free(*q);
}

/* As the kernel's huge_encode_dev() writes it. */
static uint64_t encode(unsigned int major, unsigned int minor)
{
	return (minor & 0xff) | (uint64_t)(major & 0xfff) << 8 |
	       (uint64_t)(minor & 0xfff00) << 12;
}

static int ask(int fd, unsigned int major, unsigned int minor, struct request *q)
{
	q->head.version[0] = 4;
	q->head.data_size = sizeof(*q);
	q->head.data_start = offsetof(struct request, data);
	q->head.dev = encode(major, minor);
	q->head.flags = DM_STATUS_TABLE_FLAG | DM_SECURE_DATA_FLAG;
	return ioctl(fd, DM_TABLE_STATUS, q) < 0 ? -errno : 0;
}

/* Append "start length type parameters" of the target at @at. */
static int add_line(const struct dm_target_spec *spec, const char *params, size_t room,
		    struct kd_dm_live *ret)
{
	size_t used = strlen(ret->table);
	int n;

	if (strnlen(params, room) == room ||
	    strnlen(spec->target_type, sizeof(spec->target_type)) ==
		    sizeof(spec->target_type) ||
	    strchr(params, ';'))
		return -EBADMSG;
	n = snprintf(ret->table + used, sizeof(ret->table) - used,
		     "%s%" PRIu64 " %" PRIu64 " %s%s%s", used ? ";" : "",
		     (uint64_t)spec->sector_start, (uint64_t)spec->length,
		     spec->target_type, params[0] ? " " : "", params);
	return n < 0 || (size_t)n >= sizeof(ret->table) - used ? -E2BIG : 0;
}

/* Here "next" counts from the start of all targets: retrieve_status(), dm-ioctl.c. */
static int take(const struct request *q, struct kd_dm_live *ret)
{
	size_t at = 0;
	int r;

	if (q->head.flags & DM_BUFFER_FULL_FLAG)
		return -E2BIG;
	for (uint32_t i = 0; i < q->head.target_count; i++) {
		struct dm_target_spec spec;

		if (at > sizeof(q->data) - sizeof(spec))
			return -EBADMSG;
		memcpy(&spec, q->data + at, sizeof(spec));
		r = add_line(&spec, q->data + at + sizeof(spec),
			     sizeof(q->data) - at - sizeof(spec), ret);
		if (r < 0)
			return r;
		at = spec.next;
	}
	(void)snprintf(ret->name, sizeof(ret->name), "%s", q->head.name);
	(void)snprintf(ret->uuid, sizeof(ret->uuid), "%s", q->head.uuid);
	return 0;
}

static int read_live(void *context, unsigned int major, unsigned int minor,
		     struct kd_dm_live *ret, struct kd_error *err)
{
	_cleanup_(wipe_request) struct request *q = calloc(1, sizeof(*q));
	_cleanup_(kd_closep) int fd = -EBADF;
	const int *root_fd = context;
	int r;

	if (!q)
		return kd_fail(err, -ENOMEM, "device-mapper");
	fd = openat(*root_fd, CONTROL, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return kd_fail(err, -errno, "/" CONTROL);
	r = ask(fd, major, minor, q);
	ret->table[0] = '\0';
	if (r >= 0)
		r = take(q, ret);
	return r < 0 ? kd_fail(err, r, "table of device %u:%u", major, minor) : 0;
}

struct kd_dm_reader kd_dm_kernel_reader(const int *root_fd)
{
	return (struct kd_dm_reader) { .read = read_live, .context = (void *)root_fd };
}

void kd_dm_live_done(struct kd_dm_live *live)
{
	explicit_bzero(live, sizeof(*live));
}

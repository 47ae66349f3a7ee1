/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * RAID arrays: see md.h. Trusts the kernel to refuse members that do not belong together.
 * Called by stack.c.
 */
#include "capture-kernel/md.h"

#include <fcntl.h>
#include <linux/major.h>
#include <linux/raid/md_u.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>

#include "base/io.h"
#include "capture-kernel/block.h"
#include "capture-kernel/md-super.h"

#define NEW_ARRAY  "sys/module/md_mod/parameters/new_array"
#define START_RO   "sys/module/md_mod/parameters/start_ro"
#define NAME_BYTES 32

struct search {
	int root_fd;
	const char *uuid;
	struct kd_md_found found;
	unsigned int wanted, roles;
};

static bool is_member(int fd, const struct kd_block *dev, const char *uuid,
		      struct kd_md_super *ret)
{
	uint8_t data[KD_MD_SUPER_BYTES];
	uint64_t offset;

	for (unsigned int place = 0; place < KD_MD_PLACES; place++)
		if (kd_md_super_place(place, dev->sectors, &offset) &&
		    kd_pread_full(fd, data, sizeof(data), offset) ==
			    (ssize_t)sizeof(data) &&
		    kd_md_super_parse(data, place, offset, ret) &&
		    strcasecmp(ret->uuid, uuid) == 0)
			return true;
	return false;
}

static int look_at(void *context, int class_fd, const struct kd_block *dev)
{
	_cleanup_(kd_closep) int fd = -EBADF;
	struct search *s = context;
	struct kd_md_found *f = &s->found;
	struct kd_md_super super;

	(void)class_fd;
	if (f->n == KD_MD_MEMBERS)
		return 1;
	fd = kd_block_open(s->root_fd, dev->name);
	if (fd < 0 || !is_member(fd, dev, s->uuid, &super))
		return 0;
	if (f->n > 0 && (super.major != f->major || super.minor != f->minor))
		return 0;
	f->major = super.major;
	f->minor = super.minor;
	f->members[f->n++] = (struct kd_devnum) { dev->major, dev->minor };
	s->wanted = MAX(s->wanted, super.raid_disks);
	s->roles += super.role;
	return 0;
}

int kd_md_find(int root_fd, const char *uuid, struct kd_md_found *ret,
	       struct kd_error *err)
{
	struct search s = { .root_fd = root_fd, .uuid = uuid };
	int r = kd_block_walk(root_fd, look_at, &s, err);

	if (r < 0)
		return r;
	s.found.whole = s.found.n > 0 && s.roles >= s.wanted;
	*ret = s.found;
	return 0;
}

/* "clear" and "inactive" are arrays that do not run. */
static bool is_running(int root_fd, const char *name)
{
	char path[NAME_BYTES + 48], state[32];

	(void)snprintf(path, sizeof(path), KD_BLOCK_CLASS "/%s/md/array_state", name);
	return kd_read_line_at(root_fd, path, state, sizeof(state), NULL) >= 0 &&
	       strcmp(state, "clear") != 0 && strcmp(state, "inactive") != 0;
}

static int open_array(int root_fd, const char *name, struct kd_error *err)
{
	char path[NAME_BYTES + 8];
	struct kd_error here = { 0 };
	int fd, r;

	r = kd_write_string_at(root_fd, NEW_ARRAY, name, &here);
	if (r == -ENOENT)
		return kd_fail_msg(err, -ENODEV, "this kernel has no md");
	(void)snprintf(path, sizeof(path), "dev/%s", name);
	fd = openat(root_fd, path, O_RDWR | O_CLOEXEC);
	return fd < 0 ? kd_fail(err, -errno, "/%s", path) : fd;
}

static int add_members(int fd, const struct kd_md_found *found, struct kd_error *err)
{
	mdu_array_info_t info = {
		.major_version = (int)found->major,
		.minor_version = (int)found->minor,
	};
	unsigned int added = 0;
	int r = -ENODEV;

	/* of an array that was given up half way */
	(void)ioctl(fd, STOP_ARRAY, NULL);
	if (ioctl(fd, SET_ARRAY_INFO, &info) < 0)
		return kd_fail(err, -errno, "SET_ARRAY_INFO");
	for (size_t i = 0; i < found->n; i++) {
		mdu_disk_info_t disk = {
			.major = (int)found->members[i].major,
			.minor = (int)found->members[i].minor,
		};

		if (ioctl(fd, ADD_NEW_DISK, &disk) < 0)
			r = -errno;
		else
			added++;
	}
	return added == 0 ? kd_fail(err, r, "ADD_NEW_DISK") : 0;
}

int kd_md_start(int root_fd, const char *name, const struct kd_md_found *found,
		struct kd_error *err)
{
	_cleanup_(kd_closep) int fd = -EBADF;
	char path[NAME_BYTES + 48];
	int r;

	if (strlen(name) >= NAME_BYTES)
		return kd_fail(err, -ENAMETOOLONG, "%s", name);
	if (is_running(root_fd, name))
		return 0;
	fd = open_array(root_fd, name, err);
	if (fd < 0)
		return fd;
	r = add_members(fd, found, err);
	if (r < 0)
		return kd_fail(err, r, "RAID array %s", name);
	/* read-only until the first write, by which time rebuilding is switched off: it
	 * would compete with the dump, and the next boot does it anyway */
	(void)kd_write_string_at(root_fd, START_RO, "1", NULL);
	if (ioctl(fd, RUN_ARRAY, NULL) < 0)
		return kd_fail(err, -errno, "RAID array %s: RUN_ARRAY with %zu members",
			       name, found->n);
	(void)snprintf(path, sizeof(path), KD_BLOCK_CLASS "/%s/md/sync_action", name);
	(void)kd_write_string_at(root_fd, path, "frozen", NULL);
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Room on a target: see room.h. A mount point is opened as a path inside the root, so that
 * a link in it leads nowhere else. Trusts the kernel's mount table.
 */
#include "kdumpd/host/room.h"

#include <fcntl.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>

#include "base/io.h"
#include "capture-kernel/image/root.h"
#include "kdumpd/host/sysblock.h"

/** To find the mount of a btrfs by the device it was mounted from. */
struct source {
	int root_fd;
	const char *name;
};

static bool is_source(void *context, const char *source)
{
	const struct source *s = context;
	char name[KD_BLOCK_NAME];

	return kd_sysblock_of_path(s->root_fd, source, name) >= 0 &&
	       strcmp(name, s->name) == 0;
}

int kd_room_mount(int root_fd, const char *mounts, size_t size, const char *name,
		  struct kd_mount *ret)
{
	struct source source = { root_fd, name };
	dev_t device;

	if (kd_sysblock_number(root_fd, name, &device) < 0)
		return -ENOENT;
	if (kd_mountinfo_find_device(mounts, size, major(device), minor(device), ret) >=
	    0)
		return 0;
	return kd_mountinfo_find_source(mounts, size, "btrfs", is_source, &source, ret);
}

int kd_room_free(int root_fd, const struct kd_mount *mount, uint64_t *ret)
{
	_cleanup_(kd_closep) int fd = -EBADF;
	struct statvfs st;

	fd = kd_root_open(root_fd, mount->point, O_RDONLY | O_DIRECTORY | O_NONBLOCK);
	if (fd < 0)
		return fd;
	if (fstatvfs(fd, &st) < 0)
		return -errno;
	*ret = (uint64_t)st.f_bavail * st.f_frsize;
	return 0;
}

int kd_room_find(int root_fd, const char *name, struct kd_mount *ret, uint64_t *ret_free,
		 struct kd_error *err)
{
	_cleanup_(kd_freep) char *mounts = NULL;
	struct kd_mount mount;
	uint64_t bytes;
	size_t size;
	int r;

	r = kd_read_file_at(root_fd, "proc/self/mountinfo", KD_MOUNTINFO_MAX, &mounts,
			    &size, err);
	if (r < 0)
		return r;
	r = kd_room_mount(root_fd, mounts, size, name, &mount);
	if (r >= 0)
		r = kd_room_free(root_fd, &mount, &bytes);
	if (r < 0)
		return kd_fail(err, r, "/dev/%s", name);
	*ret = mount;
	*ret_free = bytes;
	return 0;
}

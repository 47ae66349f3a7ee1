/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finding the dump's target on this machine: see kd_target_find() in host.h. Every name
 * ends as a block device's name in sysfs, from which its driver chain can be read.
 * Trusts /sys and /proc. Called by the arm path.
 */
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/sysmacros.h>

#include "base/io.h"
#include "base/raw.h"
#include "capture-kernel/image/root.h"
#include "kdumpd/host/host.h"
#include "kdumpd/host/room.h"
#include "kdumpd/host/sysblock.h"

struct tag {
	const char *prefix;
	const char *links;
	size_t offset; /* in struct kd_probe */
};

static const struct tag tags[] = {
	{ "UUID=", "/dev/disk/by-uuid", offsetof(struct kd_probe, uuid) },
	{ "LABEL=", "/dev/disk/by-label", offsetof(struct kd_probe, label) },
	{ "PARTUUID=", "/dev/disk/by-partuuid", offsetof(struct kd_probe, partuuid) },
	{ "PARTLABEL=", "/dev/disk/by-partlabel", offsetof(struct kd_probe, partlabel) },
};

static bool has_tag(int root_fd, const char *name, const struct tag *tag,
		    const char *value)
{
	struct kd_probe probe;

	return kd_probe_block(root_fd, name, &probe) >= 0 &&
	       strcmp((const char *)&probe + tag->offset, value) == 0;
}

/* Without udev's links: look into every block device there is. */
static int scan_for_tag(int root_fd, const struct tag *tag, const char *value,
			char ret[KD_BLOCK_NAME])
{
	_cleanup_(kd_closedirp) DIR *dir = NULL;
	const struct dirent *e;
	int r = kd_opendir_at(root_fd, "sys/class/block", &dir);

	if (r < 0)
		return r;
	while ((e = readdir(dir)))
		if (e->d_name[0] != '.' && strlen(e->d_name) < KD_BLOCK_NAME &&
		    has_tag(root_fd, e->d_name, tag, value)) {
			(void)snprintf(ret, KD_BLOCK_NAME, "%s", e->d_name);
			return 0;
		}
	return -ENOENT;
}

static int name_of_tag(int root_fd, const struct tag *tag, const char *value,
		       char ret[KD_BLOCK_NAME])
{
	char link[PATH_MAX], name[KD_BLOCK_NAME];

	(void)snprintf(link, sizeof(link), "%s/%s", tag->links, value);
	if (kd_sysblock_of_path(root_fd, link, name) >= 0 &&
	    has_tag(root_fd, name, tag, value)) {
		memcpy(ret, name, KD_BLOCK_NAME);
		return 0;
	}
	return scan_for_tag(root_fd, tag, value, ret);
}

int kd_target_device(int root_fd, const char *device, char ret[KD_BLOCK_NAME],
		     struct kd_error *err)
{
	int r = -EINVAL;

	if (device[0] == '/') {
		r = kd_sysblock_of_path(root_fd, device, ret);
	} else {
		for (size_t i = 0; i < ARRAY_SIZE(tags); i++)
			if (strncmp(device, tags[i].prefix, strlen(tags[i].prefix)) == 0)
				r = name_of_tag(root_fd, &tags[i],
						device + strlen(tags[i].prefix), ret);
	}
	if (r == -ENOENT)
		return kd_fail_msg(err, r, "target %s: no such device", device);
	return r < 0 ? kd_fail(err, r, "target %s", device) : 0;
}

/* Name and free space of what is mounted there. */
static int take_mount(int root_fd, const struct kd_mount *mount,
		      struct kd_target_facts *f)
{
	int r = kd_room_free(root_fd, mount, &f->free_bytes);

	if (r < 0)
		return r;
	f->mounted = true;
	memcpy(f->mount_point, mount->point, sizeof(f->mount_point));
	return 0;
}

/* The path as it will be below the file system's own root: a bind mount shows only
 * part of it. */
static int path_below_root(const char *path, const struct kd_mount *mount,
			   char ret[KD_PLAN_STRING])
{
	const char *rest = strcmp(mount->point, "/") == 0 ? path
							  : path + strlen(mount->point);
	const char *root = strcmp(mount->root, "/") == 0 ? "" : mount->root;
	int n;

	n = snprintf(ret, KD_PLAN_STRING, "%s%s", root, rest);
	if (n < 0 || n >= KD_PLAN_STRING)
		return -ENAMETOOLONG;
	if (n == 0)
		memcpy(ret, "/", 2);
	return 0;
}

/** What is mounted, and below which path a target's dumps go. */
struct place {
	const char *mounts;
	size_t size;
	const char *path;
};

#define WHOLE_BTRFS "subvolid=5"

/* The block device of a mount. A btrfs has none of its own, yet a source; mounted by its
 * first volume it shows every path as this mount's root has it. */
static int name_of_mount(int root_fd, const struct kd_mount *mount,
			 struct kd_target_facts *f)
{
	int r;

	if (strcmp(mount->fstype, "btrfs") != 0) {
		f->device = makedev(mount->major, mount->minor);
		return kd_sysblock_name(root_fd, f->device, f->name);
	}
	memcpy(f->options, WHOLE_BTRFS, sizeof(WHOLE_BTRFS));
	r = kd_sysblock_of_path(root_fd, mount->source, f->name);
	return r < 0 ? r : kd_sysblock_number(root_fd, f->name, &f->device);
}

static int find_by_path(int root_fd, const struct place *p, struct kd_target_facts *f,
			struct kd_error *err)
{
	_cleanup_(kd_freep) char *real = NULL;
	struct kd_mount mount;
	int r;

	r = kd_root_realpath(root_fd, p->path, &real);
	if (r == -ENOENT)
		return kd_fail_msg(err, r, "path %s: no such folder", p->path);
	if (r >= 0)
		r = kd_mountinfo_find_path(p->mounts, p->size, real, &mount);
	if (r < 0)
		return kd_fail(err, r, "path %s", p->path);
	r = name_of_mount(root_fd, &mount, f);
	if (r < 0)
		return kd_fail_msg(err, -ENOTSUP,
				   "path %s is on %s, which a capture kernel cannot "
				   "write to: name a target (ext4, xfs) or another path",
				   p->path, mount.fstype);
	r = path_below_root(real, &mount, f->path);
	if (r >= 0)
		r = take_mount(root_fd, &mount, f);
	return r < 0 ? kd_fail(err, r, "path %s", p->path) : 0;
}

/* The path need not exist there: the capture side makes it. */
static int find_root(int root_fd, const struct place *p, struct kd_target_facts *f,
		     struct kd_error *err)
{
	struct kd_mount mount;
	int r;

	r = kd_mountinfo_find_path(p->mounts, p->size, "/", &mount);
	if (r >= 0 && name_of_mount(root_fd, &mount, f) < 0)
		return kd_fail_msg(err, -ENOTSUP,
				   "dump_to_rootfs: / is %s, which a capture kernel "
				   "cannot write to",
				   mount.fstype);
	if (r >= 0)
		r = path_below_root(p->path, &mount, f->path);
	if (r >= 0)
		r = take_mount(root_fd, &mount, f);
	return r < 0 ? kd_fail(err, r, "dump_to_rootfs") : 0;
}

/* Where it is mounted: that tells the free space, and of a btrfs which volume's folders
 * the path means. */
static int find_mount(int root_fd, const struct place *p, struct kd_target_facts *f)
{
	char path[KD_PLAN_STRING];
	struct kd_mount mount;
	int r;

	if (kd_room_mount(root_fd, p->mounts, p->size, f->name, &mount) < 0)
		return 0;
	if (strcmp(mount.fstype, "btrfs") != 0)
		return take_mount(root_fd, &mount, f);
	r = snprintf(path, sizeof(path), "%s%s",
		     strcmp(mount.root, "/") == 0 ? "" : mount.root, p->path);
	if (r < 0 || (size_t)r >= sizeof(path))
		return -ENAMETOOLONG;
	memcpy(f->path, path, sizeof(f->path));
	memcpy(f->options, WHOLE_BTRFS, sizeof(WHOLE_BTRFS));
	return take_mount(root_fd, &mount, f);
}

static int find_by_device(int root_fd, const struct place *p, struct kd_target_facts *f,
			  struct kd_error *err)
{
	int r;

	r = kd_target_device(root_fd, f->wanted.source, f->name, err);
	if (r < 0)
		return r;
	r = kd_sysblock_number(root_fd, f->name, &f->device);
	if (r < 0)
		return kd_fail(err, r, "target /dev/%s", f->name);
	(void)find_mount(root_fd, p, f);
	return 0;
}

/* A raw partition is named by the id in its marker. */
static int look_at_raw(int root_fd, struct kd_target_facts *f, struct kd_error *err)
{
	_cleanup_(kd_freep) struct kd_raw *raw = malloc(sizeof(*raw));
	_cleanup_(kd_closep) int fd = -EBADF;
	char path[KD_BLOCK_NAME + 8];
	off_t size;
	int r;

	if (!raw)
		return kd_fail(err, -ENOMEM, "raw partition");
	(void)snprintf(path, sizeof(path), "/dev/%s", f->name);
	for (char *c = path; *c; c++)
		if (*c == '!')
			*c = '/';
	fd = kd_root_open(root_fd, path, O_RDONLY | O_NONBLOCK);
	size = fd < 0 ? fd : lseek(fd, 0, SEEK_END);
	r = size < 0 ? (int)size : kd_raw_load(fd, (uint64_t)size, raw, err);
	if (r < 0)
		return r;
	memcpy(f->probe.fstype, KD_RAW_TYPE, sizeof(KD_RAW_TYPE));
	kd_raw_id_text(raw, f->probe.uuid);
	f->free_bytes = raw->size - MIN(raw->size, kd_raw_end(raw));
	/* where its dumps come to */
	f->mounted = true;
	memcpy(f->mount_point, "/", 2);
	return 0;
}

static int find_block(int root_fd, const struct place *p, struct kd_target_facts *f,
		      struct kd_error *err)
{
	int r;

	if (strcmp(f->wanted.source, KD_TARGET_OF_PATH) == 0)
		r = find_by_path(root_fd, p, f, err);
	else if (strcmp(f->wanted.source, KD_TARGET_OF_ROOT) == 0)
		r = find_root(root_fd, p, f, err);
	else
		r = find_by_device(root_fd, p, f, err);
	if (r < 0)
		return r;
	r = kd_probe_block(root_fd, f->name, &f->probe);
	if (r >= 0 && f->wanted.type == KD_TARGET_RAW)
		r = look_at_raw(root_fd, f, err);
	return r < 0 ? kd_fail(err, r, "target /dev/%s", f->name) : 0;
}

static bool is_tag(void *context, const char *source)
{
	return strcmp(source, context) == 0;
}

static void find_share(int root_fd, const struct place *p, struct kd_target_facts *f)
{
	struct kd_mount mount;

	if (kd_mountinfo_find_source(p->mounts, p->size, f->wanted.fstype, is_tag,
				     f->wanted.source, &mount) >= 0)
		(void)take_mount(root_fd, &mount, f);
}

int kd_target_find(int root_fd, const struct kd_config_target *wanted, const char *path,
		   struct kd_target_facts *ret, struct kd_error *err)
{
	_cleanup_(kd_freep) char *mounts = NULL;
	struct kd_target_facts f = { .wanted = *wanted };
	struct place p = { .path = path };
	int r;

	(void)snprintf(f.path, sizeof(f.path), "%s", path);
	r = kd_read_file_at(root_fd, "proc/self/mountinfo", KD_MOUNTINFO_MAX, &mounts,
			    &p.size, err);
	if (r < 0)
		return r;
	p.mounts = mounts;
	if (wanted->type == KD_TARGET_SHARE)
		find_share(root_fd, &p, &f);
	if (wanted->type == KD_TARGET_FS || wanted->type == KD_TARGET_RAW)
		r = find_block(root_fd, &p, &f, err);
	if (r < 0)
		return r;
	*ret = f;
	return 0;
}

void kd_targets_find(int root_fd, const struct kd_config *config,
		     struct kd_target_facts ret[static KD_PLAN_TARGETS])
{
	for (size_t i = 0; i < config->n_targets; i++) {
		const struct kd_config_target *wanted = &config->targets[i];
		struct kd_error err = { 0 };

		ret[i] = (struct kd_target_facts) { .wanted = *wanted };
		if (kd_target_find(root_fd, wanted, config->path, &ret[i], &err) < 0)
			ret[i].error = err;
	}
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Drivers of a target: see drivers.h. A device's path below /sys/devices names every
 * device above it (Documentation/admin-guide/sysfs-rules.rst), so one walk along the
 * path meets all buses. Links are followed as text: they are relative and lead nowhere
 * but into /sys. Called by kdumpd.
 */
#include "capture-kernel/image/drivers.h"

#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/sysmacros.h>

#include "base/folder.h"
#include "base/io.h"
#include "base/pstore.h"

#define DEVICES	       "sys/devices/"
#define VIRTUAL	       DEVICES "virtual/"
#define NVME_SUBSYSTEM VIRTUAL "nvme-subsystem/"

void kd_drivers_done(struct kd_drivers *drivers)
{
	kd_strlist_done(&drivers->required);
	kd_strlist_done(&drivers->optional);
}

/* Where the link @path leads, as a path without "..". */
static int follow(int root_fd, const char *path, char *ret, size_t size)
{
	char target[PATH_MAX];
	const char *t = target;
	size_t length;
	ssize_t n;
	char *slash;
	int used;

	n = readlinkat(root_fd, path, target, sizeof(target) - 1);
	if (n < 0)
		return -errno;
	target[n] = '\0';

	used = snprintf(ret, size, "%s", path);
	if (used < 0 || (size_t)used >= size || target[0] == '/')
		return -EINVAL;
	slash = strrchr(ret, '/');
	if (!slash)
		return -EINVAL;
	*slash = '\0';
	while (strncmp(t, "../", 3) == 0) {
		slash = strrchr(ret, '/');
		if (!slash)
			return -EINVAL;
		*slash = '\0';
		t += 3;
	}
	length = strlen(ret);
	used = snprintf(ret + length, size - length, "/%s", t);
	return used < 0 || (size_t)used >= size - length ? -ENAMETOOLONG : 0;
}

/* The driver of the device at @path. One that is no module, or a device without one, is
 * named by its modalias: on that name libkmod knows what is built in. */
static int add_device(int root_fd, const char *path, struct kd_strlist *drivers,
		      struct kd_strlist *aliases)
{
	char at[PATH_MAX], target[PATH_MAX], alias[4096];
	ssize_t n;

	if (snprintf(at, sizeof(at), "%s/driver/module", path) >= (int)sizeof(at))
		return -ENAMETOOLONG;
	n = readlinkat(root_fd, at, target, sizeof(target) - 1);
	if (n > 0) {
		const char *slash;

		target[n] = '\0';
		slash = strrchr(target, '/');
		return kd_strlist_add(drivers, slash ? slash + 1 : target);
	}

	if (snprintf(at, sizeof(at), "%s/modalias", path) >= (int)sizeof(at) ||
	    kd_read_line_at(root_fd, at, alias, sizeof(alias), NULL) < 0 || !alias[0])
		return 0;
	return kd_strlist_add(aliases, alias);
}

/* Every device along @path, from the top. */
static int walk(int root_fd, const char *path, struct kd_strlist *drivers,
		struct kd_strlist *aliases)
{
	char part[PATH_MAX];
	int r = 0;

	for (const char *end = path + strlen(DEVICES); r == 0 && *end;) {
		end += strspn(end, "/");
		end += strcspn(end, "/");
		if ((size_t)(end - path) >= sizeof(part))
			return -ENAMETOOLONG;
		memcpy(part, path, (size_t)(end - path));
		part[end - path] = '\0';
		r = add_device(root_fd, part, drivers, aliases);
	}
	return r;
}

/* Walk to every device that a link in @folder leads to. *ret_found: how many. */
static int walk_links(int root_fd, const char *folder, struct kd_strlist *drivers,
		      struct kd_strlist *aliases, unsigned int *ret_found)
{
	_cleanup_(kd_strlist_done) struct kd_strlist names = { 0 };
	char link[PATH_MAX], target[PATH_MAX];
	unsigned int found = 0;
	int r;

	r = kd_folder_names(root_fd, folder, SIZE_MAX, &names);
	for (size_t i = 0; r == 0 && i < names.n; i++) {
		if (snprintf(link, sizeof(link), "%s/%s", folder, names.items[i]) >=
			    (int)sizeof(link) ||
		    follow(root_fd, link, target, sizeof(target)) < 0 ||
		    strncmp(target, DEVICES, strlen(DEVICES)) != 0 ||
		    strncmp(target, VIRTUAL, strlen(VIRTUAL)) == 0)
			continue;
		r = walk(root_fd, target, drivers, aliases);
		found++;
	}
	*ret_found = found;
	return r;
}

/* With multipath the disk of an NVMe name space hangs below its subsystem, a virtual
 * device, where nvme_init_subsystem() (drivers/nvme/host/core.c) puts a link to each
 * controller. */
static int add_nvme_controllers(struct kd_drivers *d, int root_fd, const char *path)
{
	size_t length = strlen(NVME_SUBSYSTEM) +
			strcspn(path + strlen(NVME_SUBSYSTEM), "/");
	char folder[PATH_MAX];
	unsigned int found;
	int r;

	(void)snprintf(folder, sizeof(folder), "%.*s", (int)length, path);
	r = walk_links(root_fd, folder, &d->required, &d->optional, &found);
	return r == 0 && found == 0 ? -ENODEV : r;
}

static bool has_slaves(int root_fd, const char *path, size_t length)
{
	_cleanup_(kd_strlist_done) struct kd_strlist slaves = { 0 };
	char at[PATH_MAX];

	return snprintf(at, sizeof(at), "%.*s/slaves", (int)length, path) <
		       (int)sizeof(at) &&
	       kd_folder_names(root_fd, at, SIZE_MAX, &slaves) == 0 && slaves.n > 0;
}

static int add_path(struct kd_drivers *d, int root_fd, const char *path)
{
	/* The path of a partition goes on from its disk's. */
	if (has_slaves(root_fd, path, strlen(path)) ||
	    has_slaves(root_fd, path, (size_t)(strrchr(path, '/') - path)))
		return -EOPNOTSUPP;
	if (strncmp(path, VIRTUAL, strlen(VIRTUAL)) != 0)
		return walk(root_fd, path, &d->required, &d->optional);
	if (strncmp(path, NVME_SUBSYSTEM, strlen(NVME_SUBSYSTEM)) == 0)
		return add_nvme_controllers(d, root_fd, path);
	return -EOPNOTSUPP;
}

int kd_drivers_add_block(struct kd_drivers *drivers, int root_fd, dev_t dev,
			 struct kd_error *err)
{
	char link[64], path[PATH_MAX];
	int r;

	(void)snprintf(link, sizeof(link), "sys/dev/block/%u:%u", major(dev), minor(dev));
	r = follow(root_fd, link, path, sizeof(path));
	if (r == -ENOENT || (r == 0 && strncmp(path, DEVICES, strlen(DEVICES)) != 0))
		return kd_fail_msg(err, -ENODEV, "there is no block device %u:%u",
				   major(dev), minor(dev));
	if (r < 0)
		return kd_fail(err, r, "/%s", link);

	r = add_path(drivers, root_fd, path);
	if (r == -EOPNOTSUPP)
		return kd_fail_msg(err, r,
				   "%s is not a disk or a partition of one: the capture "
				   "kernel cannot put it together",
				   strrchr(path, '/') + 1);
	return r < 0 ? kd_fail(err, r, "drivers of %s", strrchr(path, '/') + 1) : 0;
}

/* What a mount asks the kernel for by request_module() that no dependency tells. */
static const struct {
	const char *fstype, *module;
} extras[] = {
	/* ext4 and xfs: checksums through the crypto API up to v6.14, then lib/crc */
	{ "ext4", "crypto-crc32c" },
	{ "ext3", "crypto-crc32c" },
	{ "ext2", "crypto-crc32c" },
	{ "xfs", "crypto-crc32c" },
	/* CONFIG_FAT_DEFAULT_CODEPAGE and _IOCHARSET, fs/fat/Kconfig: upstream's default
	 * and distributions' choices */
	{ "vfat", "nls_cp437" },
	{ "vfat", "nls_iso8859_1" },
	{ "vfat", "nls_ascii" },
	{ "vfat", "nls_utf8" },
};

int kd_drivers_add_filesystem(struct kd_drivers *drivers, const char *fstype,
			      struct kd_error *err)
{
	char alias[64];
	int r;

	r = snprintf(alias, sizeof(alias), "fs-%s", fstype);
	if (r < 0 || (size_t)r >= sizeof(alias) || !fstype[0] || strpbrk(fstype, "/ *?["))
		return kd_fail_msg(err, -EINVAL, "\"%s\" is no file system type", fstype);
	r = kd_strlist_add(&drivers->required, alias);
	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(extras); i++)
		if (strcmp(fstype, extras[i].fstype) == 0)
			r = kd_strlist_add(&drivers->optional, extras[i].module);
	return r < 0 ? kd_fail(err, r, "modules of %s", fstype) : 0;
}

static const struct {
	const char *fstype, *driver;
} shares[] = {
	{ "virtiofs", "virtiofs" },
	{ "9p", "9pnet_virtio" },
};

int kd_drivers_add_share(struct kd_drivers *drivers, int root_fd, const char *fstype,
			 struct kd_error *err)
{
	char folder[64], alias[64];
	unsigned int found = 0;
	int r = -EINVAL;

	for (size_t i = 0; i < ARRAY_SIZE(shares); i++) {
		if (strcmp(fstype, shares[i].fstype) != 0)
			continue;
		(void)snprintf(folder, sizeof(folder), "sys/bus/virtio/drivers/%s",
			       shares[i].driver);
		r = walk_links(root_fd, folder, &drivers->required, &drivers->optional,
			       &found);
		if (r >= 0 && found == 0)
			return kd_fail_msg(err, -ENODEV,
					   "%s: the hypervisor shares nothing with this "
					   "machine",
					   fstype);
	}
	(void)snprintf(alias, sizeof(alias), "fs-%s", fstype);
	if (r >= 0)
		r = kd_strlist_add(&drivers->required, alias);
	return r < 0 ? kd_fail(err, r, "modules of %s", fstype) : 0;
}

int kd_drivers_add_net(struct kd_drivers *drivers, int root_fd, const char *name,
		       struct kd_error *err)
{
	char link[64], path[PATH_MAX];
	int r;

	r = snprintf(link, sizeof(link), "sys/class/net/%s", name);
	if (r < 0 || (size_t)r >= sizeof(link) || strchr(name, '/'))
		return kd_fail(err, -ENODEV, "interface %s", name);
	r = follow(root_fd, link, path, sizeof(path));
	if (r == -ENOENT)
		r = -ENODEV;
	if (r == 0 && (strncmp(path, DEVICES, strlen(DEVICES)) != 0 ||
		       strncmp(path, VIRTUAL, strlen(VIRTUAL)) == 0))
		r = -EOPNOTSUPP;
	if (r == 0)
		r = walk(root_fd, path, &drivers->required, &drivers->optional);
	return r < 0 ? kd_fail(err, r, "interface %s", name) : 0;
}

int kd_drivers_add_nfs(struct kd_drivers *drivers, struct kd_error *err)
{
	int r = kd_strlist_add(&drivers->required, "nfs");

	if (r == 0)
		r = kd_strlist_add(&drivers->optional, "nfsv3");
	if (r == 0)
		r = kd_strlist_add(&drivers->optional, "nfsv4");
	return r < 0 ? kd_fail(err, r, "NFS client") : 0;
}

/* A watchdog registered without a parent hangs below virtual/, where no path leads to
 * its driver (i6300esb is one): but a driver holds the watchdog core. */
static int add_watchdog_holders(struct kd_drivers *drivers, int root_fd)
{
	_cleanup_(kd_strlist_done) struct kd_strlist names = { 0 };
	int r;

	r = kd_folder_names(root_fd, "sys/module/watchdog/holders", SIZE_MAX, &names);
	for (size_t i = 0; r == 0 && i < names.n; i++)
		r = kd_strlist_add(&drivers->optional, names.items[i]);
	return r;
}

int kd_drivers_add_watchdogs(struct kd_drivers *drivers, int root_fd,
			     struct kd_error *err)
{
	unsigned int found;
	int r;

	r = walk_links(root_fd, "sys/class/watchdog", &drivers->optional,
		       &drivers->optional, &found);
	if (r == 0)
		r = add_watchdog_holders(drivers, root_fd);
	/* for when none of them answers after the crash */
	if (r == 0)
		r = kd_strlist_add(&drivers->optional, "softdog");
	return r < 0 ? kd_fail(err, r, "watchdogs") : 0;
}

int kd_drivers_add_pstore(struct kd_drivers *drivers, int root_fd, struct kd_error *err)
{
	char backend[KD_PSTORE_NAME];
	int r;

	if (!kd_pstore_backend(root_fd, backend))
		return 0;
	/* its name up to v6.3, others go by their module's */
	r = kd_strlist_add(&drivers->optional,
			   strcmp(backend, "efi") == 0 ? "efi_pstore" : backend);
	return r < 0 ? kd_fail(err, r, "pstore") : 0;
}

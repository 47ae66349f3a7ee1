/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Raw partitions: preparing one for dumps, which is the only time something else could be
 * overwritten, and taking over what a capture left on them. Called by kdumpctl.c.
 */
#include <fcntl.h>
#include <linux/fs.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/random.h>

#include "base/io.h"
#include "capture-kernel/image/root.h"
#include "kdumpd/archive/recover.h"
#include "kdumpd/config/settings.h"
#include "kdumpd/ctl/kdumpctl.h"
#include "kdumpd/host/host.h"

/* O_EXCL on a block device: nobody else has it, no mount, no swap, no volume. */
static int open_partition(int root_fd, const char *name, uint64_t *ret_size,
			  struct kd_error *err)
{
	_cleanup_(kd_closep) int fd = -EBADF;
	char path[KD_BLOCK_NAME + 8];

	(void)snprintf(path, sizeof(path), "/dev/%s", name);
	for (char *c = path; *c; c++)
		if (*c == '!')
			*c = '/';
	fd = kd_root_open(root_fd, path, O_RDWR | O_EXCL);
	if (fd == -EBUSY)
		return kd_fail_msg(err, fd,
				   "%s is in use: mounted, swap, or part of a volume",
				   path);
	if (fd < 0)
		return kd_fail(err, fd, "%s", path);
	if (ioctl(fd, BLKGETSIZE64, ret_size) < 0)
		return kd_fail(err, -errno, "%s", path);
	return TAKE_FD(fd);
}

/* Whether something is on it that somebody may want. */
static int check_empty(int fd, const char *name, struct kd_error *err)
{
	struct kd_probe probe;
	const char *what;
	int r = kd_probe_fd(fd, &probe);

	if (r < 0)
		return kd_fail(err, r, "/dev/%s", name);
	what = probe.fstype[0] ? probe.fstype : probe.table;
	if (what[0] || probe.ambiguous)
		return kd_fail_msg(err, -EEXIST,
				   "/dev/%s is not empty, it holds %s: nothing was "
				   "changed. If nobody needs it: wipefs -a /dev/%s",
				   name, what[0] ? what : "several things at once", name);
	return 0;
}

static int setup(const struct kd_ctl *ctl, const char *device, struct kd_error *err)
{
	_cleanup_(kd_freep) struct kd_raw *raw = calloc(1, sizeof(*raw));
	_cleanup_(kd_closep) int fd = -EBADF;
	char name[KD_BLOCK_NAME];
	int r;

	if (!raw)
		return kd_fail(err, -ENOMEM, "%s", device);
	r = kd_target_device(ctl->root_fd, device, name, err);
	if (r < 0)
		return r;
	fd = open_partition(ctl->root_fd, name, &raw->size, err);
	if (fd < 0)
		return fd;
	if (kd_raw_load(fd, raw->size, raw, NULL) >= 0) {
		kd_log(&ctl->log, KD_LOG_INFO, "/dev/%s is prepared for dumps already",
		       name);
		return 0;
	}
	r = check_empty(fd, name, err);
	if (r < 0)
		return r;
	if (raw->size < KD_RAW_MIN_SIZE)
		return kd_fail_msg(err, -ENOSPC, "/dev/%s is smaller than %u MiB", name,
				   KD_RAW_MIN_SIZE >> 20);
	if (getrandom(raw->id, sizeof(raw->id), 0) != sizeof(raw->id))
		return kd_fail(err, -EIO, "random numbers");
	r = kd_raw_format(fd, raw, err);
	if (r < 0)
		return kd_fail(err, r, "/dev/%s", name);
	kd_log(&ctl->log, KD_LOG_INFO, "/dev/%s is prepared for dumps", name);
	return 0;
}

int kd_ctl_setup_raw(const struct kd_ctl *ctl)
{
	struct kd_error err = { 0 };

	if (setup(ctl, ctl->args.words[0], &err) >= 0)
		return EXIT_SUCCESS;
	kd_log(&ctl->log, KD_LOG_ERROR, "%s", err.message);
	return EXIT_FAILURE;
}

static int open_path(int root_fd, const char *path, struct kd_error *err)
{
	int fd, r = kd_mkdir_p_at(root_fd, path + strspn(path, "/"), 0755, err);

	if (r < 0)
		return r;
	fd = kd_root_open(root_fd, path, O_RDONLY | O_DIRECTORY);
	return fd < 0 ? kd_fail(err, fd, "%s", path) : fd;
}

static int recover_one(const struct kd_ctl *ctl, const char *source, const char *path,
		       struct kd_error *err)
{
	_cleanup_(kd_closep) int fd = -EBADF, dir = -EBADF;
	struct kd_recovered done;
	char name[KD_BLOCK_NAME];
	uint64_t size;
	int r;

	r = kd_target_device(ctl->root_fd, source, name, err);
	if (r < 0)
		return r;
	fd = open_partition(ctl->root_fd, name, &size, err);
	if (fd < 0)
		return fd;
	dir = open_path(ctl->root_fd, path, err);
	if (dir < 0)
		return dir;
	r = kd_recover(fd, size, dir, &done, err);
	if (r < 0)
		return kd_fail(err, r, "/dev/%s", name);
	if (done.files > 0)
		kd_log(&ctl->log, KD_LOG_INFO,
		       "/dev/%s: %u files, %llu bytes, now below %s%s", name, done.files,
		       (unsigned long long)done.bytes, path,
		       done.damaged ? "; damaged ones are called incomplete" : "");
	return 0;
}

int kd_ctl_recover(const struct kd_ctl *ctl)
{
	_cleanup_(kd_freep) struct kd_settings *settings = calloc(1, sizeof(*settings));
	struct kd_error err = { 0 };
	int status = EXIT_SUCCESS;

	if (!settings || kd_settings_read(ctl->root_fd, settings, &err) < 0) {
		kd_log(&ctl->log, KD_LOG_ERROR, "%s",
		       err.message[0] ? err.message : "out of memory");
		return EXIT_FAILURE;
	}
	for (size_t i = 0; i < settings->config.n_targets; i++) {
		const struct kd_config_target *t = &settings->config.targets[i];

		kd_error_reset(&err);
		if (t->type != KD_TARGET_RAW ||
		    recover_one(ctl, t->source, settings->config.path, &err) >= 0)
			continue;
		kd_log(&ctl->log, KD_LOG_ERROR, "%s", err.message);
		status = EXIT_FAILURE;
	}
	return status;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The log, saved: see save-dmesg.h. Trusts fsync(2) of our own descriptor to tell of
 * write errors. Called by the log phase, in a child.
 */
#include "capture-kernel/save-dmesg.h"

#include <fcntl.h>

#include "capture-kernel/dead-kernel.h"

#define PARTIAL_NAME "vmcore-dmesg-incomplete.txt"
#define FINAL_NAME   "vmcore-dmesg.txt"

static int finish(int dir_fd, int fd, bool whole, struct kd_error *err)
{
	if (fsync(fd) < 0)
		return kd_fail(err, -errno, PARTIAL_NAME);
	if (whole && renameat(dir_fd, PARTIAL_NAME, dir_fd, FINAL_NAME) < 0)
		return kd_fail(err, -errno, FINAL_NAME);
	if (fsync(dir_fd) < 0)
		return kd_fail(err, -errno, FINAL_NAME);
	return 0;
}

int kd_save_dmesg(int root_fd, int dir_fd, struct kd_outcome *o, struct kd_error *err)
{
	_cleanup_(kd_vmcore_freep) struct kd_vmcore *core = NULL;
	_cleanup_(kd_closep) int fd = -EBADF;
	uint64_t bytes = 0;
	int r, written;

	r = kd_dead_kernel_open(root_fd, &core, err);
	if (r < 0)
		return r;
	kd_dead_kernel_describe(core, o);
	fd = openat(dir_fd, PARTIAL_NAME,
		    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return kd_fail(err, -errno, PARTIAL_NAME);

	written = kd_dead_kernel_log(core, fd, &bytes, err);
	r = finish(dir_fd, fd, written >= 0, written < 0 ? NULL : err);
	if (r >= 0) {
		o->dmesg_bytes = bytes;
		if (bytes > 0)
			o->state = KD_OUTCOME_DMESG_ONLY;
	}
	if (written < 0)
		kd_outcome_note(o, "kernel log: only the first %llu bytes could be read",
				(unsigned long long)bytes);
	return written < 0 ? written : r;
}

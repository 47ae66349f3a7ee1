/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The running Linux kernel: kexec_load(2) and kexec_file_load(2) by their numbers, since
 * no C library wraps them, and reboot(2). Decides nothing. Reached through linux-calls.h
 * by linux*.c.
 */
#include "kexec/backend/linux-calls.h"

#include <assert.h>
#include <fcntl.h>
#include <linux/reboot.h>
#include <sys/reboot.h>
#include <sys/syscall.h>
#include <time.h>

#include "base/guard.h"
#include "kexec/host/facts.h"

static_assert(sizeof(struct kd_linux_segment) == 32, "struct kexec_segment");
static_assert(offsetof(struct kd_linux_segment, mem) == 16, "struct kexec_segment");

static int load(void *context, uint64_t entry, uint64_t n,
		const struct kd_linux_segment *segments, uint64_t flags)
{
	(void)context;
	return syscall(SYS_kexec_load, entry, n, segments, flags) < 0 ? -errno : 0;
}

static int file_load(void *context, int kernel_fd, int initrd_fd, const char *cmdline,
		     size_t cmdline_len, unsigned long flags)
{
	(void)context;
	if (syscall(SYS_kexec_file_load, kernel_fd, initrd_fd, cmdline_len, cmdline,
		    flags) < 0)
		return -errno;
	return 0;
}

static int loaded(void *context, enum kd_kexec_purpose purpose)
{
	_cleanup_(kd_closep) int root_fd = -EBADF;

	(void)context;
	root_fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (root_fd < 0)
		return -errno;
	return purpose == KD_KEXEC_CRASH ? kd_kexec_crash_loaded(root_fd)
					 : kd_kexec_reboot_loaded(root_fd);
}

static int restart(void *context)
{
	(void)context;
	return reboot(LINUX_REBOOT_CMD_KEXEC) < 0 ? -errno : 0;
}

static void pause_ms(void *context, unsigned int ms)
{
	(void)context;
	(void)nanosleep(&(struct timespec) { .tv_sec = ms / 1000,
					     .tv_nsec = ms % 1000 * 1000000l },
			NULL);
}

struct kd_linux kd_linux_real(void)
{
	static const struct kd_linux_calls calls = {
		.load = load,
		.file_load = file_load,
		.loaded = loaded,
		.reboot = restart,
		.pause = pause_ms,
	};

	return (struct kd_linux) { .calls = &calls };
}

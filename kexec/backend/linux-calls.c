/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Loading into the running Linux kernel: kexec_file_load(2) by its number, since no C
 * library wraps it. Decides nothing. Reached through linux-calls.h by load.c.
 */
#include "kexec/backend/linux-calls.h"

#include <fcntl.h>
#include <sys/syscall.h>
#include <time.h>

#include "base/guard.h"
#include "kexec/host/facts.h"

static int file_load(void *context, int kernel_fd, int initrd_fd, const char *cmdline,
		     size_t cmdline_len, unsigned long flags)
{
	(void)context;
	if (syscall(SYS_kexec_file_load, kernel_fd, initrd_fd, cmdline_len, cmdline,
		    flags) < 0)
		return -errno;
	return 0;
}

static int crash_loaded(void *context)
{
	_cleanup_(kd_closep) int root_fd = -EBADF;

	(void)context;
	root_fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	return root_fd < 0 ? -errno : kd_kexec_crash_loaded(root_fd);
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
		.file_load = file_load,
		.crash_loaded = crash_loaded,
		.pause = pause_ms,
	};

	return (struct kd_linux) { .calls = &calls };
}

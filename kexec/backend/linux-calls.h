/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Linux's system calls behind a table of functions, so that a model answers or a test
 * records in the kernel's place. The real ones are in linux-calls.c. Called by linux.c
 * and load.c only.
 */
#pragma once

#include <stddef.h>

/* include/uapi/linux/kexec.h, kexec_file_load(2) */
#define KD_KEXEC_FILE_UNLOAD   0x1ul
#define KD_KEXEC_FILE_ON_CRASH 0x2ul

/**
 * @file_load:    kexec_file_load(2) as it is; @cmdline_len counts the NUL. 0 or -errno
 * @crash_loaded: 1 when a crash image is armed now, 0 when not, -errno when unknown
 * @pause:        wait before trying again
 */
struct kd_linux_calls {
	int (*file_load)(void *context, int kernel_fd, int initrd_fd, const char *cmdline,
			 size_t cmdline_len, unsigned long flags);
	int (*crash_loaded)(void *context);
	void (*pause)(void *context, unsigned int ms);
};

/** @context: handed to each function; NULL for the real one */
struct kd_linux {
	const struct kd_linux_calls *calls;
	void *context;
};

/** The running kernel. */
struct kd_linux kd_linux_real(void);

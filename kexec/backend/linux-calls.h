/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Linux's system calls behind a table of functions, so that a model answers or a test
 * records in the kernel's place. The real ones are in linux-calls.c. Called by linux*.c
 * only.
 */
#pragma once

#include "kexec/check/linux-abi.h"
#include "kexec/plan/plan.h"

/** struct kexec_segment of a 64-bit kernel: Documentation/userspace-api, kexec_load(2). */
struct kd_linux_segment {
	const void *buf;
	uint64_t bufsz;
	uint64_t mem; /* physical address, a pointer in the page's declaration */
	uint64_t memsz;
};

/**
 * All give 0, or what is said, or -errno.
 *
 * @load:      kexec_load(2) as it is, nothing looked at
 * @file_load: kexec_file_load(2) as it is; @cmdline_len counts the NUL
 * @loaded:    1 when an image is there now, 0 when not
 * @reboot:    reboot(2) with LINUX_REBOOT_CMD_KEXEC: returns on failure only
 * @pause:     wait before trying again
 */
struct kd_linux_calls {
	int (*load)(void *context, uint64_t entry, uint64_t n,
		    const struct kd_linux_segment *segments, uint64_t flags);
	int (*file_load)(void *context, int kernel_fd, int initrd_fd, const char *cmdline,
			 size_t cmdline_len, unsigned long flags);
	int (*loaded)(void *context, enum kd_kexec_purpose purpose);
	int (*reboot)(void *context);
	void (*pause)(void *context, unsigned int ms);
};

/** @context: handed to each function; NULL for the real one */
struct kd_linux {
	const struct kd_linux_calls *calls;
	void *context;
};

/** The running kernel. */
struct kd_linux kd_linux_real(void);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * FreeBSD's calls behind a table of functions, so that a model answers in the kernel's
 * place. The real ones are in freebsd-calls.c, compiled on that system only. Called by
 * freebsd.c and freebsd-memory.c.
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "kexec/backend/freebsd-abi.h"

/**
 * Each returns 0 or -errno where nothing else is said.
 *
 * @kexec_load: kexec_load(2) as it is
 * @reboot:     reboot(2); returns on failure only
 * @sysctl:     the value of a name, sysctlbyname(3); its bytes, -ENOENT where there is no
 *              such name, -ENOMEM when @size is too small
 * @lock, @unlock: mlock(2), munlock(2)
 * @claim:      note, for as long as this boot lasts and before any other program can,
 *              that an image was loaded; -EEXIST when it was noted before
 * @release:    take the note back
 * @claimed:    1 when it is there, 0 when not
 */
struct kd_freebsd_calls {
	int (*kexec_load)(void *context, uint64_t entry, unsigned long count,
			  struct kd_freebsd_segment *segments, unsigned long flags);
	int (*reboot)(void *context, int howto);
	ssize_t (*sysctl)(void *context, const char *name, void *buf, size_t size);
	int (*lock)(void *context, const void *buf, size_t size);
	void (*unlock)(void *context, const void *buf, size_t size);
	int (*claim)(void *context);
	void (*release)(void *context);
	int (*claimed)(void *context);
};

/** @context: handed to each function; NULL for the real one */
struct kd_freebsd {
	const struct kd_freebsd_calls *calls;
	void *context;
};

/** The running kernel. On FreeBSD only. */
struct kd_freebsd kd_freebsd_real(void);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Scope guards: every owned local carries _cleanup_() and is handed over with
 * TAKE_PTR() or TAKE_FD(), so no error path can leak. A type gets its guard with
 * KD_DEFINE_GUARD() next to its _free function. Used everywhere; trusts nothing.
 */
#pragma once

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define _cleanup_(f)   __attribute__((cleanup(f)))
#define _printf_(f, a) __attribute__((format(printf, f, a)))
#define _unused_       __attribute__((unused))

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define MIN(a, b)                                          \
	({                                                 \
		__typeof__(a) kd_min_a = (a);              \
		__typeof__(b) kd_min_b = (b);              \
		kd_min_a < kd_min_b ? kd_min_a : kd_min_b; \
	})
#define MAX(a, b)                                          \
	({                                                 \
		__typeof__(a) kd_max_a = (a);              \
		__typeof__(b) kd_max_b = (b);              \
		kd_max_a > kd_max_b ? kd_max_a : kd_max_b; \
	})

/** Hand over a guarded pointer: yields its value and leaves NULL behind. */
#define TAKE_PTR(p)                                   \
	({                                            \
		__typeof__(p) *kd_take_p = &(p);      \
		__typeof__(p) kd_take_v = *kd_take_p; \
		*kd_take_p = NULL;                    \
		kd_take_v;                            \
	})

/** Hand over a guarded descriptor: yields its value and leaves -EBADF behind. */
#define TAKE_FD(fd)                         \
	({                                  \
		int *kd_take_f = &(fd);     \
		int kd_take_n = *kd_take_f; \
		*kd_take_f = -EBADF;        \
		kd_take_n;                  \
	})

/** Define type##_freep for _cleanup_(): calls @free_fn on the pointer guarded. */
#define KD_DEFINE_GUARD(type, free_fn)          \
	static inline void free_fn##p(type **p) \
	{                                       \
		free_fn(*p);                    \
	}

static inline void kd_freep(void *p)
{
	free(*(void **)p);
}

/** Close @fd unless negative, keeping errno. Returns -EBADF for re-assignment. */
static inline int kd_close(int fd)
{
	int saved = errno;

	if (fd >= 0)
		(void)close(fd);
	errno = saved;
	return -EBADF;
}

static inline void kd_closep(int *fd)
{
	*fd = kd_close(*fd);
}

static inline void kd_fclosep(FILE **f)
{
	if (*f)
		(void)fclose(*f);
}

static inline void kd_closedirp(DIR **d)
{
	if (*d)
		(void)closedir(*d);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel log of a synthetic machine as text, and what it should be.
 */
#pragma once

#include <sys/mman.h>

#include "base/io.h"
#include "makedumpfile/dmesg.h"
#include "tests/unit/machine.h"

#define RAM "@ram start=0x100000 size=63M\n"

/* The log of @script as text, owned; *ret_r is what writing it returned. */
static inline char *log_as(struct machine *m, unsigned int flags, int *ret_r)
{
	_cleanup_(kd_closep) int fd = memfd_create("log", MFD_CLOEXEC);
	char *text = calloc(1, 1 << 20);
	uint64_t bytes = 0;
	ssize_t n;

	if (fd < 0 || !text)
		exit(1);
	*ret_r = kd_dmesg_write_as(&m->xlat, m->info, flags, fd, &bytes, NULL);
	n = kd_pread_full(fd, text, (1 << 20) - 1, 0);
	if (n != (ssize_t)bytes)
		exit(1);
	return text;
}

static inline char *log_of(struct machine *m, int *ret_r)
{
	return log_as(m, /* flags= */ 0, ret_r);
}

static inline void check_log_as(struct test *t, const char *script, unsigned int flags,
				int want_r, const char *want)
{
	_cleanup_(machine_done) struct machine m;
	_cleanup_(kd_freep) char *text = NULL;
	int r;

	machine_init(&m, script);
	text = log_as(&m, flags, &r);
	CHECK_INT(t, r, want_r);
	CHECK_STR(t, text, want);
}

static inline void check_log(struct test *t, const char *script, int want_r,
			     const char *want)
{
	check_log_as(t, script, /* flags= */ 0, want_r, want);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Cases that mount or set limits run in a child process of their own.
 */
#pragma once

#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>

#include "tests/unit/test.h"

/** Run @run in a child with namespaces @flags of its own (CLONE_NEWNS or 0): mounts and
 *  limits are not to outlive the case. */
static inline void test_in_child(struct test *t, int flags, void (*run)(struct test *t))
{
	int status = -1;
	pid_t pid;

	(void)fflush(stdout);
	pid = fork();
	if (pid == 0) {
		struct test child = { .name = t->name };

		if (flags && unshare(flags) < 0 && unshare(flags | CLONE_NEWUSER) < 0)
			test_failed(&child, __FILE__, __LINE__, "no namespace");
		if (flags & CLONE_NEWNS)
			(void)mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL);
		run(&child);
		(void)fflush(stdout);
		_exit(child.failures != 0);
	}
	CHECK(t, pid > 0 && waitpid(pid, &status, 0) == pid);
	CHECK_INT(t, status, 0);
}

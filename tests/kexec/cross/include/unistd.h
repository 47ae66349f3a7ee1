/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stand-in for a libc header: what our files for other systems use of POSIX. The numbers
 * are not any system's.
 */
#pragma once

#include <sys/types.h>

#define F_OK	     0
#define _SC_PAGESIZE 1

int access(const char *path, int mode);
int close(int fd);
ssize_t pread(int fd, void *buf, size_t size, off_t offset);
ssize_t read(int fd, void *buf, size_t size);
int pipe2(int *fds, int flags);
long sysconf(int name);
int unlink(const char *path);

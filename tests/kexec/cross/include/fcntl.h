/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stand-in for a libc header. The numbers are not any system's.
 */
#pragma once

#include <sys/types.h>

#define O_RDONLY  0x0
#define O_WRONLY  0x1
#define O_CREAT	  0x2
#define O_EXCL	  0x4
#define O_CLOEXEC 0x8

int open(const char *path, int flags, ...);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stand-in for Fuchsia's <errno.h>: musl's numbers that our files use.
 */
#pragma once

int *__errno_location(void);
#define errno (*__errno_location())

#define EPERM	      1
#define ENOENT	      2
#define EIO	      5
#define ENXIO	      6
#define E2BIG	      7
#define ENOEXEC	      8
#define EBADF	      9
#define EAGAIN	      11
#define ENOMEM	      12
#define EACCES	      13
#define EFAULT	      14
#define EBUSY	      16
#define EEXIST	      17
#define EINVAL	      22
#define ETXTBSY	      26
#define EFBIG	      27
#define ENOSPC	      28
#define ESPIPE	      29
#define ERANGE	      34
#define ENOSYS	      38
#define ENODATA	      61
#define EOVERFLOW     75
#define EBADMSG	      74
#define EOPNOTSUPP    95
#define ENOTSUP	      EOPNOTSUPP
#define EADDRNOTAVAIL 99
#define EALREADY      114

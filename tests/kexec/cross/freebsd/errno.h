/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stand-in for FreeBSD's <errno.h>: the numbers of intro(2) that our files use.
 */
#pragma once

int *__error(void);
#define errno (*__error())

#define EPERM	      1
#define ENOENT	      2
#define EIO	      5
#define ENXIO	      6
#define E2BIG	      7
#define ENOEXEC	      8
#define EBADF	      9
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
#define EAGAIN	      35
#define EALREADY      37
#define EOPNOTSUPP    45
#define ENOTSUP	      EOPNOTSUPP
#define EADDRNOTAVAIL 49
#define ENOSYS	      78
#define EOVERFLOW     84
#define EBADMSG	      89

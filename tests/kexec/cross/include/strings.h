/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stand-in for a libc header: what our files for other systems use of POSIX.
 */
#pragma once

#include <stddef.h>

int strcasecmp(const char *a, const char *b);
int strncasecmp(const char *a, const char *b, size_t size);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stand-in for FreeBSD's <sys/sysctl.h>, from sysctl(3).
 */
#pragma once

#include <stddef.h>

int sysctlbyname(const char *name, void *old, size_t *old_size, const void *value,
		 size_t value_size);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stand-in for FreeBSD's <sys/mman.h>, from mlock(2).
 */
#pragma once

#include <stddef.h>

int mlock(const void *p, size_t size);
int munlock(const void *p, size_t size);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stand-in for a libc header: LP64's types, the same on FreeBSD and Fuchsia.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

typedef int64_t ssize_t;
typedef int64_t off_t;
typedef uint64_t vm_paddr_t; /* FreeBSD: sys/_types.h of amd64 and arm64 */
typedef uint64_t vm_size_t;

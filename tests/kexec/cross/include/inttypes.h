/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stand-in for a libc header: LP64's printf words, those clang checks against.
 */
#pragma once

#include <stdint.h>

#define PRId64 "ld"
#define PRIi64 "li"
#define PRIu64 "lu"
#define PRIx64 "lx"
#define PRIX64 "lX"
#define PRIu32 "u"
#define PRIx32 "x"
#define PRId32 "d"

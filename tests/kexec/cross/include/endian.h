/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stand-in for a libc header: the machines here are little-endian.
 */
#pragma once

#include <stdint.h>

#define htole16(v) ((uint16_t)(v))
#define htole32(v) ((uint32_t)(v))
#define htole64(v) ((uint64_t)(v))
#define le16toh(v) ((uint16_t)(v))
#define le32toh(v) ((uint32_t)(v))
#define le64toh(v) ((uint64_t)(v))

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Offsets in a ZBI's header, zbi_header_t of Fuchsia's sdk/lib/zbi-format/zbi.h. Private
 * to zbi.c and zbi-writer.c. Two reserved words, zeros, lie between flags and magic.
 */
#pragma once

#define ZBI_TYPE   0
#define ZBI_LENGTH 4 /* of the payload, without padding */
#define ZBI_EXTRA  8
#define ZBI_FLAGS  12
#define ZBI_MAGIC  24
#define ZBI_CRC32  28

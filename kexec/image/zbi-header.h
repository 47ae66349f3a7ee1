/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Offsets in a ZBI's header, zbi_header_t of Fuchsia's sdk/lib/zbi-format/zbi.h. Private
 * to zbi.c and zbi-writer.c. Two reserved words, zeros, lie between flags and magic.
 */
#pragma once

#include "kexec/image/kernel.h"

#define ZBI_TYPE   0
#define ZBI_LENGTH 4 /* of the payload, without padding */
#define ZBI_EXTRA  8
#define ZBI_FLAGS  12
#define ZBI_MAGIC  24
#define ZBI_CRC32  28

/** What ZBI_CRC32 holds when the flags say so: of the header with zeros in that place, and
 *  of the payload. zbi.h speaks of the payload alone, but Fuchsia's reader (lib/zbitl) and
 *  writers have it so. */
uint32_t kd_zbi_crc32(const uint8_t *header, struct kd_bytes payload);

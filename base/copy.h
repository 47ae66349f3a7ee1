/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Copying whole pages and more. A libc does that with one string instruction where the CPU
 * says that it is fast at it, as all of the last ten years do; an emulated one says so, too,
 * and goes byte by byte. Pieces are below any libc's limit for that. Used where dumps are
 * copied and read back.
 */
#pragma once

#include <string.h>

#define KD_COPY_PIECE ((size_t)1024)

/** As memcpy(3). */
static inline void *kd_copy(void *to, const void *from, size_t size)
{
	size_t at = 0;

	for (; size - at >= KD_COPY_PIECE; at += KD_COPY_PIECE)
		memcpy((char *)to + at, (const char *)from + at, KD_COPY_PIECE);
	memcpy((char *)to + at, (const char *)from + at, size - at);
	return to;
}

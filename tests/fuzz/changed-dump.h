/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A kdump-compressed file for fuzz targets out of their input. Input that starts with the
 * format's signature is the file; any other is a text that changes a good one: lines
 * "<offset> <value> <bytes>" put a little-endian number there, "cut <size>" shortens it.
 * Numbers are decimal or 0x….
 */
#pragma once

#include "tests/unit/memory-sink.h"

#define CHANGED_DUMP_MAX ((size_t)1 << 20)

/** Put the file into @m, which is empty; input longer than CHANGED_DUMP_MAX is none. */
void changed_dump(struct memory_sink *m, const uint8_t *data, size_t size);

/** What a line of that text does, done to @m; one that is none of these does nothing. */
void changed_dump_line(struct memory_sink *m, char *line);

/** Calls @use for each line of a text, but for long ones; it may change the line. */
void changed_dump_lines(const char *text, size_t size,
			void (*use)(void *context, char *line), void *context);

/** The next word of @rest as a number; false when it is none. */
bool changed_dump_number(char **rest, uint64_t *ret);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A list of dumps on its way from the worker, which has looked at them, to the bus: five
 * fields a dump, each ended by a NUL. Names of folders may hold any other byte; what is
 * no UTF-8 becomes '?'. Pure. Called by worker-main.c and bus.c.
 */
#pragma once

#include "base/strbuf.h"

/**
 * @path:    of the dump's folder; @state: as kdumpctl list has it
 * @release: of the kernel that crashed, "" when not known
 * @usec:    when, since the epoch; 0 when not known
 * @bytes:   on disk
 */
struct kd_dump_line {
	const char *path;
	const char *state;
	const char *release;
	uint64_t usec;
	uint64_t bytes;
};

/** Append one; errors stay in @out. */
void kd_dumps_text_add(struct kd_strbuf *out, const struct kd_dump_line *dump);

/**
 * Take the next one off @text, which is moved on; @size likewise.
 *
 * @ret: points into @text
 * Returns 1, 0 at the end, -EBADMSG for what kd_dumps_text_add() did not write.
 */
int kd_dumps_text_next(const char **text, size_t *size, struct kd_dump_line *ret);

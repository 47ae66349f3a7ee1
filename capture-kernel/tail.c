/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The tail of a stream: see tail.h. Trusts nothing about the stream. Called by
 * last-words.c.
 */
#include "capture-kernel/tail.h"

#include "base/guard.h"

int kd_tail_read(struct kd_tail *t, int fd)
{
	size_t at = 0;
	ssize_t n;

	t->length = 0;
	for (;;) {
		n = read(fd, t->ring + at, t->size - at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		t->length = MIN(t->length + (size_t)n, t->size);
		at = (at + (size_t)n) % t->size;
	}
	t->start = t->length == t->size ? at : 0;
	return n < 0 ? -errno : 0;
}

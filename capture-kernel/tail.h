/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The last bytes of a stream of any length, in a buffer of fixed size. Called by
 * last-words.c with the dead kernel's log, which may be megabytes.
 */
#pragma once

#include "base/types.h"

/**
 * @ring:  @size bytes, the caller's
 * @start: where the oldest byte lies; @length: how many there are
 */
struct kd_tail {
	char *ring;
	size_t size;
	size_t start;
	size_t length;
};

/** Read @fd to its end. Returns 0 or the error of read(2); what came before it is in
 *  @t either way. */
int kd_tail_read(struct kd_tail *t, int fd);

/** Byte @i of the tail, counted from the oldest; @i is below t->length. */
static inline char kd_tail_byte(const struct kd_tail *t, size_t i)
{
	return t->ring[(t->start + i) % t->size];
}

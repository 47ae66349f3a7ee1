/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A growing string with a ceiling and a sticky error: append freely, look at the
 * status once at the end. Never grows past its limit, so hostile input cannot make it
 * eat memory. Used to build the contracts, JSON, tables and console lines.
 */
#pragma once

#include "base/error.h"
#include "base/types.h"

/**
 * @data:   NUL-terminated once anything was appended, NULL before; owned
 * @length: bytes without the NUL
 * @max:    ceiling for @length
 * @status: 0, -ENOMEM, or -EFBIG once an append did not fit; later appends do nothing
 */
struct kd_strbuf {
	char *data;
	size_t length;
	size_t capacity;
	size_t max;
	int status;
};

/** An empty buffer of at most @max bytes. */
void kd_strbuf_init(struct kd_strbuf *b, size_t max);
/** Free what it holds; the buffer is empty and usable afterwards. */
void kd_strbuf_done(struct kd_strbuf *b);

/** Append @size bytes. */
void kd_strbuf_add(struct kd_strbuf *b, const void *data, size_t size);
/** Append a string. */
void kd_strbuf_adds(struct kd_strbuf *b, const char *text);
/** Append as printf. */
void kd_strbuf_addf(struct kd_strbuf *b, const char *fmt, ...) _printf_(2, 3);

/** The text so far, "" when empty. Borrowed until the next append. */
const char *kd_strbuf_text(const struct kd_strbuf *b);

/** Hand the text over: *ret is owned by the caller, the buffer is empty after.
 *  Returns 0 or the sticky error, *ret untouched. */
int kd_strbuf_take(struct kd_strbuf *b, char **ret);

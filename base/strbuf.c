/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A growing string with a ceiling: see strbuf.h. Trusts nothing about what is
 * appended. Called wherever text is put together.
 */
#include "base/strbuf.h"

#include <stdarg.h>
#include <string.h>

#define FIRST_CAPACITY 256

void kd_strbuf_init(struct kd_strbuf *b, size_t max)
{
	*b = (struct kd_strbuf) { .max = max };
}

void kd_strbuf_done(struct kd_strbuf *b)
{
	size_t max = b->max;

	free(b->data);
	kd_strbuf_init(b, max);
}

/* Room for @more bytes and a NUL, or the sticky error. */
static bool reserve(struct kd_strbuf *b, size_t more)
{
	size_t need, capacity = b->capacity ? b->capacity : FIRST_CAPACITY;
	char *bigger;

	if (b->status < 0)
		return false;
	if (more > b->max - b->length) {
		b->status = -EFBIG;
		return false;
	}
	need = b->length + more + 1;
	while (capacity < need)
		capacity *= 2;
	if (capacity == b->capacity)
		return true;
	bigger = realloc(b->data, capacity);
	if (!bigger) {
		b->status = -ENOMEM;
		return false;
	}
	b->data = bigger;
	b->capacity = capacity;
	return true;
}

void kd_strbuf_add(struct kd_strbuf *b, const void *data, size_t size)
{
	if (!reserve(b, size))
		return;
	if (size)
		memcpy(b->data + b->length, data, size);
	b->length += size;
	b->data[b->length] = '\0';
}

void kd_strbuf_adds(struct kd_strbuf *b, const char *text)
{
	kd_strbuf_add(b, text, strlen(text));
}

void kd_strbuf_addf(struct kd_strbuf *b, const char *fmt, ...)
{
	va_list ap, again;
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	if (n < 0) {
		if (b->status == 0)
			b->status = -EINVAL;
	} else if (reserve(b, (size_t)n)) {
		(void)vsnprintf(b->data + b->length, (size_t)n + 1, fmt, again);
		b->length += (size_t)n;
	}
	va_end(again);
	va_end(ap);
}

const char *kd_strbuf_text(const struct kd_strbuf *b)
{
	return b->data ? b->data : "";
}

int kd_strbuf_take(struct kd_strbuf *b, char **ret)
{
	if (b->status < 0)
		return b->status;
	kd_strbuf_add(b, "", 0); /* an empty text is a text too */
	if (b->status < 0)
		return b->status;
	*ret = TAKE_PTR(b->data);
	kd_strbuf_init(b, b->max);
	return 0;
}

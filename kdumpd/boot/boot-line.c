/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Editing a line of kernel parameters: see boot-line.h. Trusts nothing in the line: it may
 * hold a boot loader's variables, which are words like others. Called by boot-places.c.
 */
#include "kdumpd/boot/boot-line.h"

#include <string.h>

#include "base/params.h"

/* Steps over *word to the next @name; NULL at the end. What is behind its '=', *size
 * bytes. */
static const char *next_value(const char **word, const char *name, size_t *size)
{
	const char *equals, *at;
	size_t n;

	while ((n = kd_params_next(word)) > 0) {
		at = *word;
		*word += n;
		if (!kd_params_match(at, n, name, strlen(name)))
			continue;
		equals = memchr(at, '=', n);
		*size = equals ? n - (size_t)(equals + 1 - at) : 0;
		return equals ? equals + 1 : at;
	}
	return NULL;
}

bool kd_boot_line_get(const char *line, const char *name, struct kd_strbuf *to)
{
	const char *value = NULL, *next;
	size_t size = 0, n;

	while ((next = next_value(&line, name, &n))) {
		value = next;
		size = n;
	}
	if (value)
		kd_strbuf_add(to, value, size);
	return value;
}

int kd_boot_line_values(const char *line, const char *name, struct kd_strlist *ret)
{
	const char *value;
	size_t size;
	int r = 0;

	while (r >= 0 && (value = next_value(&line, name, &size))) {
		_cleanup_(kd_freep) char *copy = strndup(value, size);

		r = copy ? kd_strlist_add(ret, copy) : -ENOMEM;
	}
	return r;
}

static void add_values(struct kd_strbuf *to, const char *name, const char *const *values)
{
	for (; *values; values++)
		kd_strbuf_addf(to, "%s%s=%s", to->length ? " " : "", name, *values);
}

void kd_boot_line_set(const char *line, const char *name, const char *const *values,
		      struct kd_strbuf *to)
{
	_cleanup_(kd_strbuf_done) struct kd_strbuf b;
	const char *word = line;
	bool done = false;
	size_t n;

	kd_strbuf_init(&b, to->max);
	for (; (n = kd_params_next(&word)) > 0; word += n) {
		bool ours = kd_params_match(word, n, name, strlen(name));

		/* what is behind "--" is for init */
		if (!done && (ours || kd_params_is_end(word, n))) {
			add_values(&b, name, values);
			done = true;
		}
		if (ours)
			continue;
		if (b.length)
			kd_strbuf_adds(&b, " ");
		kd_strbuf_add(&b, word, n);
	}
	if (!done)
		add_values(&b, name, values);
	kd_strbuf_adds(to, kd_strbuf_text(&b));
	if (b.status < 0)
		to->status = b.status;
}

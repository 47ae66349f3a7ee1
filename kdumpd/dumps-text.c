/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Dumps as text: see dumps-text.h. Trusts no more than that the text came from a process
 * of ours: one that parses what a crashed machine has written.
 */
#include "kdumpd/dumps-text.h"

#include <inttypes.h>
#include <string.h>

#include "base/parse.h"
#include "base/utf8.h"

#define FIELDS 5

static void add_text(struct kd_strbuf *out, const char *text)
{
	size_t start = out->length;

	kd_strbuf_adds(out, text);
	if (out->status >= 0 && out->data)
		kd_utf8_clean(out->data + start);
	kd_strbuf_add(out, "", 1);
}

static void add_number(struct kd_strbuf *out, uint64_t v)
{
	kd_strbuf_addf(out, "%" PRIu64, v);
	kd_strbuf_add(out, "", 1);
}

void kd_dumps_text_add(struct kd_strbuf *out, const struct kd_dump_line *dump)
{
	add_text(out, dump->path);
	add_text(out, dump->state);
	add_text(out, dump->release);
	add_number(out, dump->usec);
	add_number(out, dump->bytes);
}

int kd_dumps_text_next(const char **text, size_t *size, struct kd_dump_line *ret)
{
	const char *fields[FIELDS], *at = *text, *end = at + *size;
	struct kd_dump_line dump;

	if (*size == 0)
		return 0;
	for (size_t i = 0; i < FIELDS; i++) {
		const char *nul = memchr(at, '\0', (size_t)(end - at));

		if (!nul)
			return -EBADMSG;
		for (const char *c = at; c < nul; c += kd_utf8_length(c))
			if (kd_utf8_length(c) == 0)
				return -EBADMSG;
		fields[i] = at;
		at = nul + 1;
	}
	dump = (struct kd_dump_line) { fields[0], fields[1], fields[2], 0, 0 };
	if (kd_parse_u64(fields[3], &dump.usec) < 0 ||
	    kd_parse_u64(fields[4], &dump.bytes) < 0)
		return -EBADMSG;
	*text = at;
	*size = (size_t)(end - at);
	*ret = dump;
	return 1;
}

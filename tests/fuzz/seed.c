/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Seeds: see seed.h. Called by replay.c.
 */
#include "tests/fuzz/seed.h"

#include <ctype.h>
#include <string.h>

#include "base/parse.h"
#include "base/strbuf.h"

static int add_number(struct kd_strbuf *b, const char *text, size_t bytes)
{
	uint64_t v;

	if (kd_parse_u64(text, &v) < 0 || (bytes < 8 && v >> (8 * bytes)))
		return -EINVAL;
	kd_strbuf_add(b, &v, bytes);
	return 0;
}

static int add_zeros(struct kd_strbuf *b, const char *text)
{
	uint64_t offset;

	if (kd_parse_u64(text, &offset) < 0 || offset < b->length || offset > SEED_MAX)
		return -EINVAL;
	while (b->status == 0 && b->length < offset)
		kd_strbuf_add(b, "", 1);
	return 0;
}

static int add_hex(struct kd_strbuf *b, const char *text)
{
	if (strlen(text) % 2)
		return -EINVAL;
	for (; *text; text += 2) {
		char pair[3] = { text[0], text[1] };
		uint64_t v;

		if (kd_parse_hex(pair, &v) < 0)
			return -EINVAL;
		kd_strbuf_add(b, &v, 1);
	}
	return 0;
}

static int add_word(struct kd_strbuf *b, const char *word)
{
	if (*word == '@')
		return add_zeros(b, word + 1);
	if (strncmp(word, "u16:", 4) == 0)
		return add_number(b, word + 4, 2);
	if (strncmp(word, "u32:", 4) == 0)
		return add_number(b, word + 4, 4);
	if (strncmp(word, "u64:", 4) == 0)
		return add_number(b, word + 4, 8);
	return add_hex(b, word);
}

static int add_line(struct kd_strbuf *b, char *p)
{
	while (*(p += strspn(p, " \t"))) {
		char *word = p;
		int r = 0;

		if (*p == '#')
			return 0;
		if (*p == '"') {
			p = strchr(++word, '"');
			if (!p)
				return -EINVAL;
			kd_strbuf_add(b, word, (size_t)(p++ - word));
			continue;
		}
		p += strcspn(p, " \t");
		if (*p)
			*p++ = '\0';
		r = add_word(b, word);
		if (r < 0)
			return r;
	}
	return 0;
}

int seed_decode(const char *text, char **ret, size_t *ret_size, struct kd_error *err)
{
	struct kd_lines it = { .rest = text, .left = strlen(text) };
	struct kd_strbuf b;
	int r = 0;

	kd_strbuf_init(&b, SEED_MAX);
	while (r == 0 && kd_lines_next(&it)) {
		char line[1024];

		if (it.length >= sizeof(line)) {
			r = -EFBIG;
			break;
		}
		memcpy(line, it.line, it.length);
		line[it.length] = '\0';
		r = add_line(&b, line);
	}
	if (r == 0) {
		*ret_size = b.length;
		r = kd_strbuf_take(&b, ret);
	}
	kd_strbuf_done(&b);
	return r < 0 ? kd_fail(err, r, "seed, line %u", it.number) : 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lines into directives: see script.h. Trusts nothing about the text. Called by
 * build.c.
 */
#include "tests/tools/mkvmcore/script.h"

#include <ctype.h>
#include <string.h>

#include "base/parse.h"

/* "text=" takes the rest of the line, spaces included. */
#define REST_KEY "text="

static int split(struct mk_line *line, char *p, struct kd_error *err)
{
	while (*(p += strspn(p, " \t"))) {
		char *word = p, *eq;

		if (line->n == MK_WORDS)
			return kd_fail_msg(err, -EINVAL, "too many words");
		p += strncmp(p, REST_KEY, strlen(REST_KEY)) == 0 ? strlen(p)
								 : strcspn(p, " \t");
		if (*p)
			*p++ = '\0';
		eq = strchr(word, '=');
		if (!eq)
			return kd_fail_msg(err, -EINVAL, "\"%s\" has no value", word);
		*eq = '\0';
		line->keys[line->n] = word;
		line->values[line->n++] = eq + 1;
	}
	return 0;
}

int mk_line_parse(struct mk_line *ret, const char *text, size_t size, unsigned int number,
		  struct kd_error *err)
{
	char *p;

	*ret = (struct mk_line) { .number = number };
	if (size >= sizeof(ret->text))
		return kd_fail_msg(err, -EINVAL, "line too long");
	memcpy(ret->text, text, size);
	p = kd_strip(ret->text);
	if (!*p || *p == '#')
		return 0;
	if (*p != '@')
		return kd_fail_msg(err, -EINVAL, "a directive begins with @");
	ret->name = p;
	p += strcspn(p, " \t");
	if (*p)
		*p++ = '\0';
	ret->rest = p + strspn(p, " \t");
	/* vmcoreinfo lines have their own syntax */
	return strcmp(ret->name, "@info") == 0 ? 0 : split(ret, p, err);
}

const char *mk_string(struct mk_line *line, const char *key)
{
	for (size_t i = 0; i < line->n; i++)
		if (strcmp(line->keys[i], key) == 0) {
			line->used[i] = true;
			return line->values[i];
		}
	return NULL;
}

int mk_number(struct mk_line *line, const char *key, uint64_t missing, uint64_t *ret,
	      struct kd_error *err)
{
	const char *text = mk_string(line, key);
	int64_t negative;

	*ret = missing;
	if (!text || kd_parse_size(text, ret) == 0)
		return 0;
	if (kd_parse_i64(text, &negative) < 0)
		return kd_fail_msg(err, -EINVAL, "%s=%s is no number", key, text);
	*ret = (uint64_t)negative;
	return 0;
}

int mk_line_done(const struct mk_line *line, struct kd_error *err)
{
	for (size_t i = 0; i < line->n; i++)
		if (!line->used[i])
			return kd_fail_msg(err, -EINVAL, "%s has no key \"%s\"",
					   line->name, line->keys[i]);
	return 0;
}

static int hex_digit(char c)
{
	if (!isxdigit((unsigned char)c))
		return -1;
	return isdigit((unsigned char)c) ? c - '0' : tolower((unsigned char)c) - 'a' + 10;
}

int mk_unescape(char *text, size_t *ret_length, struct kd_error *err)
{
	char *out = text;

	for (const char *p = text; *p; p++) {
		if (*p != '\\') {
			*out++ = *p;
			continue;
		}
		p++;
		if (*p == 'n') {
			*out++ = '\n';
		} else if (*p == 't') {
			*out++ = '\t';
		} else if (*p == '\\') {
			*out++ = '\\';
		} else if (*p == 'x' && hex_digit(p[1]) >= 0 && hex_digit(p[2]) >= 0) {
			*out++ = (char)(hex_digit(p[1]) << 4 | hex_digit(p[2]));
			p += 2;
		} else {
			return kd_fail_msg(err, -EINVAL, "unknown escape");
		}
	}
	*ret_length = (size_t)(out - text);
	*out = '\0';
	return 0;
}

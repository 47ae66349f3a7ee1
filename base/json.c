/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * JSON emitter: see json.h. Trusts the caller to balance begin and end; strings may
 * hold any bytes. Called by outcome and by programs for --json.
 */
#include "base/json.h"

#include <inttypes.h>
#include <string.h>

void kd_json_init(struct kd_json *j, struct kd_strbuf *out)
{
	*j = (struct kd_json) { .out = out, .first = { true } };
}

/* Length of the UTF-8 sequence at @s, 0 when it is none (RFC 3629, no surrogates). */
static size_t utf8_length(const unsigned char *s)
{
	static const struct {
		unsigned char lead_min, lead_max, second_min, second_max, length;
	} forms[] = {
		{ 0x01, 0x7f, 0, 0xff, 1 },    { 0xc2, 0xdf, 0x80, 0xbf, 2 },
		{ 0xe0, 0xe0, 0xa0, 0xbf, 3 }, { 0xe1, 0xec, 0x80, 0xbf, 3 },
		{ 0xed, 0xed, 0x80, 0x9f, 3 }, { 0xee, 0xef, 0x80, 0xbf, 3 },
		{ 0xf0, 0xf0, 0x90, 0xbf, 4 }, { 0xf1, 0xf3, 0x80, 0xbf, 4 },
		{ 0xf4, 0xf4, 0x80, 0x8f, 4 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
		if (s[0] < forms[i].lead_min || s[0] > forms[i].lead_max)
			continue;
		if (forms[i].length == 1)
			return 1;
		if (s[1] < forms[i].second_min || s[1] > forms[i].second_max)
			return 0;
		for (size_t k = 2; k < forms[i].length; k++)
			if ((s[k] & 0xc0) != 0x80)
				return 0;
		return forms[i].length;
	}
	return 0;
}

static void quote(struct kd_strbuf *out, const char *text)
{
	const unsigned char *s = (const unsigned char *)text;

	kd_strbuf_adds(out, "\"");
	while (*s) {
		size_t n = utf8_length(s);

		if (n == 0) {
			kd_strbuf_adds(out, "\\ufffd");
			s++;
			continue;
		}
		if (*s == '"' || *s == '\\')
			kd_strbuf_addf(out, "\\%c", *s);
		else if (*s < 0x20)
			kd_strbuf_addf(out, "\\u%04x", *s);
		else
			kd_strbuf_add(out, s, n);
		s += n;
	}
	kd_strbuf_adds(out, "\"");
}

/* Comma, line break, indent and key in front of whatever comes next. */
static void before(struct kd_json *j, const char *key)
{
	if (!j->first[j->depth])
		kd_strbuf_adds(j->out, ",");
	if (j->depth)
		kd_strbuf_addf(j->out, "\n%*s", (int)j->depth * 2, "");
	j->first[j->depth] = false;
	if (key) {
		quote(j->out, key);
		kd_strbuf_adds(j->out, ": ");
	}
}

static void open_level(struct kd_json *j, const char *key, const char *bracket)
{
	before(j, key);
	if (j->depth + 1 >= KD_JSON_DEPTH) {
		if (j->out->status == 0)
			j->out->status = -E2BIG;
		return;
	}
	kd_strbuf_adds(j->out, bracket);
	j->first[++j->depth] = true;
}

static void close_level(struct kd_json *j, const char *bracket)
{
	bool empty = j->first[j->depth];

	if (j->depth == 0)
		return;
	j->depth--;
	if (!empty)
		kd_strbuf_addf(j->out, "\n%*s", (int)j->depth * 2, "");
	kd_strbuf_adds(j->out, bracket);
	if (j->depth == 0)
		kd_strbuf_adds(j->out, "\n");
}

void kd_json_object(struct kd_json *j, const char *key)
{
	open_level(j, key, "{");
}

void kd_json_object_end(struct kd_json *j)
{
	close_level(j, "}");
}

void kd_json_array(struct kd_json *j, const char *key)
{
	open_level(j, key, "[");
}

void kd_json_array_end(struct kd_json *j)
{
	close_level(j, "]");
}

void kd_json_string(struct kd_json *j, const char *key, const char *value)
{
	before(j, key);
	if (value)
		quote(j->out, value);
	else
		kd_strbuf_adds(j->out, "null");
}

void kd_json_u64(struct kd_json *j, const char *key, uint64_t value)
{
	before(j, key);
	kd_strbuf_addf(j->out, "%" PRIu64, value);
}

void kd_json_i64(struct kd_json *j, const char *key, int64_t value)
{
	before(j, key);
	kd_strbuf_addf(j->out, "%" PRId64, value);
}

void kd_json_bool(struct kd_json *j, const char *key, bool value)
{
	before(j, key);
	kd_strbuf_adds(j->out, value ? "true" : "false");
}

void kd_json_null(struct kd_json *j, const char *key)
{
	kd_json_string(j, key, NULL);
}

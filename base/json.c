/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * JSON emitter: see json.h. Trusts the caller to balance begin and end; strings may
 * hold any bytes. Called by outcome and by programs for --json.
 */
#include "base/json.h"

#include <inttypes.h>
#include <string.h>

#include "base/utf8.h"

void kd_json_init(struct kd_json *j, struct kd_strbuf *out)
{
	*j = (struct kd_json) { .out = out, .first = { true } };
}

static void quote(struct kd_strbuf *out, const char *s)
{
	kd_strbuf_adds(out, "\"");
	while (*s) {
		size_t n = kd_utf8_length(s);

		if (n == 0) {
			kd_strbuf_adds(out, "\\ufffd");
			s++;
			continue;
		}
		if (*s == '"' || *s == '\\')
			kd_strbuf_addf(out, "\\%c", *s);
		else if ((unsigned char)*s < 0x20)
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

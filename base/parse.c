/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Strict parsing of short texts: see parse.h. Trusts nothing: no sign, space or tail
 * that strtoull() would forgive gets through. Called by contracts and configuration.
 */
#include "base/parse.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

static int parse_digits(const char *text, int number_base, uint64_t *ret,
			const char **ret_end)
{
	unsigned long long v;
	char *end;

	/* strtoull() takes signs and leading space; a number here has neither */
	if (!isxdigit((unsigned char)text[0]))
		return -EINVAL;
	errno = 0;
	v = strtoull(text, &end, number_base);
	if (errno == ERANGE)
		return -ERANGE;
	if (end == text)
		return -EINVAL;
	*ret = v;
	*ret_end = end;
	return 0;
}

static bool has_hex_prefix(const char *text)
{
	return text[0] == '0' && (text[1] == 'x' || text[1] == 'X') &&
	       isxdigit((unsigned char)text[2]);
}

static int parse_prefixed(const char *text, uint64_t *ret, const char **ret_end)
{
	if (has_hex_prefix(text))
		return parse_digits(text + 2, 16, ret, ret_end);
	return parse_digits(text, 10, ret, ret_end);
}

int kd_parse_u64(const char *text, uint64_t *ret)
{
	const char *end;
	uint64_t v;
	int r;

	r = parse_prefixed(text, &v, &end);
	if (r < 0)
		return r;
	if (*end)
		return -EINVAL;
	*ret = v;
	return 0;
}

int kd_parse_hex(const char *text, uint64_t *ret)
{
	const char *end;
	uint64_t v;
	int r;

	r = parse_digits(has_hex_prefix(text) ? text + 2 : text, 16, &v, &end);
	if (r < 0)
		return r;
	if (*end)
		return -EINVAL;
	*ret = v;
	return 0;
}

int kd_parse_i64(const char *text, int64_t *ret)
{
	bool minus = text[0] == '-';
	uint64_t v;
	int r;

	r = kd_parse_u64(minus ? text + 1 : text, &v);
	if (r < 0)
		return r;
	if (v > (uint64_t)INT64_MAX + minus)
		return -ERANGE;
	*ret = minus ? (int64_t)(0 - v) : (int64_t)v;
	return 0;
}

int kd_parse_size(const char *text, uint64_t *ret)
{
	static const char suffixes[] = "KMGTPE";
	const char *end, *s;
	unsigned int shift = 0;
	uint64_t v;
	int r;

	r = parse_prefixed(text, &v, &end);
	if (r < 0)
		return r;
	if (*end) {
		s = strchr(suffixes, toupper((unsigned char)*end));
		if (!s || end[1])
			return -EINVAL;
		shift = 10 * (unsigned int)(s - suffixes + 1);
	}
	if (v > UINT64_MAX >> shift)
		return -ERANGE;
	*ret = v << shift;
	return 0;
}

int kd_parse_bool(const char *text, bool *ret)
{
	static const char *const words[][2] = {
		{ "no", "yes" }, { "false", "true" }, { "off", "on" }, { "0", "1" }
	};

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		for (int v = 0; v < 2; v++)
			if (strcasecmp(text, words[i][v]) == 0) {
				*ret = v;
				return 0;
			}
	return -EINVAL;
}

char *kd_strip(char *text)
{
	size_t n;

	text += strspn(text, " \t\r\n\v\f");
	n = strlen(text);
	while (n && isspace((unsigned char)text[n - 1]))
		text[--n] = '\0';
	return text;
}

bool kd_lines_next(struct kd_lines *it)
{
	const char *nl;

	if (!it->left)
		return false;
	nl = memchr(it->rest, '\n', it->left);
	it->line = it->rest;
	it->length = nl ? (size_t)(nl - it->rest) : it->left;
	it->rest += it->length + (nl ? 1 : 0);
	it->left -= it->length + (nl ? 1 : 0);
	it->number++;
	return true;
}

int kd_lines_key_value(const struct kd_lines *it, char *key, size_t key_size, char *value,
		       size_t value_size)
{
	const char *eq = memchr(it->line, '=', it->length);
	size_t key_length, value_length;

	if (!eq || memchr(it->line, '\0', it->length))
		return -EINVAL;
	key_length = (size_t)(eq - it->line);
	value_length = it->length - key_length - 1;
	if (key_length >= key_size || value_length >= value_size)
		return -EFBIG;
	memcpy(key, it->line, key_length);
	key[key_length] = '\0';
	memcpy(value, eq + 1, value_length);
	value[value_length] = '\0';
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * known_hosts: see known-hosts.h. Lines that make no sense are passed over, as ssh does.
 * Called by host-ssh.c.
 */
#include "kdumpd/host/known-hosts.h"

#include <ctype.h>
#include <string.h>

#include "base/parse.h"
#include "kdumpd/digest.h"

#define LINE_MAX_SIZE 16384
#define HASH_MARK     "|1|"

/** A line in its fields. @marker: "@revoked", "@cert-authority" or "" */
struct entry {
	char text[LINE_MAX_SIZE];
	const char *marker, *names, *type, *key;
};

static bool split(const struct kd_lines *line, struct entry *e)
{
	char *save = NULL, *first;

	if (line->length >= sizeof(e->text))
		return false;
	memcpy(e->text, line->line, line->length);
	e->text[line->length] = '\0';
	if (strlen(e->text) != line->length)
		return false;
	first = strtok_r(e->text, " \t\r", &save);
	if (!first || first[0] == '#')
		return false;
	e->marker = first[0] == '@' ? first : "";
	e->names = first[0] == '@' ? strtok_r(NULL, " \t\r", &save) : first;
	e->type = strtok_r(NULL, " \t\r", &save);
	e->key = strtok_r(NULL, " \t\r", &save);
	return e->names && e->type && e->key;
}

static int digit(char c)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* Base 64, RFC 4648, of exactly KD_SHA1_SIZE bytes. */
static bool decode(const char *text, size_t size, uint8_t ret[static KD_SHA1_SIZE])
{
	uint32_t bits = 0;
	unsigned int have = 0;
	size_t n = 0;

	while (size > 0 && text[size - 1] == '=')
		size--;
	for (size_t i = 0; i < size; i++) {
		int v = digit(text[i]);

		if (v < 0)
			return false;
		bits = bits << 6 | (uint32_t)v;
		have += 6;
		if (have >= 8) {
			have -= 8;
			if (n >= KD_SHA1_SIZE)
				return false;
			ret[n++] = (uint8_t)(bits >> have);
		}
	}
	return n == KD_SHA1_SIZE;
}

/* The salt is the key, the name what is signed: host_hash() in OpenSSH's hostfile.c. */
static bool match_hash(const char *field, const char *host)
{
	uint8_t salt[KD_SHA1_SIZE], want[KD_SHA1_SIZE], got[KD_SHA1_SIZE];
	const char *bar;

	field += strlen(HASH_MARK);
	bar = strchr(field, '|');
	if (!bar || !decode(field, (size_t)(bar - field), salt) ||
	    !decode(bar + 1, strlen(bar + 1), want))
		return false;
	kd_digest_hmac_sha1(salt, sizeof(salt), host, strlen(host), got);
	return memcmp(want, got, sizeof(want)) == 0;
}

static bool same(char a, char b)
{
	return tolower((unsigned char)a) == tolower((unsigned char)b);
}

/* '*' and '?', without recursion: the last '*' is the one to go back to. */
static bool match_pattern(const char *pattern, size_t n, const char *host)
{
	size_t p = 0, h = 0, star = n, from = 0;

	while (host[h]) {
		if (p < n && pattern[p] == '*') {
			star = p++;
			from = h;
		} else if (p < n && (pattern[p] == '?' || same(pattern[p], host[h]))) {
			p++;
			h++;
		} else if (star < n) {
			p = star + 1;
			h = ++from;
		} else {
			return false;
		}
	}
	while (p < n && pattern[p] == '*')
		p++;
	return p == n;
}

bool kd_known_hosts_match(const char *field, const char *host)
{
	bool found = false;
	size_t n;

	if (strncmp(field, HASH_MARK, strlen(HASH_MARK)) == 0)
		return match_hash(field, host);
	for (const char *p = field; *p; p += n + (p[n] == ',')) {
		bool not = *p == '!';

		n = strcspn(p, ",");
		if (!match_pattern(p + not, n - not, host))
			continue;
		if (not )
			return false;
		found = true;
	}
	return found;
}

static bool is_revoked(const char *text, size_t size, const char *key)
{
	struct kd_lines it = { .rest = text, .left = size };
	struct entry e;

	while (kd_lines_next(&it))
		if (split(&it, &e) && strcmp(e.marker, "@revoked") == 0 &&
		    strcmp(e.key, key) == 0)
			return true;
	return false;
}

int kd_known_hosts_find(const char *text, size_t size, const char *host,
			struct kd_strbuf *out, unsigned int *ret_n)
{
	struct kd_lines it = { .rest = text, .left = size };
	unsigned int n = 0;
	struct entry e;

	while (kd_lines_next(&it)) {
		if (!split(&it, &e) || strcmp(e.marker, "@revoked") == 0 ||
		    !kd_known_hosts_match(e.names, host) || is_revoked(text, size, e.key))
			continue;
		kd_strbuf_addf(out, "%s%s%s %s %s\n", e.marker, e.marker[0] ? " " : "",
			       host, e.type, e.key);
		n++;
	}
	*ret_n = n;
	return out->status;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Splitting a kernel command line: see params.h. Trusts nothing about the text. Called
 * by the rules of the daemon and of kexec's plans.
 */
#include "base/params.h"

#include <string.h>

static const char white[] = " \t\n";

size_t kd_params_next(const char **text)
{
	const char *s = *text;
	bool quoted = false;
	size_t n = 0;

	s += strspn(s, white);
	*text = s;
	for (; s[n] && (quoted || !strchr(white, s[n])); n++)
		if (s[n] == '"')
			quoted = !quoted;
	return n;
}

static bool same_char(char a, char b)
{
	return (a == '-' ? '_' : a) == (b == '-' ? '_' : b);
}

bool kd_params_match(const char *word, size_t length, const char *pattern, size_t n)
{
	bool prefix = n > 0 && pattern[n - 1] == '*';

	/* A quote in front belongs to the value: "name=a b" as one word. */
	if (length > 1 && word[0] == '"') {
		word++;
		length--;
	}
	if (prefix)
		n--;
	if (n == 0 || length < n)
		return false;
	for (size_t i = 0; i < n; i++)
		if (!same_char(word[i], pattern[i]))
			return false;
	return prefix || length == n || word[n] == '=';
}

bool kd_params_is_end(const char *word, size_t length)
{
	return length == 2 && memcmp(word, "--", 2) == 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Assignments: see assignment.h. Trusts nothing. Called by the readers of sysconfig and
 * of other services' settings.
 */
#include "kdumpd/config/assignment.h"

#include <ctype.h>
#include <string.h>

static bool is_name(const char *name)
{
	if (!isalpha((unsigned char)name[0]) && name[0] != '_')
		return false;
	for (; *name; name++)
		if (!isalnum((unsigned char)*name) && *name != '_')
			return false;
	return true;
}

int kd_assignment_split(const struct kd_lines *it, char *line, size_t size,
			const char **ret_name, char **ret_value, struct kd_error *err)
{
	char *name, *equals;

	if (it->length >= size)
		return kd_fail_msg(err, -EINVAL, "line longer than %zu bytes", size - 1);
	memcpy(line, it->line, it->length);
	line[it->length] = '\0';
	if (memchr(line, '\0', it->length))
		return kd_fail_msg(err, -EINVAL, "control character");
	name = kd_strip(line);
	if (!*name || *name == '#')
		return 0;
	for (const char *c = name; *c; c++)
		if ((unsigned char)*c < 0x20 && *c != '\t')
			return kd_fail_msg(err, -EINVAL, "control character");
	if (strncmp(name, "export ", 7) == 0)
		name = kd_strip(name + 7);
	equals = strchr(name, '=');
	if (equals)
		*equals = '\0';
	if (!equals || !is_name(name)) {
		if (equals)
			*equals = '=';
		return kd_fail_msg(err, -EINVAL,
				   "expected NAME=\"value\", found \"%.64s\"", name);
	}
	*ret_name = name;
	*ret_value = equals + 1;
	return 1;
}

/* Nothing, or a comment. */
static bool is_end(const char *rest)
{
	size_t n = strspn(rest, " \t");

	return !rest[n] || (n > 0 && rest[n] == '#');
}

int kd_assignment_unquote(char *value)
{
	char quote = value[0], *end;
	size_t n;

	if (quote == '"' || quote == '\'') {
		end = strchr(value + 1, quote);
		if (!end || !is_end(end + 1))
			return -EINVAL;
		n = (size_t)(end - value) - 1;
		memmove(value, value + 1, n);
		value[n] = '\0';
	} else {
		n = strcspn(value, " \t");
		if (!is_end(value + n))
			return -EINVAL;
		value[n] = '\0';
		if (strpbrk(value, "\"';&|<>()"))
			return -EINVAL;
	}
	return quote != '\'' && strpbrk(value, "$`\\") ? -EINVAL : 0;
}

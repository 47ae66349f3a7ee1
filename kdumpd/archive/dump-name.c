/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Taking the name of a dump's folder apart: see dump-name.h. Trusts no name. Called by
 * archive.c.
 */
#include "kdumpd/archive/dump-name.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/guard.h"

static const struct {
	const char *format;
	const char *form; /* 0 stands for a digit */
} stamps[] = {
	{ "%Y-%m-%d-%H:%M:%S", "0000-00-00-00:00:00" },
	{ "%Y-%m-%d-%H_%M_%S", "0000-00-00-00_00_00" }, /* vfat has no colons */
	{ "%Y%m%d%H%M", "000000000000" },
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool has_form(const char *text, const char *form)
{
	for (; *form; text++, form++)
		if (*form == '0' ? !is_digit(*text) : *text != *form)
			return false;
	return true;
}

/* Where the number that was added to a name that was taken begins, else the end. */
static size_t end_of_stamp(const char *name)
{
	size_t n = strlen(name), at = n;

	while (at && is_digit(name[at - 1]))
		at--;
	return at > 0 && at < n && name[at - 1] == '.' ? at - 1 : n;
}

/* Index of the form and where the time begins; negative when there is none. */
static int find(const char *name, size_t *ret_start)
{
	size_t end = end_of_stamp(name);

	for (size_t i = 0; i < ARRAY_SIZE(stamps); i++) {
		size_t n = strlen(stamps[i].form);

		if (end < n || !has_form(name + end - n, stamps[i].form))
			continue;
		*ret_start = end - n;
		return (int)i;
	}
	return -1;
}

int64_t kd_dump_name_time(const char *name, bool utc)
{
	struct tm tm = { .tm_isdst = -1 };
	char stamp[32];
	size_t start;
	int i = find(name, &start);

	if (i < 0)
		return -1;
	(void)snprintf(stamp, sizeof(stamp), "%.*s", (int)strlen(stamps[i].form),
		       name + start);
	if (!strptime(stamp, stamps[i].format, &tm))
		return -1;
	if (!utc)
		return (int64_t)mktime(&tm);
	tm.tm_isdst = 0;
	return (int64_t)timegm(&tm);
}

void kd_dump_name_host(const char *name, char *ret, size_t size)
{
	size_t start;

	ret[0] = '\0';
	if (find(name, &start) < 0 || start == 0)
		return;
	/* without the '-' in between */
	(void)snprintf(ret, size, "%.*s", (int)(start - 1), name);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names of dump folders: see names.h. Trusts nothing in the host name, which came over
 * the crash in the plan. Called by target.c.
 */
#include "capture-kernel/names.h"

#include <limits.h>
#include <string.h>
#include <time.h>

static void clean_host(const char *host, char *ret, size_t size)
{
	size_t n = 0;

	if (host[0] == '\0')
		host = "127.0.0.1";
	for (; host[n] != '\0' && n < size - 1; n++) {
		unsigned char c = (unsigned char)host[n];

		ret[n] = c < 0x20 || c == 0x7f || c == '/' ? '_' : (char)c;
	}
	ret[n] = '\0';
	if (ret[0] == '.')
		ret[0] = '_';
}

int kd_dump_name(const char *host, int64_t time, unsigned int number, char *ret,
		 size_t size)
{
	char name[NAME_MAX + 1], clean[NAME_MAX + 1], suffix[16] = "";
	struct tm tm;
	int r;

	if (!gmtime_r(&(time_t) { (time_t)time }, &tm))
		return -EOVERFLOW;
	clean_host(host, clean, sizeof(clean));
	if (number > 0)
		(void)snprintf(suffix, sizeof(suffix), ".%u", number);
	r = snprintf(name, sizeof(name), "%s-%04d-%02d-%02d-%02d:%02d:%02d%s", clean,
		     tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min,
		     tm.tm_sec, suffix);
	if (r < 0 || (size_t)r >= sizeof(name) || (size_t)r >= size)
		return -ENAMETOOLONG;
	memcpy(ret, name, (size_t)r + 1);
	return 0;
}

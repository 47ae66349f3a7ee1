/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names of dump folders: see names.h. Trusts nothing in the host name, which came over
 * the crash in the plan. Called by target.c.
 */
#include "capture-kernel/names.h"

#include <limits.h>
#include <string.h>
#include <time.h>

#include "base/guard.h"

#define DATE_LENGTH 20 /* "-YYYY-MM-DD-HH:MM:SS" */

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

/* On vfat a colon became an underscore: make_dump_dir(), target.c. */
static bool fits(char form, char c)
{
	if (form == 'd')
		return c >= '0' && c <= '9';
	return c == form || (form == ':' && c == '_');
}

/* "-2026-11-30-06:12:00" */
static bool parse_date(const char *text, int64_t *ret)
{
	static const char form[] = "-dddd-dd-dd-dd:dd:dd";
	int v[6] = { 0 };
	struct tm tm;
	size_t n = 0;

	for (size_t i = 0; form[i] != '\0'; i++) {
		if (!fits(form[i], text[i]))
			return false;
		if (form[i] == 'd')
			v[n] = v[n] * 10 + (text[i] - '0');
		else if (i > 0)
			n++;
	}
	tm = (struct tm) { .tm_year = v[0] - 1900,
			   .tm_mon = v[1] - 1,
			   .tm_mday = v[2],
			   .tm_hour = v[3],
			   .tm_min = v[4],
			   .tm_sec = v[5] };
	if (v[1] < 1 || v[1] > 12 || v[2] < 1 || v[2] > 31)
		return false;
	*ret = (int64_t)timegm(&tm);
	return true;
}

int kd_dump_name_read(const char *name, const char *host, int64_t *ret)
{
	size_t length = strlen(name), digits = 0;
	char clean[NAME_MAX + 1];

	/* what a name that was taken got */
	while (digits < length && strchr("0123456789", name[length - 1 - digits]))
		digits++;
	if (digits > 0 && digits + 1 < length && name[length - 1 - digits] == '.')
		length -= digits + 1;
	clean_host(host, clean, sizeof(clean));
	if (length != strlen(clean) + DATE_LENGTH ||
	    memcmp(name, clean, strlen(clean)) != 0 ||
	    !parse_date(name + length - DATE_LENGTH, ret))
		return -EINVAL;
	return 0;
}

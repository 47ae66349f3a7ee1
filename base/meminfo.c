/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lines of /proc/meminfo: see meminfo.h. Trusts nothing about the text, which a capture
 * kernel short of memory may have cut.
 */
#include "base/meminfo.h"

#include <string.h>

#include "base/parse.h"

int kd_meminfo_value(const char *text, size_t size, const char *key, uint64_t *ret)
{
	size_t n = strlen(key) + 1; /* and the colon */
	struct kd_lines it = { .rest = text, .left = size };
	char value[64], *unit;
	uint64_t kib;

	while (kd_lines_next(&it)) {
		if (it.length <= n || memcmp(it.line, key, n - 1) != 0 ||
		    it.line[n - 1] != ':')
			continue;
		if (it.length - n >= sizeof(value))
			return -EBADMSG;
		memcpy(value, it.line + n, it.length - n);
		value[it.length - n] = '\0';
		unit = strstr(value, " kB");
		if (!unit)
			return -EBADMSG;
		*unit = '\0';
		if (kd_parse_u64(kd_strip(value), &kib) < 0 || kib > UINT64_MAX / 1024)
			return -EBADMSG;
		*ret = kib * 1024;
		return 0;
	}
	return -ENODATA;
}

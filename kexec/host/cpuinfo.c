/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lines of the first CPU: see cpuinfo.h. Reads no more of the file than is asked for: of a
 * large machine it is some MiB.
 */
#include "kexec/host/cpuinfo.h"

#include <string.h>

#include "kexec/host/source.h"

int kd_cpuinfo_first(int root_fd, char *ret, size_t size, struct kd_error *err)
{
	int n = kd_source_head(root_fd, "proc/cpuinfo", ret, size - 1, err);
	char *end;

	ret[MAX(n, 0)] = '\0';
	/* a line without text ends it */
	end = strstr(ret, "\n\n");
	if (end)
		*end = '\0';
	return MIN(n, 0);
}

char *kd_cpuinfo_value(char *line, const char *key)
{
	char *colon = strchr(line, ':');

	if (!colon || strncmp(line, key, strlen(key)) != 0 ||
	    strspn(line + strlen(key), " \t") != (size_t)(colon - line) - strlen(key))
		return NULL;
	return colon + 1;
}

bool kd_cpuinfo_has_word(const char *value, const char *word)
{
	size_t length = strlen(word);

	for (const char *at = value; (at = strstr(at, word)); at += length)
		if ((at == value || at[-1] == ' ') &&
		    (at[length] == ' ' || at[length] == '\0'))
			return true;
	return false;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names in a folder: see folder.h. Trusts none of them to be anything but a name, and
 * bounds how many there are.
 */
#include "base/folder.h"

#include <string.h>

#include "base/io.h"

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

int kd_folder_names(int dir_fd, const char *path, size_t max, struct kd_strlist *ret)
{
	_cleanup_(kd_closedirp) DIR *dir = NULL;
	const struct dirent *e;
	int r = kd_opendir_at(dir_fd, path, &dir);

	if (r < 0)
		return r == -ENOENT ? 0 : r;
	for (errno = 0; r == 0 && ret->n < max && (e = readdir(dir)); errno = 0)
		if (e->d_name[0] != '.')
			r = kd_strlist_add(ret, e->d_name);
	if (r == 0 && ret->n < max)
		r = -errno;
	if (ret->n)
		qsort(ret->items, ret->n, sizeof(*ret->items), compare);
	return r;
}

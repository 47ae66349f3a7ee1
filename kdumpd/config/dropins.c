/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Listing drop-ins: see dropins.h. Trusts no name; what a file holds is the parser's.
 * Called by settings.c.
 */
#include "kdumpd/config/dropins.h"

#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#include "base/io.h"

static const char *const folders[] = { KD_DROPINS_ETC, KD_DROPINS_USR };

static bool is_dropin(const char *name)
{
	size_t n = strlen(name);

	return name[0] != '.' && n > 5 && strcmp(name + n - 5, ".conf") == 0;
}

static int list_folder(int root_fd, const char *folder, struct kd_strlist *names)
{
	_cleanup_(kd_closedirp) DIR *dir = NULL;
	const struct dirent *e;
	int r = kd_opendir_at(root_fd, folder, &dir);

	if (r < 0)
		return r == -ENOENT ? 0 : r;
	for (errno = 0; r >= 0 && (e = readdir(dir)); errno = 0)
		if (is_dropin(e->d_name))
			r = kd_strlist_add(names, e->d_name);
	return r < 0 ? r : -errno;
}

/** What a folder has by a name. */
enum entry {
	ABSENT,
	MASK,
	PRESENT,
};

static enum entry look(int root_fd, const char *path)
{
	char link[sizeof("/dev/null")];
	struct stat st;
	ssize_t n;

	n = readlinkat(root_fd, path, link, sizeof(link));
	if (n == (ssize_t)strlen("/dev/null") &&
	    memcmp(link, "/dev/null", (size_t)n) == 0)
		return MASK;
	if (fstatat(root_fd, path, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return ABSENT;
	return S_ISREG(st.st_mode) && st.st_size == 0 ? MASK : PRESENT;
}

static int add_first(int root_fd, const char *name, struct kd_strlist *ret)
{
	char path[sizeof(KD_DROPINS_USR) + NAME_MAX + 1];

	for (size_t i = 0; i < ARRAY_SIZE(folders); i++) {
		enum entry entry;

		(void)snprintf(path, sizeof(path), "%s/%s", folders[i], name);
		entry = look(root_fd, path);
		if (entry != ABSENT)
			return entry == PRESENT ? kd_strlist_add(ret, path) : 0;
	}
	return 0; /* it went away meanwhile */
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

int kd_dropins_list(int root_fd, struct kd_strlist *ret, struct kd_config_report *report)
{
	_cleanup_(kd_strlist_done) struct kd_strlist names = { 0 };
	char folder[64];
	int r = 0;

	for (size_t i = 0; i < ARRAY_SIZE(folders); i++) {
		r = list_folder(root_fd, folders[i], &names);
		if (r == -ENOMEM)
			return r;
		(void)snprintf(folder, sizeof(folder), "/%s", folders[i]);
		if (r < 0)
			kd_config_complain(report, folder, 0, /* warning= */ false, "%s",
					   strerror(-r));
	}
	if (names.n > KD_DROPINS_MAX) {
		kd_config_complain(report, "/" KD_DROPINS_ETC, 0, /* warning= */ false,
				   "%zu files; at most %d are read", names.n,
				   KD_DROPINS_MAX);
		return 0;
	}
	if (names.n)
		qsort(names.items, names.n, sizeof(*names.items), by_name);
	for (size_t i = 0; i < names.n && r >= 0; i++)
		r = add_first(root_fd, names.items[i], ret);
	return r == -ENOMEM ? r : 0;
}

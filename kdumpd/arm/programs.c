/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Programs for the image: see programs.h. What they need to start, libraries and
 * interpreters, the image builder adds. Trusts the administrator's choice, not that it is
 * there. Called by inputs.c.
 */
#include "kdumpd/arm/programs.h"

#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#include "base/folder.h"
#include "capture-kernel/image/root.h"
#include "makedumpfile/options.h"

static const char *const folders[] = { "/etc/kdump/pre.d", "/etc/kdump/post.d",
				       "/etc/kdump/emergency.d" };

/* Where a program without a path is looked for, here and by the capture's pid 1. */
static const char *const places[] = { "/usr/local/sbin", "/usr/local/bin", "/usr/sbin",
				      "/usr/bin",	 "/sbin",	   "/bin" };

static int check(int root_fd, const char *path)
{
	_cleanup_(kd_closep) int fd = kd_root_open(root_fd, path, O_PATH);
	struct stat st;

	if (fd < 0)
		return fd;
	if (fstat(fd, &st) < 0)
		return -errno;
	return S_ISREG(st.st_mode) && (st.st_mode & 0111) ? 0 : -EACCES;
}

static int add(int root_fd, const char *key, const char *path, struct kd_strlist *ret,
	       struct kd_error *err)
{
	int r = check(root_fd, path);

	if (r == -EACCES)
		return kd_fail_msg(err, r, "%s: %s is no program: chmod +x?", key, path);
	if (r >= 0)
		r = kd_strlist_add(ret, path);
	return r < 0 ? kd_fail(err, r, "%s: %s", key, path) : 0;
}

static int add_words(int root_fd, const char *key, const char *words,
		     struct kd_strlist *ret, struct kd_error *err)
{
	char word[PATH_MAX];
	int r = 0;

	while (r == 0 && *(words += strspn(words, " \t"))) {
		size_t n = strcspn(words, " \t");

		if (n >= sizeof(word))
			return kd_fail(err, -ENAMETOOLONG, "%s", key);
		memcpy(word, words, n);
		word[n] = '\0';
		r = add(root_fd, key, word, ret, err);
		words += n;
	}
	return r;
}

/* Hidden files and what cannot be run are no hooks. */
static int add_folder(int root_fd, const char *folder, struct kd_strlist *ret,
		      struct kd_error *err)
{
	_cleanup_(kd_strlist_done) struct kd_strlist names = { 0 };
	_cleanup_(kd_closep) int fd = -EBADF;
	char path[PATH_MAX];
	int r;

	fd = kd_root_open(root_fd, folder, O_RDONLY | O_DIRECTORY);
	if (fd == -ENOENT)
		return 0;
	r = fd < 0 ? fd : kd_folder_names(fd, ".", SIZE_MAX, &names);
	for (size_t i = 0; r == 0 && i < names.n; i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", folder, names.items[i]);
		if (check(root_fd, path) == 0)
			r = kd_strlist_add(ret, path);
	}
	return r < 0 ? kd_fail(err, r, "%s", folder) : 0;
}

static int add_collector(int root_fd, const char *line, struct kd_strlist *ret,
			 struct kd_error *err)
{
	_cleanup_(kd_freep) char *room = malloc(strlen(line) + 1);
	char *argv[KD_COLLECTOR_WORDS], path[PATH_MAX];
	int r;

	if (!room)
		return kd_fail(err, -ENOMEM, "core_collector");
	r = kd_collector_words(line, room, argv, err);
	if (r <= 0)
		return r < 0 ? kd_fail(err, r, "core_collector") : 0;
	if (strchr(argv[0], '/'))
		return add(root_fd, "core_collector", argv[0], ret, err);
	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", places[i], argv[0]);
		if (check(root_fd, path) == 0)
			return add(root_fd, "core_collector", path, ret, err);
	}
	return kd_fail_msg(err, -ENOENT, "core_collector: there is no program %s",
			   argv[0]);
}

int kd_programs_find(int root_fd, const struct kd_programs_wish *wish,
		     struct kd_strlist *ret, struct kd_error *err)
{
	const struct {
		const char *key, *path;
	} hooks[] = {
		{ "kdump_pre", wish->pre },
		{ "kdump_post", wish->post },
		{ "kdump_emergency", wish->emergency },
	};
	int r = 0;

	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(hooks); i++)
		if (hooks[i].path[0])
			r = add(root_fd, hooks[i].key, hooks[i].path, ret, err);
	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(folders); i++)
		r = add_folder(root_fd, folders[i], ret, err);
	if (r == 0)
		r = add_words(root_fd, "extra_bins", wish->extra_bins, ret, err);
	if (r == 0 && kd_collector_is_command(wish->collector))
		r = add_collector(root_fd, wish->collector, ret, err);
	return r;
}

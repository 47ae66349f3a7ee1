/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writing an imported kdump.conf: see import-write.h. The old file gets a second name
 * before the new one takes its first: at no moment is there none. Trusts nothing about
 * the old one.
 */
#include "kdumpd/config/import-write.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "base/atomic-file.h"
#include "base/io.h"
#include "base/parse.h"
#include "kdumpd/config/config.h"

#define BACKUP	    KD_CONFIG_PATH ".before-import"
#define BACKUPS_MAX 100

static bool has_settings(const char *text, size_t size)
{
	struct kd_lines it = { .rest = text, .left = size };

	while (kd_lines_next(&it)) {
		size_t i = 0;

		while (i < it.length && (it.line[i] == ' ' || it.line[i] == '\t'))
			i++;
		if (i < it.length && it.line[i] != '#' && it.line[i] != '\r')
			return true;
	}
	return false;
}

static int keep(int root_fd, char ret[static 64], struct kd_error *err)
{
	for (int i = 1; i <= BACKUPS_MAX; i++) {
		if (i == 1)
			(void)snprintf(ret, 64, BACKUP);
		else
			(void)snprintf(ret, 64, BACKUP ".%d", i);
		if (linkat(root_fd, KD_CONFIG_PATH, root_fd, ret, 0) >= 0)
			return 0;
		if (errno != EEXIST)
			return kd_fail(err, -errno, "/%s", ret);
	}
	return kd_fail_msg(err, -EEXIST, "/" BACKUP ".*: %d of them; remove some first",
			   BACKUPS_MAX);
}

int kd_import_write(int root_fd, const char *text, size_t size, bool force,
		    char ret_backup[static 64], struct kd_error *err)
{
	_cleanup_(kd_freep) char *old = NULL;
	struct stat st = { .st_mode = 0644 };
	size_t old_size;
	int r;

	ret_backup[0] = '\0';
	r = kd_read_file_at(root_fd, KD_CONFIG_PATH, KD_CONFIG_MAX_SIZE, &old, &old_size,
			    NULL);
	if (r < 0 && r != -ENOENT)
		return kd_fail(err, r, "/" KD_CONFIG_PATH);
	if (r >= 0) {
		if (!force && has_settings(old, old_size))
			return kd_fail_msg(err, -EEXIST,
					   "/" KD_CONFIG_PATH
					   " has settings already: compare them with "
					   "`kdumpctl import`; --force replaces them and "
					   "keeps the file");
		if (fstatat(root_fd, KD_CONFIG_PATH, &st, 0) < 0)
			return kd_fail(err, -errno, "/" KD_CONFIG_PATH);
		r = keep(root_fd, ret_backup, err);
		if (r < 0)
			return r;
	}
	return kd_replace_file_at(root_fd, KD_CONFIG_PATH, text, size, st.st_mode & 0777,
				  err);
}

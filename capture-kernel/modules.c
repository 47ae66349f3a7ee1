/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Loading modules: see modules.h. Trusts the image that was built on the healthy
 * system, but bounds the list all the same. Called by the modules phase.
 */
#include "capture-kernel/modules.h"

#include <fcntl.h>
#include <string.h>
#include <sys/syscall.h>

#include "base/io.h"
#include "base/parse.h"

int kd_modules_split(char *text, struct kd_modules *ret)
{
	char *line, *rest = text;

	while ((line = strsep(&rest, "\n"))) {
		line = kd_strip(line);
		line += strspn(line, "/");
		if (line[0] == '\0')
			continue;
		if (ret->n == KD_MODULES_MAX)
			return -E2BIG;
		ret->paths[ret->n++] = line;
	}
	return 0;
}

int kd_modules_read_at(int root_fd, const char *path, struct kd_modules *ret,
		       struct kd_error *err)
{
	char *text;
	int r;

	ret->text = NULL;
	ret->n = 0;
	r = kd_read_file_at(root_fd, path, KD_MODULES_LIST_SIZE, &text, NULL, err);
	if (r == -ENOENT) {
		kd_error_reset(err);
		return 0;
	}
	if (r < 0)
		return r;
	ret->text = text;
	r = kd_modules_split(text, ret);
	return r < 0 ? kd_fail(err, r, "%s", path) : 0;
}

void kd_modules_done(struct kd_modules *m)
{
	free(m->text);
	m->text = NULL;
	m->n = 0;
}

void kd_module_name(const char *path, char *ret, size_t size)
{
	const char *slash = strrchr(path, '/');

	path = slash ? slash + 1 : path;
	(void)snprintf(ret, size, "%.*s", (int)strcspn(path, "."), path);
}

bool kd_module_is_softdog(const char *path)
{
	char name[32];

	kd_module_name(path, name, sizeof(name));
	return strcmp(name, "softdog") == 0;
}

bool kd_module_is_watchdog(const char *path)
{
	return strstr(path, "/drivers/watchdog/") && !kd_module_is_softdog(path);
}

int kd_module_load_at(int root_fd, const char *path, struct kd_error *err)
{
	_cleanup_(kd_closep) int fd = openat(root_fd, path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return kd_fail(err, -errno, "%s", path);
	if (syscall(SYS_finit_module, fd, "", 0) >= 0)
		return 0;
	return errno == EEXIST ? 1 : kd_fail(err, -errno, "%s", path);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Looking for watchdogs: see watchdog.h. A server may have some hundred devices without a
 * driver, and the status is to be told in milliseconds: depmod's text of aliases is read
 * once, for the few modules that count, which is quicker than to ask libkmod for each
 * device. What is beyond the limits is not looked at. Trusts /sys and /lib/modules.
 */
#include "kdumpd/report/watchdog.h"

#include <fcntl.h>
#include <fnmatch.h>
#include <limits.h>
#include <string.h>

#include "base/io.h"
#include "base/strlist.h"
#include "capture-kernel/image/module-list.h"
#include "capture-kernel/image/root.h"

#define DRIVERS	    "kernel/drivers/watchdog"
#define DEVICES_MAX 4096 /* of a bus */
#define ALIAS_SIZE  1024
#define ALIASES_MAX (16u << 20) /* bytes of modules.alias; Debian's has 1.2 MB */

/**
 * @devices: modaliases of those without a driver
 * @drivers: names of the modules that count, sorted
 */
struct search {
	int root_fd;
	const char *release;
	struct kd_strlist devices, drivers;
};

static void search_done(struct search *s)
{
	kd_strlist_done(&s->devices);
	kd_strlist_done(&s->drivers);
}

/* softdog stops with the kernel it watches over: it is none for this purpose. */
static bool is_hardware(int class_fd, const char *name)
{
	char path[300], identity[64];

	(void)snprintf(path, sizeof(path), "%s/identity", name);
	return kd_read_line_at(class_fd, path, identity, sizeof(identity), NULL) < 0 ||
	       strcmp(identity, "Software Watchdog") != 0;
}

int kd_watchdog_find(int root_fd)
{
	_cleanup_(kd_closedirp) DIR *dir = NULL;
	const struct dirent *e;
	int r;

	r = kd_opendir_at(root_fd, "sys/class/watchdog", &dir);
	if (r < 0)
		return r == -ENOENT ? 0 : r;
	while ((e = readdir(dir)))
		if (e->d_name[0] != '.' && is_hardware(dirfd(dir), e->d_name))
			return 1;
	return 0;
}

static int add_undriven(int devices_fd, const char *name, struct kd_strlist *ret)
{
	char path[300], alias[ALIAS_SIZE];

	(void)snprintf(path, sizeof(path), "%s/driver", name);
	if (faccessat(devices_fd, path, F_OK, AT_SYMLINK_NOFOLLOW) >= 0)
		return 0;
	(void)snprintf(path, sizeof(path), "%s/modalias", name);
	if (kd_read_line_at(devices_fd, path, alias, sizeof(alias), NULL) < 0 ||
	    !alias[0])
		return 0;
	return kd_strlist_add(ret, alias);
}

static int add_bus(int buses_fd, const char *bus, struct kd_strlist *ret)
{
	_cleanup_(kd_closedirp) DIR *dir = NULL;
	const struct dirent *e;
	char path[300];
	int r;

	(void)snprintf(path, sizeof(path), "%s/devices", bus);
	if (kd_opendir_at(buses_fd, path, &dir) < 0)
		return 0;
	r = 0;
	for (size_t n = 0; r >= 0 && n < DEVICES_MAX && (e = readdir(dir)); n++)
		if (e->d_name[0] != '.')
			r = add_undriven(dirfd(dir), e->d_name, ret);
	return r;
}

static int add_devices(struct search *s)
{
	_cleanup_(kd_closedirp) DIR *dir = NULL;
	const struct dirent *e;
	int r;

	r = kd_opendir_at(s->root_fd, "sys/bus", &dir);
	while (r >= 0 && (e = readdir(dir)))
		if (e->d_name[0] != '.')
			r = add_bus(dirfd(dir), e->d_name, &s->devices);
	return r == -ENOENT ? 0 : r;
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Files are named "a-b.ko.xz" where the kernel, and modules.alias, say "a_b". */
static int add_drivers(struct search *s, const char *folder)
{
	_cleanup_(kd_closedirp) DIR *dir = NULL;
	const struct dirent *e;
	char path[PATH_MAX];
	int r;

	(void)snprintf(path, sizeof(path), "%s/" DRIVERS, folder + 1);
	r = kd_opendir_at(s->root_fd, path, &dir);
	if (r < 0)
		return r == -ENOENT ? 0 : r;
	while (r >= 0 && (e = readdir(dir))) {
		const char *end = strstr(e->d_name, ".ko");
		char name[KD_MODULE_NAME];

		if (!end || end - e->d_name >= KD_MODULE_NAME)
			continue;
		(void)snprintf(name, sizeof(name), "%.*s", (int)(end - e->d_name),
			       e->d_name);
		for (char *c = name; *c; c++)
			if (*c == '-')
				*c = '_';
		r = kd_strlist_add(&s->drivers, name);
	}
	if (s->drivers.n)
		qsort(s->drivers.items, s->drivers.n, sizeof(*s->drivers.items), compare);
	return r;
}

static bool drives_one(const struct search *s, const char *pattern)
{
	size_t plain = strcspn(pattern, "*?[");

	for (size_t i = 0; i < s->devices.n; i++)
		if (strncmp(pattern, s->devices.items[i], plain) == 0 &&
		    fnmatch(pattern, s->devices.items[i], 0) == 0)
			return true;
	return false;
}

static bool is_loaded(int root_fd, const char *name)
{
	char path[sizeof("sys/module/") + KD_MODULE_NAME];

	(void)snprintf(path, sizeof(path), "sys/module/%s", name);
	return faccessat(root_fd, path, F_OK, 0) >= 0;
}

/* "alias PATTERN MODULE". Returns the module when it is one to name. */
static const char *read_alias(const struct search *s, char *line)
{
	char *name = strrchr(line, ' ');
	const char *pattern = line + strlen("alias ");

	if (strncmp(line, "alias ", strlen("alias ")) != 0 || name <= pattern)
		return NULL;
	*name++ = '\0';
	if (!bsearch(&name, s->drivers.items, s->drivers.n, sizeof(*s->drivers.items),
		     compare) ||
	    !drives_one(s, pattern) || is_loaded(s->root_fd, name))
		return NULL;
	return name;
}

static int choose(const struct search *s, char *text, struct kd_module_driver *ret)
{
	struct kd_module_driver found = { .name = "" };
	const char *name;
	char *line;
	int r = 0;

	while ((line = strsep(&text, "\n"))) {
		name = read_alias(s, line);
		if (!name)
			continue;
		r = kd_module_is_blacklisted(s->root_fd, s->release, name,
					     /* err= */ NULL);
		if (r < 0)
			return r;
		(void)snprintf(found.name, sizeof(found.name), "%s", name);
		found.blacklisted = r;
		if (!found.blacklisted)
			break;
	}
	if (!found.name[0])
		return 0;
	*ret = found;
	return 1;
}

int kd_watchdog_driver(int root_fd, const char *release, struct kd_module_driver *ret)
{
	_cleanup_(search_done) struct search s = { .root_fd = root_fd,
						   .release = release };
	_cleanup_(kd_freep) char *text = NULL, *folder = NULL;
	char path[PATH_MAX];
	size_t size;
	int r;

	r = add_devices(&s);
	if (r < 0 || s.devices.n == 0)
		return r;
	if (!release[0] || release[0] == '.' || strchr(release, '/'))
		return -EINVAL;
	(void)snprintf(path, sizeof(path), "/lib/modules/%s", release);
	r = kd_root_realpath(root_fd, path, &folder);
	if (r >= 0)
		r = add_drivers(&s, folder);
	if (r < 0 || s.drivers.n == 0)
		return r;
	(void)snprintf(path, sizeof(path), "%s/modules.alias", folder);
	r = kd_root_read(root_fd, path, ALIASES_MAX, &text, &size, /* err= */ NULL);
	return r < 0 ? r : choose(&s, text, ret);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Looking for watchdogs: see watchdog.h. A machine has some hundred devices, and most have
 * a driver; what is beyond the limits is not looked at. Trusts /sys.
 */
#include "kdumpd/report/watchdog.h"

#include <fcntl.h>
#include <string.h>

#include "base/io.h"

#define FOLDER	    "kernel/drivers/watchdog/"
#define DEVICES_MAX 4096
#define ALIAS_SIZE  1024

static int open_folder(int dir_fd, const char *path, DIR **ret)
{
	int fd = openat(dir_fd, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	*ret = fdopendir(fd);
	if (*ret)
		return 0;
	kd_close(fd);
	return -ENOMEM;
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

	r = open_folder(root_fd, "sys/class/watchdog", &dir);
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
	if (open_folder(buses_fd, path, &dir) < 0)
		return 0;
	r = 0;
	for (size_t n = 0; r >= 0 && n < DEVICES_MAX && (e = readdir(dir)); n++)
		if (e->d_name[0] != '.')
			r = add_undriven(dirfd(dir), e->d_name, ret);
	return r;
}

int kd_watchdog_driver(int root_fd, const char *release, struct kd_module_driver *ret)
{
	_cleanup_(kd_strlist_done) struct kd_strlist aliases = { 0 };
	_cleanup_(kd_closedirp) DIR *dir = NULL;
	const struct dirent *e;
	int r;

	r = open_folder(root_fd, "sys/bus", &dir);
	while (r >= 0 && (e = readdir(dir)))
		if (e->d_name[0] != '.')
			r = add_bus(dirfd(dir), e->d_name, &aliases);
	if (r < 0 || aliases.n == 0)
		return r == -ENOENT ? 0 : r;
	return kd_module_find_driver(root_fd, release, (const char *const *)aliases.items,
				     FOLDER, ret,
				     /* err= */ NULL);
}

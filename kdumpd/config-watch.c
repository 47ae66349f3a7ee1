/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Watching the configuration: see config-watch.h. A folder that comes is found by its
 * parent's event. Trusts the kernel's events.
 */
#include "kdumpd/config-watch.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/inotify.h>

#include "base/io.h"
#include "kdumpd/config/config.h"
#include "kdumpd/config/dropins.h"
#include "kdumpd/config/sysconfig.h"

#define GONE (IN_IGNORED | IN_MOVE_SELF) /* of a folder itself */
#define EVENTS                                                                  \
	(IN_CREATE | IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | \
	 IN_MOVE_SELF | IN_ONLYDIR)

/* Files and folders of files that are read, each with its parent. */
static const char *const paths[] = {
	KD_CONFIG_PATH,		  KD_DROPINS_ETC,  KD_DROPINS_USR, KD_SYSCONFIG_PATH,
	KD_SYSCONFIG_PATH_DEBIAN, "etc/sysconfig", "etc/default",
};

static const char *const folders[] = {
	"etc", "etc/sysconfig", "etc/default", "usr/lib", KD_DROPINS_ETC, KD_DROPINS_USR,
};
static_assert(ARRAY_SIZE(folders) == KD_CONFIG_FOLDERS, "a source for each folder");

static bool is_dropins(const char *folder)
{
	return strcmp(folder, KD_DROPINS_ETC) == 0 || strcmp(folder, KD_DROPINS_USR) == 0;
}

bool kd_config_watch_counts(const char *folder, const char *name)
{
	size_t n = strlen(folder);

	if (is_dropins(folder)) {
		const char *dot = strrchr(name, '.');

		return dot && name[0] != '.' && strcmp(dot, ".conf") == 0;
	}
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++)
		if (strncmp(paths[i], folder, n) == 0 && paths[i][n] == '/' &&
		    strcmp(paths[i] + n + 1, name) == 0)
			return true;
	return false;
}

static int add_missing(struct kd_config_watch *w);

static int on_change(sd_event_source *source, const struct inotify_event *event,
		     void *userdata)
{
	struct kd_config_watch *w = userdata;
	size_t i = 0;

	while (i < KD_CONFIG_FOLDERS && w->sources[i] != source)
		i++;
	if (i == KD_CONFIG_FOLDERS)
		return 0;
	if (event->mask & GONE)
		w->sources[i] = sd_event_source_disable_unref(source);
	else if (!(event->mask & IN_Q_OVERFLOW) &&
		 !kd_config_watch_counts(folders[i], event->len ? event->name : ""))
		return 0;
	(void)add_missing(w);
	w->told(w->context);
	return 0;
}

/* One that is not there is no error: its parent's event will tell. */
static int add_missing(struct kd_config_watch *w)
{
	for (size_t i = 0; i < KD_CONFIG_FOLDERS; i++) {
		_cleanup_(kd_closep) int fd = -EBADF;
		int r;

		if (w->sources[i])
			continue;
		fd = openat(w->root_fd, folders[i], O_PATH | O_DIRECTORY | O_CLOEXEC);
		if (fd < 0)
			continue;
		r = sd_event_add_inotify_fd(w->event, &w->sources[i], fd, EVENTS,
					    on_change, w);
		if (r < 0)
			return r;
		/* what an arming or a request does comes first */
		(void)sd_event_source_set_priority(w->sources[i], SD_EVENT_PRIORITY_IDLE);
	}
	return 0;
}

int kd_config_watch_init(struct kd_config_watch *w, sd_event *event, int root_fd,
			 kd_config_told told, void *context)
{
	*w = (struct kd_config_watch) {
		.event = event, .root_fd = root_fd, .told = told, .context = context
	};
	return add_missing(w);
}

void kd_config_watch_done(struct kd_config_watch *w)
{
	for (size_t i = 0; i < KD_CONFIG_FOLDERS; i++)
		w->sources[i] = sd_event_source_disable_unref(w->sources[i]);
}

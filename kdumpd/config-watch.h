/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files of the configuration that are written, replaced or removed, as inotify tells of
 * them: an idle daemon sleeps until somebody edits one. Folders are watched, since editors
 * put a new file in the old one's place; where a file is a link to elsewhere, only the link
 * is. Trusts no name. Called by manager.c.
 */
#pragma once

#include <systemd/sd-event.h>

#include "base/types.h"

#define KD_CONFIG_FOLDERS 6

/** Something was changed, maybe only its time. */
typedef void (*kd_config_told)(void *context);

/** @sources: of each folder that is there; NULL for one that is not, or no longer */
struct kd_config_watch {
	sd_event *event;
	int root_fd;
	kd_config_told told;
	void *context;
	sd_event_source *sources[KD_CONFIG_FOLDERS];
};

/** Begin. @root_fd: borrowed. A folder that is not there is watched from when it comes.
 *  Errors of inotify; kd_config_watch_done() whatever comes back. */
int kd_config_watch_init(struct kd_config_watch *w, sd_event *event, int root_fd,
			 kd_config_told told, void *context);
void kd_config_watch_done(struct kd_config_watch *w);

/** Whether what is called @name, in the folder @folder below the root, is of the
 *  configuration, or may hold what is. Pure. */
bool kd_config_watch_counts(const char *folder, const char *name);

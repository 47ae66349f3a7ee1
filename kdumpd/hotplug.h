/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * CPUs and memory that come and go, volumes and arrays that are changed, as udev tells of
 * them: what is loaded was made for others. The socket filters: devices of other kinds do
 * not wake the daemon. Called by manager.c.
 */
#pragma once

#include <systemd/sd-device.h>

#include "base/types.h"

/** Something came or went. */
typedef void (*kd_hotplug_told)(void *context);

struct kd_hotplug {
	sd_device_monitor *monitor;
	kd_hotplug_told told;
	void *context;
};

/** Listen. Errors of the socket (-EAFNOSUPPORT in a sandbox without netlink).
 *  kd_hotplug_done() whatever comes back. */
int kd_hotplug_init(struct kd_hotplug *h, sd_event *event, kd_hotplug_told told,
		    void *context);
void kd_hotplug_done(struct kd_hotplug *h);

/** Whether a device of these names can make a loaded image stale. Of disks those that are
 *  made of others: the plan holds their tables, and a volume that was moved since would be
 *  written where it no longer is. Pure. */
bool kd_hotplug_counts(const char *subsystem, const char *name);

/** Whether that kind of event can make a loaded image stale: the CPUs present and the
 *  ranges of RAM change by add and remove; memory that goes online may have been added
 *  before anybody listened. Pure. */
bool kd_hotplug_matters(sd_device_action_t action);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * CPUs and memory that come and go, as udev tells of them. The socket filters: devices of
 * other kinds do not wake the daemon. Called by manager.c.
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

/** Whether that kind of event can make a loaded image stale: the CPUs present and the
 *  ranges of RAM change by add and remove; memory that goes online may have been added
 *  before anybody listened. Pure. */
bool kd_hotplug_matters(sd_device_action_t action);

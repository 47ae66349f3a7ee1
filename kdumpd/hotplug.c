/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Listening to udev: see hotplug.h. sd-device drops what was not sent by root; an event
 * lost to a full socket is no loss, since those before it have started the clock.
 */
#include "kdumpd/hotplug.h"

#include <string.h>

#include "base/guard.h"

/* devtype NULL: of any */
static const struct {
	const char *subsystem, *devtype;
} kinds[] = {
	{ "cpu", NULL },
	{ "memory", NULL },
	{ "block", "disk" }, /* device-mapper's and RAID's are disks, too */
};

bool kd_hotplug_counts(const char *subsystem, const char *name)
{
	return strcmp(subsystem, "block") != 0 || strncmp(name, "dm-", 3) == 0 ||
	       strncmp(name, "md", 2) == 0;
}

bool kd_hotplug_matters(sd_device_action_t action)
{
	switch (action) {
	case SD_DEVICE_ADD:
	case SD_DEVICE_REMOVE:
	case SD_DEVICE_ONLINE:
	case SD_DEVICE_OFFLINE:
	case SD_DEVICE_CHANGE:
		return true;
	default: /* a driver bound, a name changed */
		return false;
	}
}

static int on_device(sd_device_monitor *monitor, sd_device *device, void *userdata)
{
	const char *subsystem, *name;
	struct kd_hotplug *h = userdata;
	sd_device_action_t action;

	(void)monitor;
	if (sd_device_get_action(device, &action) >= 0 && kd_hotplug_matters(action) &&
	    sd_device_get_subsystem(device, &subsystem) >= 0 &&
	    sd_device_get_sysname(device, &name) >= 0 &&
	    kd_hotplug_counts(subsystem, name))
		h->told(h->context);
	return 0;
}

int kd_hotplug_init(struct kd_hotplug *h, sd_event *event, kd_hotplug_told told,
		    void *context)
{
	int r;

	*h = (struct kd_hotplug) { .told = told, .context = context };
	r = sd_device_monitor_new(&h->monitor);
	for (size_t i = 0; r >= 0 && i < ARRAY_SIZE(kinds); i++)
		r = sd_device_monitor_filter_add_match_subsystem_devtype(
			h->monitor, kinds[i].subsystem, kinds[i].devtype);
	if (r >= 0)
		r = sd_device_monitor_attach_event(h->monitor, event);
	if (r >= 0)
		r = sd_device_monitor_start(h->monitor, on_device, h);
	return r < 0 ? r : 0;
}

void kd_hotplug_done(struct kd_hotplug *h)
{
	h->monitor = sd_device_monitor_unref(h->monitor);
}

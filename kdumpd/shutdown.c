/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Asking whether the machine is going down: see shutdown.h. A connection of its own and a
 * call that waits, since nothing but the end comes after it. Trusts systemd.
 */
#include "kdumpd/shutdown.h"

#include <string.h>
#include <systemd/sd-bus.h>

#include "base/guard.h"

#define TIMEOUT_USEC (5ull * 1000 * 1000)

bool kd_is_shutdown(void)
{
	_cleanup_(sd_bus_flush_close_unrefp) sd_bus *bus = NULL;
	_cleanup_(kd_freep) char *state = NULL;

	if (sd_bus_open_system(&bus) < 0)
		return true;
	(void)sd_bus_set_method_call_timeout(bus, TIMEOUT_USEC);
	if (sd_bus_get_property_string(
		    bus, "org.freedesktop.systemd1", "/org/freedesktop/systemd1",
		    "org.freedesktop.systemd1.Manager", "SystemState", NULL, &state) < 0)
		return true;
	return strcmp(state, "stopping") == 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Being on the system bus whenever there is one: the daemon starts before it, and outlives
 * its restarts. Called by manager.c.
 */
#pragma once

#include "base/log.h"
#include "kdumpd/bus.h"

#define KD_BUS_ADDRESS "unix:path=/run/dbus/system_bus_socket"

/**
 * @address: of the bus; @log: both borrowed
 * @again:   when to connect anew; @delay: the next one's, in microseconds
 */
struct kd_bus {
	const char *address;
	const struct kd_log *log;
	sd_event *event;
	sd_event_source *again;
	sd_bus *bus;
	uint64_t delay;
	struct kd_bus_object object;
};

/**
 * Connect as soon as there is something to connect to: its socket is watched for, nothing
 * waits. A bus that breaks off is connected to anew after 1 s, then ever later, up to a
 * minute.
 *
 * @address: KD_BUS_ADDRESS but in tests; @log, @ops, @context: borrowed, as @event
 * Errors: -ENOMEM and the like; kd_bus_done() whatever comes back.
 */
int kd_bus_init(struct kd_bus *b, sd_event *event, const char *address,
		const struct kd_log *log);
void kd_bus_done(struct kd_bus *b);

/** Something may have changed: tell of it if it has. */
void kd_bus_changed(struct kd_bus *b);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * org.kdumpd.Kdump1: what the daemon offers on the system bus, see org.kdumpd.Kdump1(5).
 * The interface alone: what it tells and does comes from the ops, how it gets onto a bus
 * is bus-connection.h's, who may do what authorize.h's. Called by bus-connection.c.
 */
#pragma once

#include <systemd/sd-bus.h>

#include "kdumpd/queue.h"
#include "kdumpd/summary.h"

#define KD_BUS_NAME	 "org.kdumpd.Kdump1"
#define KD_BUS_PATH	 "/org/kdumpd/Kdump1"
#define KD_BUS_INTERFACE "org.kdumpd.Kdump1"

/**
 * @summary: what is so now
 * @request: take work in; its done() is called in the end. -ENOBUFS
 */
struct kd_bus_ops {
	void (*summary)(void *context, struct kd_summary *ret);
	int (*request)(void *context, const struct kd_request *request);
};

/**
 * @ops, @context: borrowed
 * @told:    what properties last were; @told_at: when that was, CLOCK_MONOTONIC
 * The rest are the places of texts, where sd-bus looks for them.
 */
struct kd_bus_object {
	const struct kd_bus_ops *ops;
	void *context;
	struct kd_summary told;
	uint64_t told_at;
	const char *version, *release, *target, *loaded_by, *error, *last_boot,
		*last_dump;
	char **reasons, **full;
};

/** Offer the object on @bus. It must outlive the connection, and is not to be moved. */
int kd_bus_object_add(sd_bus *bus, struct kd_bus_object *object);

/** Look whether anything is different from what was told last, and tell that. */
void kd_bus_object_refresh(sd_bus *bus, struct kd_bus_object *object);

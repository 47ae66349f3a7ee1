/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Connecting: see bus-connection.h. Trusts the bus to say truly that the name is ours;
 * without its policy file it will not be, which is said once a connection.
 */
#include "kdumpd/bus-connection.h"

#include <string.h>

#define SECOND	  1000000ull
#define DELAY_MAX (60 * SECOND)
#define LOCAL	  "org.freedesktop.DBus.Local"
#define LOCAL_AT  "/org/freedesktop/DBus/Local"

static int connect_bus(struct kd_bus *b);

static void drop(struct kd_bus *b)
{
	b->bus = sd_bus_close_unref(b->bus);
}

static void connect_later(struct kd_bus *b)
{
	(void)sd_event_source_set_time_relative(b->again, b->delay);
	(void)sd_event_source_set_enabled(b->again, SD_EVENT_ONESHOT);
	b->delay = MIN(2 * b->delay, DELAY_MAX);
}

static int on_again(sd_event_source *source, uint64_t usec, void *userdata)
{
	struct kd_bus *b = userdata;

	(void)source;
	(void)usec;
	drop(b);
	if (connect_bus(b) < 0)
		connect_later(b);
	return 0;
}

static int on_name(sd_bus_message *reply, void *userdata, sd_bus_error *error)
{
	const struct kd_bus *b = userdata;
	const sd_bus_error *why = sd_bus_message_get_error(reply);

	(void)error;
	if (why)
		kd_log(b->log, KD_LOG_WARNING, "D-Bus: no name " KD_BUS_NAME ": %s",
		       why->message);
	return 0;
}

static int on_connected(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	struct kd_bus *b = userdata;
	int r;

	(void)m;
	(void)error;
	b->delay = SECOND;
	r = sd_bus_request_name_async(b->bus, NULL, KD_BUS_NAME, 0, on_name, b);
	if (r < 0)
		kd_log(b->log, KD_LOG_WARNING, "D-Bus: %s", strerror(-r));
	return 0;
}

/* Not here but a moment later: this is called from within the connection that ends. */
static int on_disconnected(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	(void)m;
	(void)error;
	connect_later(userdata);
	return 0;
}

static int connect_bus(struct kd_bus *b)
{
	int r;

	r = sd_bus_new(&b->bus);
	if (r >= 0)
		r = sd_bus_set_address(b->bus, b->address);
	if (r >= 0)
		r = sd_bus_set_bus_client(b->bus, true);
	if (r >= 0)
		r = sd_bus_set_watch_bind(b->bus, true);
	if (r >= 0)
		r = sd_bus_set_connected_signal(b->bus, true);
	if (r >= 0)
		r = sd_bus_attach_event(b->bus, b->event, SD_EVENT_PRIORITY_NORMAL);
	if (r >= 0)
		r = sd_bus_match_signal_async(b->bus, NULL, LOCAL, LOCAL_AT, LOCAL,
					      "Connected", on_connected, NULL, b);
	if (r >= 0)
		r = sd_bus_match_signal_async(b->bus, NULL, LOCAL, LOCAL_AT, LOCAL,
					      "Disconnected", on_disconnected, NULL, b);
	if (r >= 0)
		r = kd_bus_object_add(b->bus, &b->object);
	if (r >= 0)
		r = sd_bus_start(b->bus);
	return r;
}

int kd_bus_init(struct kd_bus *b, sd_event *event, const char *address,
		const struct kd_log *log)
{
	int r;

	b->address = address;
	b->log = log;
	b->event = event;
	b->delay = SECOND;
	r = sd_event_add_time(event, &b->again, CLOCK_MONOTONIC, UINT64_MAX, 0, on_again,
			      b);
	if (r >= 0)
		r = sd_event_source_set_enabled(b->again, SD_EVENT_OFF);
	return r < 0 ? r : connect_bus(b);
}

void kd_bus_done(struct kd_bus *b)
{
	drop(b);
	b->again = sd_event_source_unref(b->again);
}

void kd_bus_changed(struct kd_bus *b)
{
	if (b->bus)
		kd_bus_object_refresh(b->bus, &b->object);
}

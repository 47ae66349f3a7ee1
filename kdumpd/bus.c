/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The interface: see bus.h. sd-bus reads properties where the table says they are; each
 * method asks for permission, stands in line and answers when the work is over. Trusts
 * nobody on the bus.
 */
#include "kdumpd/bus.h"

#include <string.h>

#include "kdumpd/authorize.h"
#include "kdumpd/dumps-text.h"
#include "kdumpd/version.h"

#define ERROR_FAILED	  KD_BUS_INTERFACE ".Error.Failed"
#define ERROR_INTERRUPTED KD_BUS_INTERFACE ".Error.Interrupted"

/* Who reads property by property makes us look once. */
#define FRESH_USEC 50000

/* What of a summary each property tells: for finding out whether it has changed. */
static const struct property {
	const char *name;
	size_t offset, size;
} properties[] = {
#define PROPERTY(name, field)                                            \
	{                                                                \
		name, offsetof(struct kd_summary, field),                \
			sizeof(((const struct kd_summary *)NULL)->field) \
	}
	PROPERTY("Operational", operational),
	PROPERTY("Armed", armed),
	PROPERTY("Reasons", texts),
	PROPERTY("ConfigChanged", config_changed),
	PROPERTY("FullTargets", points),
	PROPERTY("ArmedTimestamp", armed_usec),
	PROPERTY("Release", release),
	PROPERTY("Target", target),
	PROPERTY("LoadedBy", loaded_by),
	PROPERTY("ImageBytes", image_bytes),
	PROPERTY("ReservedBytes", reserved_bytes),
	PROPERTY("LastError", error),
	PROPERTY("LastErrorTimestamp", error_usec),
	PROPERTY("LastBoot", last_boot),
	PROPERTY("LastDump", last_dump),
#undef PROPERTY
};

static const void *field_of(const struct kd_summary *s, const struct property *p)
{
	return (const char *)s + p->offset;
}

void kd_bus_object_refresh(sd_bus *bus, struct kd_bus_object *o)
{
	const char *names[ARRAY_SIZE(properties) + 1];
	struct kd_summary old = o->told;
	size_t n = 0;

	o->ops->summary(o->context, &o->told);
	(void)sd_event_now(sd_bus_get_event(bus), CLOCK_MONOTONIC, &o->told_at);
	for (size_t i = 0; i < ARRAY_SIZE(properties); i++)
		if (memcmp(field_of(&old, &properties[i]),
			   field_of(&o->told, &properties[i]), properties[i].size) != 0)
			names[n++] = properties[i].name;
	names[n] = NULL;
	if (n)
		(void)sd_bus_emit_properties_changed_strv(
			bus, KD_BUS_PATH, KD_BUS_INTERFACE, (char **)names);
}

/* Reading properties begins here: what is read is what is so now, and what has changed
 * unnoticed is told. */
static int on_message(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	struct kd_bus_object *o = userdata;
	sd_bus *bus = sd_bus_message_get_bus(m);
	uint64_t now = 0;

	(void)error;
	if (!sd_bus_message_is_method_call(m, "org.freedesktop.DBus.Properties", NULL))
		return 0;
	(void)sd_event_now(sd_bus_get_event(bus), CLOCK_MONOTONIC, &now);
	if (now > o->told_at + FRESH_USEC)
		kd_bus_object_refresh(bus, o);
	return 0;
}

static int append_dumps(sd_bus_message *reply, const char *text, size_t size)
{
	struct kd_dump_line d;
	int r, more;

	r = sd_bus_message_open_container(reply, 'a', "(ssstt)");
	while (r >= 0 && (more = kd_dumps_text_next(&text, &size, &d)) != 0)
		r = more < 0 ? more
			     : sd_bus_message_append(reply, "(ssstt)", d.path, d.state,
						     d.release, d.usec, d.bytes);
	return r < 0 ? r : sd_bus_message_close_container(reply);
}

static void reply_done(sd_bus_message *call, const char *text, size_t size)
{
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
	int r;

	r = sd_bus_message_new_method_return(call, &reply);
	if (r >= 0 && sd_bus_message_is_method_call(call, NULL, "ListDumps"))
		r = append_dumps(reply, text, size);
	if (r >= 0)
		r = sd_bus_send(NULL, reply, NULL);
	if (r < 0)
		(void)sd_bus_reply_method_errno(call, r, NULL);
}

static void on_done(void *context, enum kd_work_end end, const char *text, size_t size)
{
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *call = context;

	switch (end) {
	case KD_WORK_DONE:
		reply_done(call, text, size);
		break;
	case KD_WORK_FAILED:
		(void)sd_bus_reply_method_errorf(call, ERROR_FAILED, "%s", text);
		break;
	case KD_WORK_KILLED:
		(void)sd_bus_reply_method_errorf(
			call, ERROR_INTERRUPTED,
			"the work was killed, or not done after 90 s; the journal of "
			"kdumpd.service may tell why");
		break;
	}
}

/* @action: the method's, its last word the work's name. */
static void on_authorized(sd_bus_message *call, const char *action, int r, void *userdata)
{
	const struct kd_bus_object *o = userdata;
	struct kd_request request = { .done = on_done };

	if (r == -ENOKEY)
		(void)sd_bus_reply_method_errorf(
			call, SD_BUS_ERROR_INTERACTIVE_AUTHORIZATION_REQUIRED,
			"%s needs an administrator's password", action);
	else if (r < 0)
		(void)sd_bus_reply_method_errorf(call, SD_BUS_ERROR_ACCESS_DENIED,
						 "%s is not allowed to you", action);
	if (r < 0)
		return;
	(void)kd_work_from_name(strrchr(action, '.') + 1, &request.work);
	request.context = sd_bus_message_ref(call);
	if (o->ops->request(o->context, &request) >= 0)
		return;
	sd_bus_message_unref(call);
	(void)sd_bus_reply_method_errorf(call, SD_BUS_ERROR_LIMITS_EXCEEDED,
					 "too many requests are waiting");
}

static int ask(sd_bus_message *call, const char *action, void *userdata)
{
	int r = kd_authorize(call, action, on_authorized, userdata);

	return r < 0 ? r : 1;
}

#define ACTION "org.kdumpd.kdump1."

static int on_arm(sd_bus_message *call, void *userdata, sd_bus_error *error)
{
	(void)error;
	return ask(call, ACTION "arm", userdata);
}

static int on_rebuild(sd_bus_message *call, void *userdata, sd_bus_error *error)
{
	(void)error;
	return ask(call, ACTION "rebuild", userdata);
}

static int on_disarm(sd_bus_message *call, void *userdata, sd_bus_error *error)
{
	(void)error;
	return ask(call, ACTION "disarm", userdata);
}

static int on_list_dumps(sd_bus_message *call, void *userdata, sd_bus_error *error)
{
	(void)error;
	return ask(call, ACTION "list-dumps", userdata);
}

#define CHANGES SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE
#define CONST	SD_BUS_VTABLE_PROPERTY_CONST
#define OPEN	SD_BUS_VTABLE_UNPRIVILEGED
#define AT(f)	offsetof(struct kd_bus_object, f)

static const sd_bus_vtable vtable[] = {
	SD_BUS_VTABLE_START(0),
	SD_BUS_PROPERTY("Version", "s", NULL, AT(version), CONST),
	SD_BUS_PROPERTY("Operational", "b", NULL, AT(told.operational), CHANGES),
	SD_BUS_PROPERTY("Armed", "b", NULL, AT(told.armed), CHANGES),
	SD_BUS_PROPERTY("Reasons", "as", NULL, AT(reasons), CHANGES),
	SD_BUS_PROPERTY("ConfigChanged", "b", NULL, AT(told.config_changed), CHANGES),
	SD_BUS_PROPERTY("FullTargets", "as", NULL, AT(full), CHANGES),
	SD_BUS_PROPERTY("ArmedTimestamp", "t", NULL, AT(told.armed_usec), CHANGES),
	SD_BUS_PROPERTY("Release", "s", NULL, AT(release), CHANGES),
	SD_BUS_PROPERTY("Target", "s", NULL, AT(target), CHANGES),
	SD_BUS_PROPERTY("LoadedBy", "s", NULL, AT(loaded_by), CHANGES),
	SD_BUS_PROPERTY("ImageBytes", "t", NULL, AT(told.image_bytes), CHANGES),
	SD_BUS_PROPERTY("ReservedBytes", "t", NULL, AT(told.reserved_bytes), CHANGES),
	SD_BUS_PROPERTY("LastError", "s", NULL, AT(error), CHANGES),
	SD_BUS_PROPERTY("LastErrorTimestamp", "t", NULL, AT(told.error_usec), CHANGES),
	SD_BUS_PROPERTY("LastBoot", "s", NULL, AT(last_boot), CHANGES),
	SD_BUS_PROPERTY("LastDump", "s", NULL, AT(last_dump), CHANGES),
	SD_BUS_METHOD("Arm", NULL, NULL, on_arm, OPEN),
	SD_BUS_METHOD("Rebuild", NULL, NULL, on_rebuild, OPEN),
	SD_BUS_METHOD("Disarm", NULL, NULL, on_disarm, OPEN),
	SD_BUS_METHOD_WITH_NAMES("ListDumps", NULL, , "a(ssstt)", SD_BUS_PARAM(dumps),
				 on_list_dumps, OPEN),
	SD_BUS_VTABLE_END,
};

int kd_bus_object_add(sd_bus *bus, struct kd_bus_object *o)
{
	int r;

	o->ops->summary(o->context, &o->told);
	o->version = KD_VERSION;
	o->release = o->told.release;
	o->target = o->told.target;
	o->loaded_by = o->told.loaded_by;
	o->error = o->told.error;
	o->last_boot = o->told.last_boot;
	o->last_dump = o->told.last_dump;
	o->reasons = o->told.reasons;
	o->full = o->told.full;
	r = sd_bus_add_filter(bus, NULL, on_message, o);
	if (r < 0)
		return r;
	return sd_bus_add_object_vtable(bus, NULL, KD_BUS_PATH, KD_BUS_INTERFACE, vtable,
					o);
}

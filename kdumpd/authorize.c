/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Asking polkit: see authorize.h; its interface is org.freedesktop.PolicyKit1.Authority.
 * First the bus says which user the caller is: root needs no polkit, which may not be
 * installed. A caller that is gone meanwhile costs a lookup that finds nobody.
 */
#include "kdumpd/authorize.h"

#include <sys/types.h>

#include "base/guard.h"

/* People look for their password. */
#define ANSWER_USEC (120ull * 1000 * 1000)

#define ALLOW_INTERACTION 1u

struct question {
	sd_bus_message *call;
	const char *action;
	kd_authorized done;
	void *userdata;
};

static void question_free(struct question *q)
{
	if (q)
		sd_bus_message_unref(q->call);
	free(q);
}
KD_DEFINE_GUARD(struct question, question_free)

static void answer(const struct question *q, int r)
{
	q->done(q->call, q->action, r, q->userdata);
}

static int on_polkit(sd_bus_message *reply, void *userdata, sd_bus_error *error)
{
	_cleanup_(question_freep) struct question *q = userdata;
	int allowed = 0, challenge = 0, r = -EACCES;

	(void)error;
	if (!sd_bus_message_is_method_error(reply, NULL) &&
	    sd_bus_message_enter_container(reply, 'r', "bba{ss}") > 0 &&
	    sd_bus_message_read(reply, "bb", &allowed, &challenge) > 0) {
		if (allowed)
			r = 0;
		else if (challenge)
			r = -ENOKEY;
	}
	answer(q, r);
	return 0;
}

static int ask_polkit(struct question *q)
{
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *m = NULL;
	sd_bus *bus = sd_bus_message_get_bus(q->call);
	uint32_t flags = sd_bus_message_get_allow_interactive_authorization(q->call) > 0
				 ? ALLOW_INTERACTION
				 : 0;
	int r;

	r = sd_bus_message_new_method_call(bus, &m, "org.freedesktop.PolicyKit1",
					   "/org/freedesktop/PolicyKit1/Authority",
					   "org.freedesktop.PolicyKit1.Authority",
					   "CheckAuthorization");
	if (r >= 0)
		r = sd_bus_message_append(m, "(sa{sv})sa{ss}us", "system-bus-name", 1,
					  "name", "s", sd_bus_message_get_sender(q->call),
					  q->action, 0, flags, "");
	return r < 0 ? r : sd_bus_call_async(bus, NULL, m, on_polkit, q, ANSWER_USEC);
}

static int on_user(sd_bus_message *reply, void *userdata, sd_bus_error *error)
{
	_cleanup_(question_freep) struct question *q = userdata;
	uint32_t user;

	(void)error;
	if (sd_bus_message_is_method_error(reply, NULL) ||
	    sd_bus_message_read(reply, "u", &user) <= 0)
		answer(q, -EACCES);
	else if (user == 0)
		answer(q, 0);
	else if (ask_polkit(q) < 0)
		answer(q, -EACCES);
	else
		(void)TAKE_PTR(q); /* on_polkit() has it */
	return 0;
}

int kd_authorize(sd_bus_message *call, const char *action, kd_authorized done,
		 void *userdata)
{
	_cleanup_(question_freep) struct question *q = calloc(1, sizeof(*q));
	const char *sender = sd_bus_message_get_sender(call);
	int r;

	if (!q)
		return -ENOMEM;
	if (!sender) /* no bus between the two of us, so nobody who knows the caller */
		return -EACCES;
	*q = (struct question) { .call = sd_bus_message_ref(call),
				 .action = action,
				 .done = done,
				 .userdata = userdata };
	r = sd_bus_call_method_async(sd_bus_message_get_bus(call), NULL,
				     "org.freedesktop.DBus", "/org/freedesktop/DBus",
				     "org.freedesktop.DBus", "GetConnectionUnixUser",
				     on_user, q, "s", sender);
	if (r < 0)
		return r;
	(void)TAKE_PTR(q);
	return 0;
}

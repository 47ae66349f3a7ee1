/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kdumpd/bus on a dbus-daemon of its own, with polkit played here: properties and their
 * changes, who may call what, that introspection and manual say the same, and that the
 * bus may come late and go away.
 */
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <systemd/sd-event.h>

#include "base/io.h"
#include "kdumpd/bus-connection.h"
#include "tests/unit/private-bus.h"
#include "tests/unit/test.h"

#define NOBODY 65534
#define LIMIT  (20ull * 1000 * 1000)

/**
 * @said:   what the daemon would find
 * @works:  what it was asked to do; @end: how that ends
 * @change: three properties change with the work
 */
struct world {
	struct private_bus private;
	struct fake_polkit polkit;
	sd_event *event;
	struct kd_log log;
	struct kd_bus bus;
	struct kd_summary said;
	char works[128];
	enum kd_work_end end;
	bool change;
};

static void summary(void *context, struct kd_summary *ret)
{
	const struct world *w = context;

	*ret = w->said;
	for (size_t i = 0; i < KD_SUMMARY_REASONS; i++)
		ret->reasons[i] = ret->texts[i][0] ? ret->texts[i] : NULL;
	for (size_t i = 0; i < KD_PLAN_TARGETS; i++)
		ret->full[i] = ret->points[i][0] ? ret->points[i] : NULL;
}

static int request(void *context, const struct kd_request *what)
{
	static const char sorry[] = "target /dev/vdz: no such device";
	static const char dumps[] = "/a\0complete\0006.1\0001\0002\0/b\0log\0\0000\0003";
	struct world *w = context;
	bool list = what->work == KD_WORK_LIST_DUMPS;

	if (strcmp(w->works, "full") == 0)
		return -ENOBUFS;
	(void)snprintf(w->works, sizeof(w->works), "%s", kd_work_name(what->work));
	if (w->change) {
		w->said.armed = true;
		(void)strcpy(w->said.points[0], "/srv");
		(void)strcpy(w->said.target, "ext4 UUID=2 /");
		kd_bus_changed(&w->bus);
	}
	what->done(what->context, w->end, list ? dumps : sorry,
		   list ? sizeof(dumps) : sizeof(sorry) - 1);
	return 0;
}

static void setup(struct test *t, struct world *w)
{
	static const struct kd_bus_ops ops = { .summary = summary, .request = request };

	*w = (struct world) { .log = { .fd = STDERR_FILENO, .name = "test" } };
	private_bus_init(&w->private);
	CHECK_INT(t, sd_event_new(&w->event), 0);
	w->bus.object = (struct kd_bus_object) { .ops = &ops, .context = w };
	CHECK(t, kd_bus_init(&w->bus, w->event, w->private.address, &w->log) >= 0);
}

static void teardown(struct world *w)
{
	fake_polkit_done(&w->polkit);
	kd_bus_done(&w->bus);
	sd_event_unref(w->event);
	private_bus_done(&w->private);
}

static void play(struct world *w, enum polkit_answer answer)
{
	fake_polkit_play(&w->polkit, &w->private, w->event, answer);
}

/* A bus with the daemon on it, which takes a moment; NULL when that never comes. */
static sd_bus *reach(const char *address)
{
	for (int i = 0; i < 150; i++) {
		_cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
		sd_bus *bus = NULL;
		int owned = 0;

		if (sd_bus_new(&bus) >= 0 && sd_bus_set_address(bus, address) >= 0 &&
		    sd_bus_set_bus_client(bus, true) >= 0 && sd_bus_start(bus) >= 0 &&
		    sd_bus_call_method(bus, "org.freedesktop.DBus",
				       "/org/freedesktop/DBus", "org.freedesktop.DBus",
				       "NameHasOwner", NULL, &reply, "s",
				       KD_BUS_NAME) >= 0 &&
		    sd_bus_message_read(reply, "b", &owned) > 0 && owned)
			return bus;
		sd_bus_close_unref(bus);
		(void)usleep(100000);
	}
	return NULL;
}

/* Runs @client in another process, as @user, while this one serves the bus. */
static void with_client(struct test *t, struct world *w, uid_t user,
			void (*client)(struct test *t, sd_bus *bus))
{
	uint64_t now, end;
	int status = -1;
	pid_t pid;

	(void)fflush(stdout);
	pid = fork();
	if (pid == 0) {
		_cleanup_(sd_bus_flush_close_unrefp) sd_bus *bus = NULL;
		struct test own = { .name = t->name };

		if (geteuid() == 0 && setuid(user) < 0)
			_exit(2);
		bus = reach(w->private.address);
		if (!bus)
			_exit(3);
		client(&own, bus);
		(void)fflush(stdout);
		_exit(own.failures != 0);
	}
	(void)sd_event_now(w->event, CLOCK_MONOTONIC, &now);
	for (end = now + LIMIT; now < end;
	     (void)sd_event_now(w->event, CLOCK_MONOTONIC, &now)) {
		if (waitpid(pid, &status, WNOHANG) == pid)
			break;
		CHECK(t, sd_event_run(w->event, 20000) >= 0);
	}
	if (now >= end)
		(void)kill(pid, SIGKILL);
	CHECK_INT(t, status, 0);
}

/* "" for success, else the error's name; @ret_text may be NULL. */
static void call(sd_bus *bus, const char *method, bool interactive, char ret_name[128],
		 char ret_text[256])
{
	_cleanup_(sd_bus_error_free) sd_bus_error error = SD_BUS_ERROR_NULL;
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *m = NULL;

	(void)sd_bus_message_new_method_call(bus, &m, KD_BUS_NAME, KD_BUS_PATH,
					     KD_BUS_INTERFACE, method);
	(void)sd_bus_message_set_allow_interactive_authorization(m, interactive);
	(void)sd_bus_call(bus, m, LIMIT, &error, NULL);
	(void)snprintf(ret_name, 128, "%s", error.name ? error.name : "");
	if (ret_text)
		(void)snprintf(ret_text, 256, "%s", error.message ? error.message : "");
}

static void free_list(char **list)
{
	for (char **s = list; s && *s; s++)
		free(*s);
	free(list);
}

static void read_properties(struct test *t, sd_bus *bus)
{
	_cleanup_(kd_freep) char *text = NULL;
	uint64_t number = 0;
	char **list = NULL;
	int armed = -1, changed = -1;

	CHECK(t,
	      sd_bus_get_property_trivial(bus, KD_BUS_NAME, KD_BUS_PATH, KD_BUS_INTERFACE,
					  "Armed", NULL, 'b', &armed) >= 0);
	CHECK_INT(t, armed, 0);
	CHECK(t, sd_bus_get_property_strv(bus, KD_BUS_NAME, KD_BUS_PATH, KD_BUS_INTERFACE,
					  "Reasons", NULL, &list) >= 0);
	CHECK(t, list && list[0] && list[1] && !list[2]);
	CHECK_STR(t, list[0], "no capture kernel is loaded");
	CHECK(t,
	      sd_bus_get_property_trivial(bus, KD_BUS_NAME, KD_BUS_PATH, KD_BUS_INTERFACE,
					  "ReservedBytes", NULL, 't', &number) >= 0);
	CHECK_INT(t, number, 96 << 20);
	CHECK(t,
	      sd_bus_get_property_string(bus, KD_BUS_NAME, KD_BUS_PATH, KD_BUS_INTERFACE,
					 "Target", NULL, &text) >= 0);
	CHECK_STR(t, text, "ext4 UUID=1 /var/crash");
	free_list(list);
	CHECK(t, sd_bus_get_property_strv(bus, KD_BUS_NAME, KD_BUS_PATH, KD_BUS_INTERFACE,
					  "FullTargets", NULL, &list) >= 0);
	CHECK(t, list && list[0] && !list[1]);
	CHECK_STR(t, list[0], "/srv");
	free_list(list);
	CHECK(t,
	      sd_bus_get_property_trivial(bus, KD_BUS_NAME, KD_BUS_PATH, KD_BUS_INTERFACE,
					  "ConfigChanged", NULL, 'b', &changed) >= 0);
	CHECK_INT(t, changed, 1);
}

/* Members between <interface name="org.kdumpd.Kdump1"> and its end, as the manual has
 * them: "*Name* (type)" and "*Name*()". */
static unsigned int check_members(struct test *t, const char *xml, const char *manual)
{
	const char *at = strstr(xml, "<interface name=\"" KD_BUS_INTERFACE "\">"), *end;
	char name[64], type[16], line[128];
	unsigned int n = 0;

	CHECK(t, at);
	end = at ? strstr(at, "</interface>") : NULL;
	for (; end && at < end; at++) {
		if (sscanf(at, "<property name=\"%63[^\"]\" type=\"%15[^\"]\"", name,
			   type) == 2)
			(void)snprintf(line, sizeof(line), "\n*%s* (%s)\n", name, type);
		else if (sscanf(at, "<method name=\"%63[^\"]\"", name) == 1)
			(void)snprintf(line, sizeof(line), "\n*%s*()", name);
		else
			continue;
		n++;
		if (!strstr(manual, line))
			test_failed(t, __FILE__, __LINE__, "the manual lacks %s", name);
	}
	return n;
}

static void read_introspection(struct test *t, sd_bus *bus)
{
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
	_cleanup_(kd_freep) char *manual = NULL;
	unsigned int in_manual = 0;
	const char *xml = "";

	CHECK(t, kd_read_file_at(AT_FDCWD, KD_SOURCE_DIR "/man/org.kdumpd.Kdump1.5.scd",
				 1 << 20, &manual, NULL, NULL) >= 0);
	CHECK(t, sd_bus_call_method(bus, KD_BUS_NAME, KD_BUS_PATH,
				    "org.freedesktop.DBus.Introspectable", "Introspect",
				    NULL, &reply, "") >= 0);
	CHECK(t, sd_bus_message_read(reply, "s", &xml) > 0);
	for (const char *at = manual; at && (at = strstr(at, "\n*")); at++) {
		const char *star = strchr(at + 2, '*');

		in_manual += star && (strncmp(star, "* (", 3) == 0 ||
				      strncmp(star, "*()", 3) == 0);
	}
	CHECK(t, in_manual > 10);
	CHECK_INT(t, check_members(t, xml, manual ? manual : ""), in_manual);
}

static void tells(struct test *t)
{
	_cleanup_(teardown) struct world w;

	setup(t, &w);
	(void)strcpy(w.said.texts[0], "no capture kernel is loaded");
	(void)strcpy(w.said.texts[1], "second");
	(void)strcpy(w.said.target, "ext4 UUID=1 /var/crash");
	(void)strcpy(w.said.points[0], "/srv");
	w.said.config_changed = true;
	w.said.reserved_bytes = 96 << 20;
	private_bus_start(&w.private);
	with_client(t, &w, NOBODY, read_properties);
	with_client(t, &w, NOBODY, read_introspection);
}

static int on_change(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	unsigned int *changes = userdata;
	const char *interface, *name;

	(void)error;
	if (sd_bus_message_read(m, "s", &interface) <= 0 ||
	    sd_bus_message_enter_container(m, 'a', "{sv}") <= 0)
		return -EBADMSG;
	while (sd_bus_message_enter_container(m, 'e', "sv") > 0) {
		if (sd_bus_message_read(m, "s", &name) <= 0 ||
		    sd_bus_message_skip(m, "v") < 0 ||
		    sd_bus_message_exit_container(m) < 0)
			return -EBADMSG;
		*changes += strcmp(name, "Armed") == 0 || strcmp(name, "Target") == 0 ||
					    strcmp(name, "FullTargets") == 0
				    ? 1
				    : 100;
	}
	return 0;
}

static void see_change(struct test *t, sd_bus *bus)
{
	unsigned int changes = 0;
	char name[128];

	CHECK(t, sd_bus_match_signal(bus, NULL, KD_BUS_NAME, KD_BUS_PATH,
				     "org.freedesktop.DBus.Properties",
				     "PropertiesChanged", on_change, &changes) >= 0);
	call(bus, "Arm", false, name, NULL);
	for (int i = 0; i < 100 && !changes; i++)
		if (sd_bus_process(bus, NULL) == 0)
			(void)sd_bus_wait(bus, 100000);
	CHECK_INT(t, changes, 3);
}

static void tells_changes(struct test *t)
{
	_cleanup_(teardown) struct world w;

	setup(t, &w);
	private_bus_start(&w.private);
	play(&w, POLKIT_ALLOWS);
	w.change = true;
	with_client(t, &w, 0, see_change);
}

static void call_as_root(struct test *t, sd_bus *bus)
{
	char name[128], text[256];

	call(bus, "Rebuild", false, name, text);
	CHECK_STR(t, name, KD_BUS_INTERFACE ".Error.Failed");
	CHECK_STR(t, text, "target /dev/vdz: no such device");
}

static void call_well(struct test *t, sd_bus *bus)
{
	char name[128];

	call(bus, "Disarm", false, name, NULL);
	CHECK_STR(t, name, "");
}

static void call_list(struct test *t, sd_bus *bus)
{
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
	const char *path = "", *state, *release;
	uint64_t time, bytes = 0;

	CHECK(t, sd_bus_call_method(bus, KD_BUS_NAME, KD_BUS_PATH, KD_BUS_INTERFACE,
				    "ListDumps", NULL, &reply, "") >= 0);
	CHECK(t, sd_bus_message_enter_container(reply, 'a', "(ssstt)") > 0);
	CHECK(t, sd_bus_message_read(reply, "(ssstt)", &path, &state, &release, &time,
				     &bytes) > 0);
	CHECK_STR(t, path, "/a");
	CHECK_INT(t, bytes, 2);
	CHECK(t, sd_bus_message_read(reply, "(ssstt)", &path, &state, &release, &time,
				     &bytes) > 0);
	CHECK_STR(t, path, "/b");
	CHECK_STR(t, release, "");
	CHECK_INT(t, sd_bus_message_at_end(reply, false), 1);
}

static void call_full(struct test *t, sd_bus *bus)
{
	char name[128];

	call(bus, "Arm", false, name, NULL);
	CHECK_STR(t, name, SD_BUS_ERROR_LIMITS_EXCEEDED);
}

static void call_killed(struct test *t, sd_bus *bus)
{
	char name[128];

	call(bus, "Arm", false, name, NULL);
	CHECK_STR(t, name, KD_BUS_INTERFACE ".Error.Interrupted");
}

/* Whoever runs the tests: root, or somebody polkit allows it. */
static void works(struct test *t)
{
	_cleanup_(teardown) struct world w;

	setup(t, &w);
	private_bus_start(&w.private);
	play(&w, POLKIT_ALLOWS);
	w.end = KD_WORK_FAILED;
	with_client(t, &w, 0, call_as_root);
	CHECK_STR(t, w.works, "rebuild");
	w.end = KD_WORK_DONE;
	with_client(t, &w, 0, call_well);
	CHECK_STR(t, w.works, "disarm");
	with_client(t, &w, 0, call_list);
	w.end = KD_WORK_KILLED;
	with_client(t, &w, 0, call_killed);
	(void)strcpy(w.works, "full");
	with_client(t, &w, 0, call_full);
	CHECK(t, geteuid() != 0 || !w.polkit.asked[0]); /* root needs no polkit */
}

static void call_denied(struct test *t, sd_bus *bus)
{
	char name[128];

	call(bus, "Disarm", false, name, NULL);
	CHECK_STR(t, name, SD_BUS_ERROR_ACCESS_DENIED);
}

static void call_challenged(struct test *t, sd_bus *bus)
{
	char name[128];

	call(bus, "Disarm", true, name, NULL);
	CHECK_STR(t, name, SD_BUS_ERROR_INTERACTIVE_AUTHORIZATION_REQUIRED);
}

static void asks_polkit(struct test *t)
{
	static const struct {
		enum polkit_answer how;
		void (*client)(struct test *t, sd_bus *bus);
		const char *works;
		unsigned int flags;
	} rows[] = {
		{ POLKIT_ABSENT, call_denied, "", 0 },
		{ POLKIT_DENIES, call_denied, "", 0 },
		{ POLKIT_CHALLENGES, call_challenged, "", 1 },
		{ POLKIT_ALLOWS, call_well, "disarm", 0 },
	};
	_cleanup_(teardown) struct world w;

	setup(t, &w);
	private_bus_start(&w.private);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		play(&w, rows[i].how);
		with_client(t, &w, NOBODY, rows[i].client);
		CHECK_STR(t, w.works, rows[i].works);
		CHECK_INT(t, w.polkit.flags, rows[i].flags);
	}
	CHECK_STR(t, w.polkit.asked, "system-bus-name name 1 org.kdumpd.kdump1.disarm");
}

/* setup() came before the bus; then the bus dies and comes again. */
static void comes_back(struct test *t)
{
	_cleanup_(teardown) struct world w;

	setup(t, &w);
	for (int i = 0; i < 5; i++)
		CHECK(t, sd_event_run(w.event, 20000) >= 0);
	private_bus_start(&w.private);
	with_client(t, &w, NOBODY, call_denied);
	private_bus_stop(&w.private);
	for (int i = 0; i < 5; i++)
		CHECK(t, sd_event_run(w.event, 20000) >= 0);
	private_bus_start(&w.private);
	with_client(t, &w, NOBODY, call_denied);
}

static const struct test_case cases[] = {
	{ "properties, and the manual has what introspection has", tells },
	{ "changes are told", tells_changes },
	{ "work, and how it ends", works },
	{ "who is not root needs polkit's word", asks_polkit },
	{ "a bus that comes late, and one that comes back", comes_back },
};

int main(void)
{
	sigset_t mask;

	(void)sigemptyset(&mask);
	(void)sigaddset(&mask, SIGCHLD);
	(void)sigprocmask(SIG_BLOCK, &mask, NULL);
	return test_run(cases, ARRAY_SIZE(cases));
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dbus-daemon with a configuration that lets everybody do everything: see private-bus.h.
 */
#include "tests/unit/private-bus.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/guard.h"

static const char config[] =
	"<!DOCTYPE busconfig PUBLIC \"-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN\" "
	"\"http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd\">\n"
	"<busconfig><listen>%s</listen><auth>EXTERNAL</auth>\n"
	"<policy context=\"default\"><allow user=\"*\"/><allow own=\"*\"/>"
	"<allow send_destination=\"*\"/><allow receive_sender=\"*\"/></policy>"
	"</busconfig>\n";

void private_bus_init(struct private_bus *b)
{
	char text[1024];

	*b = (struct private_bus) { .pid = 0 };
	fake_root_init(&b->root);
	(void)fchmodat(AT_FDCWD, b->root.path, 0755, 0); /* others come, too */
	(void)snprintf(b->address, sizeof(b->address), "unix:path=%s/socket",
		       b->root.path);
	(void)snprintf(text, sizeof(text), config, b->address);
	fake_text(&b->root, "bus.conf", text);
}

void private_bus_done(struct private_bus *b)
{
	private_bus_stop(b);
	fake_root_done(&b->root);
}

static void run(const struct private_bus *b)
{
	char path[128];
	int log = openat(b->root.fd, "log", O_WRONLY | O_CREAT, 0600);
	sigset_t none;

	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	(void)dup2(log, STDOUT_FILENO);
	(void)dup2(log, STDERR_FILENO);
	(void)snprintf(path, sizeof(path), "%s/bus.conf", b->root.path);
	(void)execlp("dbus-daemon", "dbus-daemon", "--nofork", "--nopidfile",
		     "--config-file", path, (char *)NULL);
	_exit(127);
}

void private_bus_start(struct private_bus *b)
{
	(void)fflush(stdout);
	b->pid = fork();
	if (b->pid == 0)
		run(b);
	for (int i = 0; i < 200; i++) {
		if (faccessat(b->root.fd, "socket", F_OK, 0) >= 0)
			return;
		(void)usleep(50000);
	}
	(void)fputs("Bail out! dbus-daemon does not start\n", stdout);
	abort();
}

void private_bus_stop(struct private_bus *b)
{
	if (b->pid <= 0)
		return;
	(void)kill(b->pid, SIGKILL);
	(void)waitpid(b->pid, NULL, 0);
	(void)unlinkat(b->root.fd, "socket", 0);
	b->pid = 0;
}

static int on_check(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	struct fake_polkit *p = userdata;
	const char *kind, *key, *name, *action;
	uint32_t flags;

	(void)error;
	if (sd_bus_message_enter_container(m, 'r', "sa{sv}") <= 0 ||
	    sd_bus_message_read(m, "s", &kind) <= 0 ||
	    sd_bus_message_read(m, "a{sv}", 1, &key, "s", &name) <= 0 ||
	    sd_bus_message_exit_container(m) <= 0 ||
	    sd_bus_message_read(m, "s", &action) <= 0 ||
	    sd_bus_message_skip(m, "a{ss}") < 0 ||
	    sd_bus_message_read(m, "u", &flags) <= 0)
		return -EBADMSG;
	(void)snprintf(p->asked, sizeof(p->asked), "%s %s %d %s", kind, key,
		       name[0] == ':', action);
	p->flags = flags;
	return sd_bus_reply_method_return(m, "(bba{ss})", p->answer == POLKIT_ALLOWS,
					  p->answer == POLKIT_CHALLENGES, 0);
}

void fake_polkit_play(struct fake_polkit *p, const struct private_bus *bus,
		      sd_event *event, enum polkit_answer answer)
{
	static const sd_bus_vtable vtable[] = {
		SD_BUS_VTABLE_START(0),
		SD_BUS_METHOD("CheckAuthorization", "(sa{sv})sa{ss}us", "(bba{ss})",
			      on_check, SD_BUS_VTABLE_UNPRIVILEGED),
		SD_BUS_VTABLE_END,
	};

	p->answer = answer;
	if (answer == POLKIT_ABSENT || p->bus)
		return;
	if (sd_bus_new(&p->bus) < 0 || sd_bus_set_address(p->bus, bus->address) < 0 ||
	    sd_bus_set_bus_client(p->bus, true) < 0 || sd_bus_start(p->bus) < 0 ||
	    sd_bus_attach_event(p->bus, event, 0) < 0 ||
	    sd_bus_add_object_vtable(
		    p->bus, NULL, "/org/freedesktop/PolicyKit1/Authority",
		    "org.freedesktop.PolicyKit1.Authority", vtable, p) < 0 ||
	    sd_bus_request_name(p->bus, "org.freedesktop.PolicyKit1", 0) < 0)
		abort();
}

void fake_polkit_done(struct fake_polkit *p)
{
	p->bus = sd_bus_close_unref(p->bus);
}

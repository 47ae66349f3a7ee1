/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kdumpd/report/events and journal: what arrives at the journal's socket, and when a line
 * goes to stderr instead.
 */
#include "kdumpd/report/events.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "base/io.h"
#include "tests/unit/fake-root.h"
#include "tests/unit/test.h"

/** @socket: the journal's end; @lines: what the log wrote */
struct stage {
	struct fake_root root;
	int socket, out, lines;
	struct kd_log log;
};

static void stage_done(struct stage *s)
{
	(void)kd_close(s->socket);
	(void)kd_close(s->out);
	(void)kd_close(s->lines);
	fake_root_done(&s->root);
}

static void stage_init(struct stage *s, bool journal)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fds[2];

	*s = (struct stage) { .root = fake_root_new(), .socket = -EBADF };
	if (pipe2(fds, O_CLOEXEC | O_NONBLOCK) < 0)
		abort();
	s->lines = fds[0];
	s->out = fds[1];
	s->log = (struct kd_log) { .fd = s->out, .name = "kdump", .max = KD_LOG_INFO };
	if (!journal)
		return;
	if (kd_mkdir_p_at(s->root.fd, "run/systemd/journal", 0755, NULL) < 0)
		abort();
	(void)snprintf(address.sun_path, sizeof(address.sun_path),
		       "%s/run/systemd/journal/socket", s->root.path);
	s->socket = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (bind(s->socket, (const struct sockaddr *)&address, sizeof(address)) < 0)
		abort();
}

static const char *said(int fd, char *buf, size_t size)
{
	ssize_t n = read(fd, buf, size - 1);

	buf[n < 0 ? 0 : n] = '\0';
	return buf;
}

static void entry(struct test *t)
{
	const struct kd_journal_field fields[] = { { "KDUMP_DUMP", "/var/crash/d" },
						   { "KDUMP_WHY", "" } };
	_cleanup_(stage_done) struct stage s;
	struct kd_events events;
	char buf[2048], id[64];

	stage_init(&s, /* journal= */ true);
	kd_events_init(&events, s.root.fd, &s.log);
	CHECK(t, events.journal >= 0 && !events.only_journal);
	kd_event(&events, KD_SAY_NOT_ARMED, "Arming failed: no target", fields, 2);
	kd_events_done(&events);
	(void)said(s.socket, buf, sizeof(buf));
	CHECK(t,
	      strstr(buf, "MESSAGE=Arming failed: no target: run `kdumpctl status`\n"));
	(void)snprintf(id, sizeof(id), "MESSAGE_ID=%s\n",
		       kd_sentence(KD_SAY_NOT_ARMED)->message_id);
	CHECK(t, strstr(buf, id));
	CHECK(t, strstr(buf, "PRIORITY=3\n"));
	CHECK(t, strstr(buf, "SYSLOG_IDENTIFIER=kdumpctl\n"));
	CHECK(t, strstr(buf, "KDUMP_EVENT=not-armed\n"));
	CHECK(t, strstr(buf, "KDUMP_DUMP=/var/crash/d\n"));
	CHECK(t, !strstr(buf, "KDUMP_WHY"));
	/* somebody waits at a terminal, too */
	CHECK_STR(t, said(s.lines, buf, sizeof(buf)),
		  "kdump: Error: Arming failed: no target: run `kdumpctl status`\n");
}

static void several_lines(struct test *t)
{
	static const char want[] = "A=1\nB\n\3\0\0\0\0\0\0\0x\ny\n";
	const struct kd_journal_field fields[] = { { "A", "1" }, { "B", "x\ny" } };
	_cleanup_(kd_closep) int fd = -EBADF;
	_cleanup_(stage_done) struct stage s;
	char buf[64], big[20000];

	stage_init(&s, /* journal= */ true);
	fd = kd_journal_open(s.root.fd);
	CHECK_INT(t, kd_journal_send(fd, fields, 2), 0);
	CHECK_INT(t, read(s.socket, buf, sizeof(buf)), sizeof(want) - 1);
	CHECK(t, memcmp(buf, want, sizeof(want) - 1) == 0);
	memset(big, 'x', sizeof(big));
	big[sizeof(big) - 1] = '\0';
	CHECK_INT(t, kd_journal_send(fd, &(struct kd_journal_field) { "A", big }, 1),
		  -EMSGSIZE);
}

static void without(struct test *t)
{
	_cleanup_(stage_done) struct stage s;
	struct kd_events events;
	char buf[256];

	stage_init(&s, /* journal= */ false);
	CHECK_INT(t, kd_journal_open(s.root.fd), -ENOENT);
	kd_events_init(&events, s.root.fd, &s.log);
	kd_event(&events, KD_SAY_BOOT_CLEAN, "fine", NULL, 0);
	kd_events_done(&events);
	CHECK_STR(t, said(s.lines, buf, sizeof(buf)), "kdump: fine\n");
}

/* A service's stderr is the journal already: once is enough. */
static void stream(struct test *t)
{
	_cleanup_(stage_done) struct stage s;
	struct kd_events events;
	char buf[256], name[64];
	struct stat st;

	stage_init(&s, /* journal= */ true);
	CHECK_INT(t, fstat(s.out, &st), 0);
	(void)snprintf(name, sizeof(name), "%ju:%ju", (uintmax_t)st.st_dev,
		       (uintmax_t)st.st_ino);
	CHECK(t, kd_journal_is_stream(name, s.out));
	CHECK(t, !kd_journal_is_stream(name, s.socket));
	CHECK(t, !kd_journal_is_stream("nonsense", s.out));
	CHECK(t, !kd_journal_is_stream(NULL, s.out));
	CHECK_INT(t, setenv("JOURNAL_STREAM", name, 1), 0);
	kd_events_init(&events, s.root.fd, &s.log);
	CHECK(t, events.only_journal);
	kd_event(&events, KD_SAY_DISARMED, "off", NULL, 0);
	CHECK(t, strstr(said(s.socket, buf, sizeof(buf)), "MESSAGE=off\n"));
	CHECK_STR(t, said(s.lines, buf, sizeof(buf)), "");
	/* the journal goes away: the line is not lost */
	s.socket = kd_close(s.socket);
	kd_event(&events, KD_SAY_DISARMED, "off", NULL, 0);
	CHECK_STR(t, said(s.lines, buf, sizeof(buf)), "kdump: off\n");
	kd_events_done(&events);
	(void)unsetenv("JOURNAL_STREAM");
}

static const struct test_case cases[] = {
	{ "an entry", entry },
	{ "a value of several lines", several_lines },
	{ "without a journal", without },
	{ "a service's own stream", stream },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kdumpd/report/arm-tell: what a terminal and what the journal learn of an arming.
 */
#include "kdumpd/report/arm-tell.h"

#include <fcntl.h>
#include <sys/socket.h>

#include "kdumpd/report/boot-report.h"
#include "tests/unit/fake-root.h"
#include "tests/unit/test.h"

/** Both ends of a log and of a journal. */
struct ears {
	int lines, out, entries;
	struct kd_log log;
	struct kd_events events;
	struct kd_arm_result result;
	char said[2048], sent[2048];
};

static void ears_done(struct ears *e)
{
	kd_events_done(&e->events);
	kd_arm_result_done(&e->result);
	(void)kd_close(e->lines);
	(void)kd_close(e->out);
	(void)kd_close(e->entries);
}

static void ears_init(struct ears *e, bool only_journal)
{
	int log[2], journal[2];

	*e = (struct ears) { .lines = -EBADF };
	if (pipe2(log, O_CLOEXEC | O_NONBLOCK) < 0 ||
	    socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, journal) <
		    0)
		abort();
	e->lines = log[0];
	e->out = log[1];
	e->entries = journal[0];
	e->log = (struct kd_log) { .fd = log[1], .name = "kdump", .max = KD_LOG_INFO };
	e->events = (struct kd_events) { &e->log, journal[1], only_journal };
	kd_arm_result_init(&e->result);
	e->result.state = (struct kd_state) { .release = "6.1",
					      .target = "ext4 UUID=x /",
					      .loaded_by = "kexec_load" };
}

static void report(struct ears *e, int r, const char *message)
{
	struct kd_error err = { .code = r };
	ssize_t n;

	(void)snprintf(err.message, sizeof(err.message), "%s", message);
	kd_arm_tell(&e->events, &e->result, r, &err);
	n = read(e->lines, e->said, sizeof(e->said) - 1);
	e->said[n < 0 ? 0 : n] = '\0';
	n = read(e->entries, e->sent, sizeof(e->sent) - 1);
	e->sent[n < 0 ? 0 : n] = '\0';
}

static void armed(struct test *t)
{
	_cleanup_(ears_done) struct ears e;

	ears_init(&e, /* only_journal= */ false);
	kd_strbuf_adds(&e.result.warnings, "one thing\nanother\n");
	report(&e, 0, "");
	CHECK_STR(t, e.said, "kdump: WARNING: one thing\nkdump: WARNING: another\n");
	CHECK(t, strstr(e.sent, "MESSAGE=Armed: a crash of 6.1 would be captured to ext4 "
				"UUID=x /\n"));
	CHECK(t, strstr(e.sent, kd_sentence(KD_SAY_ARMED)->message_id));
	CHECK(t, strstr(e.sent, "KDUMP_LOADED_BY=kexec_load\n"));

	/* nothing had to be done: nothing is told */
	kd_strbuf_done(&e.result.warnings);
	e.result.already = true;
	report(&e, 0, "");
	CHECK_STR(t, e.said, "");
	CHECK_STR(t, e.sent, "");
}

static void failed(struct test *t)
{
	_cleanup_(ears_done) struct ears e;

	ears_init(&e, /* only_journal= */ false);
	report(&e, -ENOENT, "target /dev/vdz: no such device");
	CHECK_STR(t, e.said, "kdump: Error: target /dev/vdz: no such device\n");
	CHECK(t, strstr(e.sent, kd_sentence(KD_SAY_NOT_ARMED)->message_id));
	CHECK(t, strstr(e.sent, "MESSAGE=Arming failed: target /dev/vdz: no such device: "
				"run `kdumpctl status`\n"));
}

static void bad_config(struct test *t)
{
	_cleanup_(ears_done) struct ears e;

	ears_init(&e, /* only_journal= */ false);
	kd_strbuf_adds(&e.result.report, "f:1: a\nf:2: b\n");
	report(&e, -EINVAL, "f:1: a (and 1 more)");
	CHECK_STR(t, e.said,
		  "kdump: Error: f:1: a\nkdump: Error: f:2: b\n"
		  "kdump: Error: f:1: a (and 1 more)\n");
	CHECK(t, strstr(e.sent, kd_sentence(KD_SAY_BAD_CONFIG)->message_id));
}

/* The daemon's stderr is the journal: one entry, no line beside it. */
static void once(struct test *t)
{
	_cleanup_(ears_done) struct ears e;

	ears_init(&e, /* only_journal= */ true);
	report(&e, -ENOENT, "no target");
	CHECK_STR(t, e.said, "");
	CHECK(t, strstr(e.sent, "no target"));
}

/* After it: the report on the last boot is there, whatever else is missing. */
static void after(struct test *t)
{
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
	_cleanup_(ears_done) struct ears e;
	struct kd_boot_report boot;

	ears_init(&e, /* only_journal= */ false);
	fake_text(&root, "proc/sys/kernel/random/boot_id", "b\n");
	kd_after_arming(root.fd, &e.events);
	CHECK_INT(t, kd_boot_report_read(root.fd, &boot, NULL), 0);
	CHECK_STR(t, boot.verdict, "unknown");
}

static const struct test_case cases[] = {
	{ "armed", armed },
	{ "failed", failed },
	{ "errors of the configuration", bad_config },
	{ "told once", once },
	{ "what follows", after },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kdumpd/report/boot-check, archive/places and archive/reported: one boot after the other
 * of a machine made of a folder, what each finds out about the one before it, and what it
 * tells of.
 */
#include "kdumpd/report/boot-check.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "base/io.h"
#include "kdumpd/archive/reported.h"
#include "kdumpd/report/proof.h"
#include "tests/unit/fake-root.h"
#include "tests/unit/test.h"

#define FOLDER "var/crash/"
#define OUTCOME(state, more) \
	"{\"schemaVersion\":1,\"state\":\"" state "\",\"release\":\"6.1\"" more "}"

/** @lines: what was logged */
struct machine {
	struct fake_root root;
	struct kd_log log;
	struct kd_events events;
	int lines;
	char said[4096];
	struct kd_boot_report report;
};

static void machine_done(struct machine *m)
{
	kd_events_done(&m->events);
	(void)kd_close(m->log.fd);
	(void)kd_close(m->lines);
	fake_root_done(&m->root);
}

static void start(struct machine *m, const char *boot_id)
{
	fake_text(&m->root, "proc/sys/kernel/random/boot_id", boot_id);
	(void)fake_run("rm -rf %s/run", m->root.path);
}

static void machine_init(struct machine *m)
{
	int fds[2];

	*m = (struct machine) { .root = fake_root_new() };
	if (pipe2(fds, O_CLOEXEC | O_NONBLOCK) < 0)
		abort();
	m->lines = fds[0];
	m->log = (struct kd_log) { .fd = fds[1], .name = "kdump", .max = KD_LOG_DEBUG };
	kd_events_init(&m->events, m->root.fd, &m->log);
	start(m, "boot-1\n");
}

static void arm(struct machine *m, struct test *t, uint64_t at)
{
	const struct kd_state state = {
		.key = "key", .release = "6.1", .target = "ext4 /", .armed_at = at
	};

	CHECK_INT(t, kd_marker_armed(m->root.fd, &state, NULL), 0);
}

/* Returns what kd_boot_check() does; @m->said is what it told. */
static int look(struct machine *m, struct test *t)
{
	struct kd_error err = { 0 };
	ssize_t n;
	int r;

	r = kd_boot_check(m->root.fd, &m->events, &m->report, &err);
	CHECK_STR(t, err.message, "");
	n = read(m->lines, m->said, sizeof(m->said) - 1);
	m->said[n < 0 ? 0 : n] = '\0';
	return r;
}

static void put(struct machine *m, const char *name, const char *file, const char *text)
{
	char path[256];

	(void)snprintf(path, sizeof(path), FOLDER "%s/%s", name, file);
	fake_text(&m->root, path, text);
}

/* A machine that was armed, and has crashed in its first boot: a dump, and its outcome
 * where there is one. */
static void crash(struct machine *m, struct test *t, const char *outcome)
{
	machine_init(m);
	arm(m, t, 100);
	CHECK_INT(t, look(m, t), 1);
	put(m, "h-2026-03-02-10:00:00", "vmcore", "x");
	if (outcome)
		put(m, "h-2026-03-02-10:00:00", "outcome.json", outcome);
	start(m, "boot-2\n");
}

static void first_time(struct test *t)
{
	_cleanup_(machine_done) struct machine m;

	machine_init(&m);
	/* kdump-utils was here before: old dumps are no news */
	put(&m, "127.0.0.1-2026-03-01-10:00:00", "vmcore", "x");
	arm(&m, t, 100);
	CHECK_INT(t, look(&m, t), 1);
	CHECK_STR(t, m.report.verdict, "unknown");
	/* nor is it worth a line */
	CHECK_STR(t, m.said, "");
	/* once a boot */
	CHECK_INT(t, look(&m, t), 0);
	CHECK_STR(t, m.said, "");
	CHECK_STR(t, m.report.verdict, "unknown");
}

static void crash_after_crash(struct test *t)
{
	_cleanup_(machine_done) struct machine m;
	struct kd_proofs proofs;

	crash(&m, t,
	      OUTCOME("complete", ",\"phases\":[{\"name\":\"dump\",\"startMs\":0,"
				  "\"endMs\":8600,\"error\":0}]"));
	arm(&m, t, 200);
	CHECK_INT(t, look(&m, t), 1);
	CHECK_STR(t, m.report.verdict, "dumped");
	CHECK_STR(t, m.report.last_boot_id, "boot-1");
	CHECK_STR(t, m.report.dump, "/var/crash/h-2026-03-02-10:00:00");
	CHECK(t, strstr(m.said, "it was dumped: /var/crash/h-2026-03-02-10:00:00"));
	CHECK_INT(t, kd_proofs_read(m.root.fd, &proofs, NULL), 0);
	CHECK_INT(t, proofs.kinds[KD_PROOF_CRASH].passed, 1);
	CHECK_STR(t, proofs.kinds[KD_PROOF_CRASH].key, "key");
	CHECK_INT(t, proofs.kinds[KD_PROOF_CRASH].seconds, 9);

	/* two crashes with nobody looking in between, the second on a full disk */
	put(&m, "h-2026-03-03-10:00:00", "vmcore-dmesg.txt", "x");
	put(&m, "h-2026-03-04-10:00:00", "vmcore-incomplete", "x");
	put(&m, "h-2026-03-04-10:00:00", "outcome.json",
	    OUTCOME("incomplete", ",\"phases\":[{\"name\":\"dump\",\"error\":-28,"
				  "\"message\":\"No space left on device\"}]"));
	start(&m, "boot-3\n");
	arm(&m, t, 300);
	CHECK_INT(t, look(&m, t), 1);
	CHECK_STR(t, m.report.verdict, "lost");
	CHECK_STR(t, m.report.code, "dump-incomplete");
	CHECK(t, strstr(m.said, "dump: No space left on device"));
	CHECK(t, strstr(m.said, "A crash before that left something, too: "
				"/var/crash/h-2026-03-03-10:00:00 (dmesg-only)"));
	CHECK(t, !strstr(m.said, "2026-03-02"));
	CHECK_INT(t, kd_proofs_read(m.root.fd, &proofs, NULL), 0);
	CHECK_INT(t, proofs.kinds[KD_PROOF_CRASH].passed, 0);
	CHECK(t, strstr(proofs.kinds[KD_PROOF_CRASH].detail, "No space left"));

	/* and nothing of it is news in the boot after that */
	CHECK_INT(t, kd_marker_shutdown(m.root.fd, 400, NULL), 0);
	start(&m, "boot-4\n");
	arm(&m, t, 500);
	CHECK_INT(t, look(&m, t), 1);
	CHECK_STR(t, m.report.verdict, "clean");
	CHECK_STR(t, m.report.last_boot_id, "boot-3");
}

/* Nothing is armed yet, so that this boot has no marker of its own. */
static void before_arming(struct test *t)
{
	_cleanup_(machine_done) struct machine m;

	machine_init(&m);
	arm(&m, t, 100);
	CHECK_INT(t, look(&m, t), 1);
	start(&m, "boot-2\n");
	CHECK_INT(t, look(&m, t), 1);
	CHECK_STR(t, m.report.verdict, "unclean");
	CHECK_STR(t, m.report.last_boot_id, "boot-1");
}

static void a_test(struct test *t)
{
	_cleanup_(machine_done) struct machine m;
	struct kd_proofs proofs;

	crash(&m, t, OUTCOME("complete", ",\"test\":true"));
	CHECK_INT(t, look(&m, t), 1);
	CHECK_INT(t, m.report.test, 1);
	CHECK_INT(t, kd_proofs_read(m.root.fd, &proofs, NULL), 0);
	CHECK_INT(t, proofs.kinds[KD_PROOF_TEST].passed, 1);
	CHECK_INT(t, proofs.kinds[KD_PROOF_CRASH].at, 0);
}

/* The target is on a device that is mounted later. */
static void mounted_late(struct test *t)
{
	_cleanup_(machine_done) struct machine m;

	crash(&m, t, /* outcome= */ NULL);
	fake_text(&m.root, "etc/kdump.conf", "ext4 /dev/vda\n");
	arm(&m, t, 200);
	CHECK_INT(t, look(&m, t), 1);
	CHECK_STR(t, m.report.verdict, "unclean");
	CHECK_INT(t, m.report.provisional, 1);
	/* still away: nothing is told twice */
	CHECK_INT(t, look(&m, t), 1);
	CHECK_STR(t, m.said, "");
	CHECK_INT(t, unlinkat(m.root.fd, "etc/kdump.conf", 0), 0);
	CHECK_INT(t, look(&m, t), 1);
	CHECK_STR(t, m.report.verdict, "dumped");
	CHECK(t, strstr(m.said, "it was dumped"));
	CHECK_INT(t, look(&m, t), 0);
}

static void list_of_reported(struct test *t)
{
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
	_cleanup_(kd_reported_done) struct kd_reported before = { 0 }, after = { 0 };
	struct kd_dump dumps[] = { { .name = "b" }, { .name = "c" } };
	const struct kd_places places = {
		.n = 1, .items = { { .archive = { .dumps = dumps, .n = 2 } } }
	};

	CHECK_INT(t, kd_reported_read(root.fd, &before, NULL), 0);
	CHECK(t, !before.known && !kd_reported_has(&before, ""));
	kd_reported_done(&before);
	fake_text(&root, KD_REPORTED_PATH, "a\nbb\n");
	CHECK_INT(t, kd_reported_read(root.fd, &before, NULL), 0);
	CHECK(t, before.known && kd_reported_has(&before, "a"));
	CHECK(t, !kd_reported_has(&before, "b") && !kd_reported_has(&before, "a\nbb"));
	CHECK_INT(t, kd_reported_write(root.fd, &before, &places, NULL), 0);
	CHECK_INT(t, kd_reported_read(root.fd, &after, NULL), 0);
	CHECK_STR(t, after.text, "\na\nbb\nb\nc\n\n");
}

static const struct test_case cases[] = {
	{ "the first time", first_time },
	{ "crash after crash", crash_after_crash },
	{ "before anything is armed", before_arming },
	{ "a test", a_test },
	{ "a target that is mounted late", mounted_late },
	{ "what was reported", list_of_reported },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}

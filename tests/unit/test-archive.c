/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kdumpd/archive and outcome-read: what counts as a dump, and hostile outcomes.
 */
#include "kdumpd/archive/archive.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/io.h"
#include "kdumpd/archive/outcome-read.h"
#include "tests/unit/fake-root.h"
#include "tests/unit/test.h"

static void list(struct test *t)
{
	_cleanup_(kd_archive_done) struct kd_archive a = { 0 };
	_cleanup_(fake_root_done) struct fake_root root;

	fake_root_init(&root);
	CHECK_INT(t, kd_archive_list(root.fd, &a, NULL), 0);
	CHECK_INT(t, a.n, 0);

	fake_text(&root, "127.0.0.1-2026-03-02-10:00:00/vmcore", "12345");
	fake_text(&root, "127.0.0.1-2026-03-02-10:00:00/vmcore-dmesg.txt", "x");
	fake_text(&root, "127.0.0.1-2026-03-02-10:00:00/outcome.json",
		  "{\"schemaVersion\":1,\"state\":\"complete\",\"release\":\"6.1\"}");
	fake_text(&root, "127.0.0.1-2026-03-01-10:00:00/vmcore-incomplete", "1");
	/* Says complete, has only a log. */
	fake_text(&root, "host-2026-03-03-10:00:00/vmcore-dmesg.txt", "log");
	fake_text(&root, "host-2026-03-03-10:00:00/outcome.json",
		  "{\"schemaVersion\":1,\"state\":\"complete\",\"release\":\"\\u001b["
		  "31m\"}");
	/* None of these is a dump. */
	fake_text(&root, "empty/nothing", "");
	fake_text(&root, "vmcore", "a file beside");
	CHECK_INT(t, kd_mkdir_p_at(root.fd, "folder/vmcore", 0755, NULL), 0);
	CHECK_INT(t, symlinkat("host-2026-03-03-10:00:00", root.fd, "link"), 0);

	CHECK_INT(t, kd_archive_list(root.fd, &a, NULL), 0);
	CHECK_INT(t, a.n, 3);
	if (a.n != 3)
		return;
	CHECK_STR(t, a.dumps[0].name, "127.0.0.1-2026-03-01-10:00:00");
	CHECK_INT(t, a.dumps[0].state, KD_OUTCOME_INCOMPLETE);
	CHECK_STR(t, a.dumps[1].file, "vmcore");
	CHECK_INT(t, a.dumps[1].state, KD_OUTCOME_COMPLETE);
	CHECK_INT(t, a.dumps[1].bytes, 5);
	CHECK_STR(t, a.dumps[1].release, "6.1");
	CHECK_INT(t, a.dumps[1].time - a.dumps[0].time, 24 * 3600);
	CHECK_INT(t, a.dumps[2].state, KD_OUTCOME_DMESG_ONLY);
	CHECK_STR(t, a.dumps[2].release, "");
}

/* What each folder's names and files make of it. */
static void kinds(struct test *t)
{
	static const struct {
		const char *folder, *file, *state, *host;
		int64_t time;
	} table[] = {
		{ "127.0.0.1-2026-03-02-10:00:00", "vmcore", "complete", "127.0.0.1",
		  1772445600 },
		{ "host-2026-03-02-10:00:00.1", "vmcore-incomplete", "incomplete", "host",
		  1772445600 },
		{ "h-2026-03-02-10:00:00", "vmcore-mini", "mini", "h", 1772445600 },
		{ "2026-03-02-10:00:00", "vmcore-dmesg-incomplete.txt", "dmesg-only", "",
		  1772445600 },
		{ "fe80::1-2026-03-02-10:00:00", "vmcore.flat", "complete", "fe80::1",
		  1772445600 },
		{ "h-2026-03-02-10_00_00.1", "vmcore", "complete", "h", 1772445600 },
		{ "202603021000", "dump.202603021000", "complete", "", 1772445600 },
		{ "web-202603021000", "dump-incomplete", "incomplete", "web",
		  1772445600 },
		{ "202603021000", "dmesg.202603021000", "dmesg-only", "", 1772445600 },
	};

	CHECK_INT(t, setenv("TZ", "UTC", 1), 0);
	tzset();
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
		struct kd_dump d;
		char path[256];

		(void)snprintf(path, sizeof(path), "%s/%s", table[i].folder,
			       table[i].file);
		fake_text(&root, path, "x");
		CHECK_INT(t, kd_archive_look(root.fd, table[i].folder, &d, NULL), 0);
		CHECK_STR(t, d.file, table[i].file);
		CHECK_STR(t, kd_outcome_state_name(d.state), table[i].state);
		CHECK_STR(t, d.host, table[i].host);
		CHECK_INT(t, d.time, table[i].time);
		CHECK(t, !d.ours);
	}
}

static const char told[] =
	"{\"schemaVersion\":1,\"state\":\"complete\",\"release\":\"6.1\","
	"\"crashTime\":1700000000,\"test\":true,\"phases\":["
	"{\"name\":\"log\",\"startMs\":1,\"endMs\":5000,\"error\":0},"
	"{\"name\":\"dump\",\"startMs\":5000,\"endMs\":9000,\"error\":-28,"
	"\"message\":\"no\\nspace\"}],\"notes\":[\"a note\"]}";

static void outcome(struct test *t)
{
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
	_cleanup_(kd_freep) struct kd_outcome *o = malloc(sizeof(*o));
	struct kd_dump d;

	fake_text(&root, "h-2026-03-02-10:00:00/vmcore", "12345");
	fake_text(&root, "h-2026-03-02-10:00:00/vmcore-dmesg.txt", "log");
	fake_text(&root, "h-2026-03-02-10:00:00/outcome.json", told);
	CHECK_INT(t, kd_archive_look(root.fd, "h-2026-03-02-10:00:00", &d, NULL), 0);
	CHECK(t, d.ours && d.test);
	CHECK_INT(t, d.time, 1700000000);
	CHECK_INT(t, d.capture_ms, 9000);
	CHECK_STR(t, d.trouble, "dump: no?space");
	CHECK_STR(t, d.log, "vmcore-dmesg.txt");
	CHECK_INT(t, d.bytes, 5);
	CHECK_INT(t, d.total_bytes, 5 + 3 + sizeof(told) - 1);
	CHECK_INT(t, kd_archive_outcome(root.fd, d.name, o, NULL), 0);
	CHECK_INT(t, o->n_phases, 2);

	/* a capture that saved nothing still tells of a crash */
	fake_text(&root, "h-2026-03-03-10:00:00/outcome.json",
		  "{\"schemaVersion\":1,\"state\":\"failed\",\"notes\":[\"why\"]}");
	CHECK_INT(t, kd_archive_look(root.fd, "h-2026-03-03-10:00:00", &d, NULL), 0);
	CHECK_INT(t, d.state, KD_OUTCOME_FAILED);
	CHECK_STR(t, d.trouble, "why");
	/* one that was cut off after its log; one whose dump somebody took away */
	fake_text(&root, "i-2026-03-03-10:00:00/vmcore-dmesg.txt", "log");
	fake_text(&root, "i-2026-03-03-10:00:00/outcome.json",
		  "{\"schemaVersion\":1,\"state\":\"started\",\"bootId\":\"b1\"}");
	CHECK_INT(t, kd_archive_look(root.fd, "i-2026-03-03-10:00:00", &d, NULL), 0);
	CHECK_INT(t, d.state, KD_OUTCOME_DMESG_ONLY);
	CHECK_INT(t, d.told, KD_OUTCOME_STARTED);
	CHECK_STR(t, d.boot_id, "b1");
	CHECK_STR(t, d.trouble, "the capture was cut off");
	fake_text(&root, "j-2026-03-03-10:00:00/outcome.json", told);
	CHECK_INT(t, kd_archive_look(root.fd, "j-2026-03-03-10:00:00", &d, NULL),
		  -ENOENT);
	/* in UTC, as pid 1 names folders */
	CHECK_INT(t, setenv("TZ", "UTC+5", 1), 0);
	tzset();
	CHECK_INT(t, kd_archive_look(root.fd, "h-2026-03-03-10:00:00", &d, NULL), 0);
	CHECK_INT(t, d.time, 1772532000);
	CHECK_INT(t, setenv("TZ", "UTC", 1), 0);
	tzset();
}

static void hostile(struct test *t)
{
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
	_cleanup_(kd_archive_done) struct kd_archive a = { 0 };
	_cleanup_(kd_freep) char *big = calloc(1, 1 << 20);
	struct kd_dump d;
	char name[64];

	fake_text(&root, "elsewhere/outcome.json", told);
	/* links, pipes, far too much text, far too many files, odd names */
	fake_text(&root, "a-2026-03-01-10:00:00/vmcore", "x");
	fake_link(&root, "a-2026-03-01-10:00:00/outcome.json",
		  "../elsewhere/outcome.json");
	fake_text(&root, "b-2026-03-01-10:00:00/vmcore", "x");
	CHECK_INT(t, mkfifoat(root.fd, "b-2026-03-01-10:00:00/outcome.json", 0600), 0);
	fake_text(&root, "c-2026-03-01-10:00:00/vmcore", "x");
	fake_file(&root, "c-2026-03-01-10:00:00/outcome.json", big, 1 << 20);
	fake_link(&root, "d-2026-03-01-10:00:00/vmcore", "/dev/zero");
	fake_text(&root, "e-2026-03-01-10:00:00/outcome.json", "{}");
	for (int i = 0; i < 2 * KD_DUMP_FILES; i++) {
		(void)snprintf(name, sizeof(name), "f-2026-03-01-10:00:00/%d", i);
		fake_text(&root, name, "");
	}
	fake_text(&root, "g\033[31m-2026-03-01-10:00:00/vmcore", "x");
	CHECK_INT(t, kd_archive_list(root.fd, &a, NULL), 0);
	CHECK_INT(t, a.n, 3);
	for (size_t i = 0; i < a.n; i++)
		CHECK(t, !a.dumps[i].ours && a.dumps[i].state == KD_OUTCOME_COMPLETE);
	CHECK_INT(t, kd_archive_look(root.fd, "../x", &d, NULL), -ENOENT);
	CHECK_INT(t, kd_archive_look(root.fd, "..", &d, NULL), -ENOENT);
	CHECK_INT(t, kd_archive_look(root.fd, "", &d, NULL), -ENOENT);
}

static const struct test_case cases[] = {
	{ "what counts as a dump", list },
	{ "kinds of dumps", kinds },
	{ "what an outcome adds", outcome },
	{ "hostile folders", hostile },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}

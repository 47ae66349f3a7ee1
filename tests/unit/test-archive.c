/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kdumpd/archive and outcome-read: what counts as a dump, and hostile outcomes.
 */
#include "kdumpd/archive/archive.h"

#include <fcntl.h>
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

static const struct test_case cases[] = {
	{ "what counts as a dump", list },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kdumpd/worker with scripts in the worker's place: how each end is told, that output
 * comes whole, that one process runs at a time.
 */
#include "kdumpd/worker.h"

#include <string.h>
#include <sys/stat.h>

#include "base/io.h"
#include "tests/unit/fake-root.h"
#include "tests/unit/test.h"

struct told {
	sd_event *event;
	enum kd_work_end end;
	char text[64];
	size_t size;
	unsigned int times;
};

static void on_ended(void *context, enum kd_work_end end, const char *text, size_t size)
{
	struct told *told = context;

	told->end = end;
	told->size = size;
	(void)snprintf(told->text, sizeof(told->text), "%s", text);
	told->times++;
	(void)sd_event_exit(told->event, 0);
}

static const struct {
	const char *name, *script;
	bool kill;
	enum kd_work_end end;
	const char *text;
	size_t size;
} rows[] = {
	{ "done", "echo \"$*\"", false, KD_WORK_DONE, "--init /i rebuild\n", 18 },
	{ "failed", "printf sorry; exit 1", false, KD_WORK_FAILED, "sorry", 5 },
	{ "killed itself", "kill -9 $$", false, KD_WORK_KILLED, "", 0 },
	{ "killed by us", "sleep 3 & exec sleep 3", true, KD_WORK_KILLED, "", 0 },
	{ "much", "head -c 3000000 /dev/zero", false, KD_WORK_DONE, "", 3000000 },
	{ "too much", "head -c 9000000 /dev/zero", false, KD_WORK_KILLED, "", 0 },
	{ "closes early", "exec >&-; sleep 0.1; exit 1", false, KD_WORK_FAILED, "", 0 },
};

static void ends(struct test *t)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
		_cleanup_(sd_event_unrefp) sd_event *event = NULL;
		struct told told = { .end = KD_WORK_DONE };
		struct kd_worker w;
		char program[128], text[128];

		(void)snprintf(text, sizeof(text), "#!/bin/sh\n%s\n", rows[i].script);
		fake_text(&root, "worker", text);
		(void)fchmodat(root.fd, "worker", 0755, 0);
		(void)snprintf(program, sizeof(program), "%s/worker", root.path);
		CHECK_INT(t, sd_event_new(&event), 0);
		told.event = event;
		kd_worker_init(&w, event, on_ended, &told);
		w.program = program;
		w.init = "/i";
		CHECK_INT(t, kd_worker_start(&w, KD_WORK_REBUILD), 0);
		CHECK_INT(t, kd_worker_start(&w, KD_WORK_ARM), -EBUSY);
		CHECK(t, kd_worker_busy(&w));
		if (rows[i].kill)
			kd_worker_kill(&w);
		CHECK(t, sd_event_loop(event) >= 0);
		if (told.end != rows[i].end || strcmp(told.text, rows[i].text) != 0 ||
		    told.size != rows[i].size || told.times != 1)
			test_failed(t, __FILE__, __LINE__, "%s: %d \"%s\" %zu %u",
				    rows[i].name, (int)told.end, told.text, told.size,
				    told.times);
		CHECK(t, !kd_worker_busy(&w));
		kd_worker_done(&w);
	}
}

static void absent(struct test *t)
{
	_cleanup_(sd_event_unrefp) sd_event *event = NULL;
	struct told told = { .end = KD_WORK_DONE };
	struct kd_worker w;

	CHECK_INT(t, sd_event_new(&event), 0);
	kd_worker_init(&w, event, on_ended, &told);
	w.program = "/nonexistent/worker";
	w.init = "/i";
	CHECK_INT(t, kd_worker_start(&w, KD_WORK_ARM), -ENOENT);
	CHECK(t, !kd_worker_busy(&w));
	kd_worker_done(&w);
}

static const struct test_case cases[] = {
	{ "every end is told, and what was written", ends },
	{ "no such program", absent },
};

int main(void)
{
	sigset_t mask;

	(void)sigemptyset(&mask);
	(void)sigaddset(&mask, SIGCHLD);
	(void)sigprocmask(SIG_BLOCK, &mask, NULL);
	return test_run(cases, ARRAY_SIZE(cases));
}

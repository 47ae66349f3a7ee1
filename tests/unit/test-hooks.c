/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * capture-kernel/run.c and hooks.c: programs really run, in the order of their names, and
 * what they return is what is told.
 */
#include <fcntl.h>
#include <sys/stat.h>

#include "base/io.h"
#include "capture-kernel/hooks.h"
#include "capture-kernel/run.h"
#include "tests/unit/fake-root.h"
#include "tests/unit/test.h"

static void script(const struct fake_root *root, const char *path, const char *text)
{
	fake_text(root, path, text);
	if (fchmodat(root->fd, path, 0700, 0) < 0)
		abort();
}

static void statuses(struct test *t)
{
	static const struct {
		const char *text;
		int want;
	} table[] = {
		{ "#!/bin/sh\nexit 0\n", 0 },
		{ "#!/bin/sh\nexit 7\n", 7 },
		{ "#!/bin/sh\nkill -9 $$\n", 128 + 9 },
		{ "#!/no/such/shell\n", 127 },
		{ "no program\n", 126 },
		/* nothing to read */
		{ "#!/bin/sh\nread line && exit 1\nexit 0\n", 0 },
	};
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		char path[] = "program";
		char *argv[] = { path, NULL },
		     *env[] = { (char[]) { KD_RUN_PATH }, NULL };
		const struct kd_run run = {
			.root_fd = root.fd, .argv = argv, .env = env, .out_fd = -EBADF
		};

		script(&root, path, table[i].text);
		CHECK_INT(t, kd_run(&run, NULL), table[i].want);
		CHECK_INT(t, unlinkat(root.fd, path, 0), 0);
	}
}

static void count(void *context)
{
	(*(unsigned int *)context)++;
}

static void output_and_ticks(struct test *t)
{
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
	_cleanup_(kd_closep) int out = -EBADF;
	char path[] = "program", text[16] = "";
	char *argv[] = { path, NULL }, *env[] = { (char[]) { KD_RUN_PATH }, NULL };
	unsigned int ticks = 0;
	struct kd_run run = { .root_fd = root.fd,
			      .argv = argv,
			      .env = env,
			      .tick = count,
			      .context = &ticks };

	script(&root, path, "#!/bin/sh\necho said; sleep 1\n");
	out = openat(root.fd, "out", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	run.out_fd = out;
	CHECK_INT(t, kd_run(&run, NULL), 0);
	CHECK_INT(t, kd_pread_full(out, text, sizeof(text) - 1, 0), 5);
	CHECK_STR(t, text, "said\n");
	CHECK(t, ticks > 0);
}

static void read_log(const struct fake_root *root, char *ret, size_t size)
{
	_cleanup_(kd_closep) int fd = openat(root->fd, "log", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? 0 : kd_read_full(fd, ret, size - 1);

	ret[n > 0 ? n : 0] = '\0';
}

static void folder_then_key(struct test *t)
{
	static const char say[] =
		"#!/bin/sh\necho \"${0##*/} $1 $KDUMP_DUMP_DIR\" >>log\n";
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
	_cleanup_(kd_shared_freep) struct kd_shared *shared = NULL;
	char log[256], bad[256];
	struct kd_hooks h = { .root_fd = root.fd,
			      .point = KD_HOOK_POST,
			      .program = "/sbin/post",
			      .argument = "1",
			      .folder = "/run/target-0/x" };

	CHECK_INT(t, kd_shared_new(&shared, NULL), 0);
	h.shared = shared;
	(void)snprintf(bad, sizeof(bad), "%sexit 3\n", say);
	script(&root, "etc/kdump/post.d/20-b", bad);
	script(&root, "etc/kdump/post.d/10-a", say);
	script(&root, "etc/kdump/post.d/.hidden", say);
	script(&root, "etc/kdump/pre.d/other", say);
	(void)snprintf(bad, sizeof(bad), "%sexit 5\n", say);
	script(&root, "sbin/post", bad);
	CHECK(t, kd_hooks_any(&h));
	CHECK_INT(t, kd_hooks_run(&h, NULL), 5);
	read_log(&root, log, sizeof(log));
	CHECK_STR(t, log,
		  "10-a 1 /run/target-0/x\n20-b 1 /run/target-0/x\n"
		  "post 1 /run/target-0/x\n");
	CHECK_INT(t, shared->outcome.n_notes, 2);
	CHECK_STR(t, shared->outcome.notes[0],
		  "hook /etc/kdump/post.d/20-b ended with status 3");
	CHECK_STR(t, shared->outcome.notes[1], "hook /sbin/post ended with status 5");
	CHECK(t, kd_shared_beats(shared) == 3);
}

static void nothing(struct test *t)
{
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
	_cleanup_(kd_shared_freep) struct kd_shared *shared = NULL;
	struct kd_hooks h = { .root_fd = root.fd, .point = KD_HOOK_PRE, .program = "" };

	CHECK_INT(t, kd_shared_new(&shared, NULL), 0);
	h.shared = shared;
	CHECK(t, !kd_hooks_any(&h));
	CHECK_INT(t, kd_hooks_run(&h, NULL), 0);
	/* named and not there: told, and nobody's wish */
	h.program = "/sbin/gone";
	CHECK(t, kd_hooks_any(&h));
	CHECK_INT(t, kd_hooks_run(&h, NULL), 127);
	CHECK_INT(t, shared->outcome.n_notes, 1);
}

static const struct test_case cases[] = {
	{ "exit statuses", statuses },
	{ "output, and a tick while it runs", output_and_ticks },
	{ "the folder's, then the key's", folder_then_key },
	{ "nothing to run", nothing },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}

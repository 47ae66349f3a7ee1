/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kdumpd/archive/check and sandbox: dumps that are good and that are not, and what a
 * process that was shut in can still do.
 */
#include "kdumpd/archive/check.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "kdumpd/archive/sandbox.h"
#include "tests/unit/fake-root.h"
#include "tests/unit/in-child.h"
#include "tests/unit/sample-dump.h"

/* @cut: bytes that are missing at its end */
static void put_dump(struct test *t, const struct fake_root *root, const char *path,
		     size_t cut)
{
	struct memory_sink sink;
	struct sample s;

	sample_init(&s);
	s.whole = true;
	CHECK_INT(t, sample_make(&s, &sink), 0);
	fake_file(root, path, sink.data, sink.size - cut);
	memory_sink_done(&sink);
}

static void good(struct test *t)
{
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
	struct kd_dump_verdict v;
	struct kd_error err = { 0 };

	put_dump(t, &root, "vmcore", 0);
	CHECK_INT(t, fchmodat(root.fd, "vmcore", 0600, 0), 0);
	CHECK_INT(t, kd_dump_check(root.fd, "vmcore", &v, &err), 0);
	CHECK_STR(t, err.message, "");
	CHECK_STR(t, v.why, "");
	CHECK(t, v.good);
	CHECK(t, v.pages > 100);
	CHECK_INT(t, v.bad, 0);
}

static void bad(struct test *t)
{
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
	struct kd_dump_verdict v;

	put_dump(t, &root, "vmcore", 20000);
	CHECK_INT(t, kd_dump_check(root.fd, "vmcore", &v, NULL), 0);
	CHECK(t, !v.good);
	CHECK(t, v.bad > 0);
	CHECK(t, v.why[0]);

	fake_text(&root, "text", "no dump at all\n");
	CHECK_INT(t, kd_dump_check(root.fd, "text", &v, NULL), 0);
	CHECK(t, !v.good);
	CHECK(t, strstr(v.why, "neither an ELF core"));
}

static void no_file(struct test *t)
{
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
	struct kd_dump_verdict v;

	put_dump(t, &root, "other/vmcore", 0);
	fake_link(&root, "link", "other/vmcore");
	CHECK_INT(t, mkfifoat(root.fd, "fifo", 0600), 0);
	CHECK_INT(t, kd_dump_check(root.fd, "link", &v, NULL), -ELOOP);
	CHECK_INT(t, kd_dump_check(root.fd, "fifo", &v, NULL), -EINVAL);
	CHECK_INT(t, kd_dump_check(root.fd, "other", &v, NULL), -EINVAL);
	CHECK_INT(t, kd_dump_check(root.fd, "gone", &v, NULL), -ENOENT);
}

/* In a child: everything but reading and computing fails. */
static void inside(struct test *t)
{
	const int fds[] = { STDOUT_FILENO };
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	struct kd_error err = { 0 };

	CHECK(t, null > STDERR_FILENO);
	CHECK_INT(t, kd_sandbox_enter(fds, 1, 64 << 20, 10, &err), 0);
	CHECK_STR(t, err.message, "");
	CHECK_INT(t, fcntl(null, F_GETFD), -1);
	CHECK_INT(t, open("/etc/passwd", O_RDONLY), -1);
	CHECK_INT(t, socket(AF_UNIX, SOCK_STREAM, 0), -1);
	CHECK_INT(t, fork(), -1);
	CHECK_INT(t, kill(getppid(), 0), -1);
	CHECK(t, mmap(NULL, 256 << 20, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED);
	CHECK(t, mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
		      -1, 0) != MAP_FAILED);
}

static void shut_in(struct test *t)
{
	test_in_child(t, 0, inside);
}

static const struct test_case cases[] = {
	{ "a good dump", good },
	{ "dumps that are not good", bad },
	{ "no file", no_file },
	{ "shut in", shut_in },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}

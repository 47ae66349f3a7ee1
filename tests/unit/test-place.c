/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * capture-kernel/place.c and place-dir.c: what is saved is there under its own name
 * alone, and nothing a target holds already is touched.
 */
#include <sys/stat.h>

#include "base/io.h"
#include "tests/unit/fake-place.h"
#include "tests/unit/fake-root.h"
#include "tests/unit/test.h"

static void check_text(struct test *t, struct kd_place *p, const char *name,
		       const char *want)
{
	_cleanup_(kd_file_view_freep) struct kd_file_view *view = NULL;
	char got[64] = "";

	CHECK_INT(t, p->ops->read(p, name, /* fresh= */ true, &view, NULL), 0);
	CHECK_INT(t, view->size, strlen(want));
	CHECK_INT(t, kd_file_view_read(view, got, sizeof(got) - 1, 0), strlen(want));
	CHECK_STR(t, got, want);
}

static void replaced(struct test *t)
{
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
	_cleanup_(kd_place_freep) struct kd_place *p = fake_place(root.fd);
	struct stat st;

	/* left by a capture that was cut off */
	fake_text(&root, ".#outcome.json.tmp", "half");
	CHECK_INT(t, kd_place_replace(p, "outcome.json", "one", 3, NULL), 0);
	check_text(t, p, "outcome.json", "one");
	CHECK_INT(t, kd_place_replace(p, "outcome.json", "other", 5, NULL), 0);
	check_text(t, p, "outcome.json", "other");
	CHECK_INT(t, fstatat(root.fd, "outcome.json", &st, 0), 0);
	CHECK_INT(t, st.st_mode & 0777, 0600);
	CHECK_INT(t, faccessat(root.fd, ".#outcome.json.tmp", F_OK, 0), -1);
}

/* Past the page cache where that was asked for, in folders below as well. */
static void direct(struct test *t)
{
	for (int wanted = 0; wanted <= 1; wanted++) {
		_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
		_cleanup_(kd_place_freep) struct kd_place *p = NULL, *below = NULL;
		_cleanup_(kd_sink_freep) struct kd_sink *one = NULL, *two = NULL;

		CHECK_INT(t,
			  kd_place_dir_new(fcntl(root.fd, F_DUPFD_CLOEXEC, 0), wanted, &p,
					   NULL),
			  0);
		CHECK_INT(t, p->ops->enter(p, "a/b", /* create= */ true, &below, NULL),
			  0);
		CHECK_INT(t, p->ops->write(p, "new", &one, NULL), 0);
		CHECK_INT(t, below->ops->write(below, "new", &two, NULL), 0);
		if (!wanted || !fake_root_may_refuse_direct(&root))
			CHECK_INT(t, one->direct, wanted);
		CHECK_INT(t, two->direct, one->direct);
	}
}

static void not_replaced(struct test *t)
{
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
	_cleanup_(kd_place_freep) struct kd_place *p = fake_place(root.fd);
	struct kd_error err = { 0 };
	char name[300];

	fake_text(&root, "taken/inside", "");
	CHECK_INT(t, kd_place_replace(p, "taken", "x", 1, &err), -EISDIR);
	CHECK_STR(t, err.message, "taken: Is a directory");
	CHECK_INT(t, faccessat(root.fd, ".#taken.tmp", F_OK, 0), -1);
	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	CHECK_INT(t, kd_place_replace(p, name, "x", 1, NULL), -ENAMETOOLONG);
}

static void files(struct test *t)
{
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
	_cleanup_(kd_place_freep) struct kd_place *p = fake_place(root.fd);
	_cleanup_(kd_sink_freep) struct kd_sink *sink = NULL, *second = NULL;
	_cleanup_(kd_file_view_freep) struct kd_file_view *view = NULL;
	struct kd_error err = { 0 };
	uint64_t bytes = 0;

	CHECK_INT(t, p->ops->write(p, "new", &sink, NULL), 0);
	CHECK_INT(t, p->ops->write(p, "new", &second, &err), -EEXIST);
	CHECK_STR(t, err.message, "new: File exists");
	CHECK_INT(t, sink->ops->write(sink, 0, "0123456789", 10), 0);
	CHECK_INT(t, sink->ops->rewrite(sink, 2, "xy", 2), 0);
	CHECK_INT(t, kd_sink_finish(sink), 0);
	check_text(t, p, "new", "01xy456789");
	CHECK_INT(t, p->ops->cut(p, "new", 3, NULL), 0);
	check_text(t, p, "new", "01x");
	CHECK_INT(t, p->ops->rename(p, "new", "final", NULL), 0);
	CHECK_INT(t, p->ops->read(p, "new", false, &view, NULL), -ENOENT);
	check_text(t, p, "final", "01x");
	CHECK_INT(t, kd_place_clear(p, "final", NULL), 0);
	CHECK_INT(t, kd_place_clear(p, "final", NULL), 0);
	CHECK_INT(t, p->ops->space(p, &bytes, NULL), 0);
	CHECK(t, bytes > 0);
}

/* What somebody put there is neither followed nor read. */
static void links(struct test *t)
{
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
	_cleanup_(kd_place_freep) struct kd_place *p = fake_place(root.fd);
	_cleanup_(kd_file_view_freep) struct kd_file_view *view = NULL;
	_cleanup_(kd_sink_freep) struct kd_sink *sink = NULL;

	fake_text(&root, "victim", "old");
	CHECK_INT(t, symlinkat("victim", root.fd, "vmcore"), 0);
	CHECK_INT(t, p->ops->read(p, "vmcore", false, &view, NULL), -ELOOP);
	CHECK_INT(t, p->ops->write(p, "vmcore", &sink, NULL), -EEXIST);
	CHECK(t, p->ops->cut(p, "vmcore", 0, NULL) < 0);
	CHECK_INT(t, kd_place_replace(p, "vmcore", "new", 3, NULL), 0);
	check_text(t, p, "victim", "old");
}

static void folders(struct test *t)
{
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
	_cleanup_(kd_place_freep) struct kd_place *p = fake_place(root.fd);
	_cleanup_(kd_place_freep) struct kd_place *crash = NULL, *inside = NULL;
	struct stat st;

	CHECK_INT(t, p->ops->enter(p, "/var/crash", false, &crash, NULL), -ENOENT);
	CHECK_INT(t, p->ops->enter(p, "/var/crash", true, &crash, NULL), 0);
	CHECK_INT(t, crash->ops->make(crash, "one", NULL), 0);
	CHECK_INT(t, crash->ops->make(crash, "one", NULL), -EEXIST);
	CHECK_INT(t, fstatat(root.fd, "var/crash/one", &st, 0), 0);
	CHECK_INT(t, st.st_mode & 0777, 0700);
	CHECK_INT(t, p->ops->enter(p, "/var/crash/one", false, &inside, NULL), 0);
	CHECK_INT(t, kd_place_replace(inside, "x", "y", 1, NULL), 0);
	CHECK_INT(t, faccessat(root.fd, "var/crash/one/x", F_OK, 0), 0);
}

static const struct test_case cases[] = {
	{ "past the page cache", direct },
	{ "a file is replaced as a whole", replaced },
	{ "and stays when it cannot be", not_replaced },
	{ "files are written, cut, renamed, removed", files },
	{ "links are not followed", links },
	{ "folders", folders },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}

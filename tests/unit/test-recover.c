/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kdumpd/archive/recover.c: what lies on a raw partition comes to where dumps are kept,
 * named for what it is worth, and is not lost when that fails.
 */
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "base/io.h"
#include "capture-kernel/place-raw.h"
#include "kdumpd/archive/recover.h"
#include "tests/unit/fake-root.h"
#include "tests/unit/test.h"

#define SIZE (32u << 20)
#define DIR  "var/crash/127.0.0.1-x"

static void write_file(int fd, const char *name, const char *text, bool whole)
{
	struct kd_place *root = NULL, *p = NULL;
	struct kd_sink *sink = NULL;

	if (kd_place_raw_new(fcntl(fd, F_DUPFD_CLOEXEC, 0), SIZE, &root, NULL) < 0 ||
	    root->ops->enter(root, DIR, true, &p, NULL) < 0)
		abort();
	if (whole && kd_place_replace(p, name, text, strlen(text), NULL) < 0)
		abort();
	if (!whole && (p->ops->write(p, name, &sink, NULL) < 0 ||
		       sink->ops->write(sink, 0, text, strlen(text)) < 0 ||
		       sink->ops->sync(sink) < 0))
		abort();
	kd_sink_free(sink);
	kd_place_free(p);
	kd_place_free(root);
}

static int new_partition(void)
{
	static struct kd_raw raw;
	int fd = memfd_create("partition", MFD_CLOEXEC);

	raw = (struct kd_raw) { .size = SIZE };
	if (fd < 0 || ftruncate(fd, SIZE) < 0 || kd_raw_format(fd, &raw, NULL) < 0)
		abort();
	return fd;
}

static void check_text(struct test *t, const struct fake_root *root, const char *path,
		       const char *want)
{
	char got[64] = "";
	struct stat st;

	CHECK_INT(t, kd_read_line_at(root->fd, path, got, sizeof(got), NULL), 0);
	CHECK_STR(t, got, want);
	CHECK_INT(t, fstatat(root->fd, path, &st, 0), 0);
	CHECK_INT(t, st.st_mode & 0777, 0600);
}

static void whole_and_cut(struct test *t)
{
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
	_cleanup_(kd_closep) int fd = new_partition();
	struct kd_recovered done = { 0 };

	write_file(fd, "vmcore-dmesg.txt", "log", true);
	write_file(fd, "vmcore-incomplete", "half", false);
	write_file(fd, "outcome.json", "{}", true);
	CHECK_INT(t, kd_recover(fd, SIZE, root.fd, &done, NULL), 0);
	CHECK_INT(t, done.files, 3);
	CHECK_INT(t, done.damaged, 0);
	CHECK_INT(t, done.bytes, 9);
	check_text(t, &root, "127.0.0.1-x/vmcore-dmesg.txt", "log");
	check_text(t, &root, "127.0.0.1-x/vmcore-incomplete", "half");
	check_text(t, &root, "127.0.0.1-x/outcome.json", "{}");
	CHECK_INT(t, kd_recover(fd, SIZE, root.fd, &done, NULL), 0);
	CHECK_INT(t, done.files, 0);
}

static void damaged(struct test *t)
{
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
	_cleanup_(kd_closep) int fd = new_partition();
	struct kd_recovered done = { 0 };

	write_file(fd, "vmcore", "a whole dump", true);
	CHECK_INT(t, kd_pwrite_full(fd, "X", 1, KD_RAW_DATA_AT + 2), 0);
	CHECK_INT(t, kd_recover(fd, SIZE, root.fd, &done, NULL), 0);
	CHECK_INT(t, done.damaged, 1);
	check_text(t, &root, "127.0.0.1-x/vmcore-incomplete", "a Xhole dump");
	CHECK(t, faccessat(root.fd, "127.0.0.1-x/vmcore", F_OK, 0) < 0);
}

static void taken(struct test *t)
{
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
	_cleanup_(kd_closep) int fd = new_partition();
	struct kd_recovered done = { 0 };
	struct kd_error err = { 0 };

	write_file(fd, "vmcore-dmesg.txt", "log", true);
	write_file(fd, "vmcore", "dump", true);
	/* as an attempt left it that was cut off before the end */
	fake_text(&root, "127.0.0.1-x/vmcore-dmesg.txt", "log");
	fake_text(&root, "127.0.0.1-x/vmcore", "other");
	CHECK_INT(t, kd_recover(fd, SIZE, root.fd, &done, &err), -EEXIST);
	CHECK_STR(t, err.message, "var/crash/127.0.0.1-x/vmcore: File exists");
	CHECK_INT(t, unlinkat(root.fd, "127.0.0.1-x/vmcore", 0), 0);
	CHECK_INT(t, kd_recover(fd, SIZE, root.fd, &done, NULL), 0);
	CHECK_INT(t, done.files, 2);
	check_text(t, &root, "127.0.0.1-x/vmcore", "dump");
	CHECK(t, faccessat(root.fd, "127.0.0.1-x/.#recover.tmp", F_OK, 0) < 0);
}

static void not_ours(struct test *t)
{
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
	_cleanup_(kd_closep) int fd = memfd_create("other", MFD_CLOEXEC);
	struct kd_recovered done = { 0 };
	struct kd_error err = { 0 };

	CHECK_INT(t, ftruncate(fd, SIZE), 0);
	CHECK_INT(t, kd_recover(fd, SIZE, root.fd, &done, &err), -ENODATA);
	CHECK_STR(t, err.message, "not prepared for dumps: run kdumpctl setup-raw");
}

static const struct test_case cases[] = {
	{ "whole files, and one that was cut off", whole_and_cut },
	{ "bytes that changed", damaged },
	{ "names that are taken", taken },
	{ "a partition of others", not_ours },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}

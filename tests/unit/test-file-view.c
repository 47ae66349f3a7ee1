/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files as readers of dumps see them: sizes, short reads, holes, who closes what, and what
 * is no file.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "base/file-view.h"
#include "base/io.h"
#include "tests/unit/test.h"

#define HOLE ((off_t)1 << 20)

static int make(struct test *t, const char *text, off_t at)
{
	int fd = memfd_create("view", MFD_CLOEXEC);

	CHECK(t, fd >= 0);
	CHECK(t, kd_pwrite_full(fd, text, strlen(text), at) == 0);
	return fd;
}

static void test_reads(struct test *t)
{
	_cleanup_(kd_closep) int fd = make(t, "hello", 0);
	struct kd_file_view v;
	char buf[8] = "";

	CHECK(t, kd_file_view_init(&v, fd) == 0);
	CHECK(t, v.size == 5 && v.fd == fd);
	CHECK(t, kd_file_view_read(&v, buf, sizeof(buf), 1) == 4);
	CHECK(t, memcmp(buf, "ello", 4) == 0);
	CHECK(t, kd_file_view_read(&v, buf, 1, 5) == 0);
	CHECK(t, kd_file_view_read_all(&v, buf, 2, 3) == 0);
	CHECK(t, memcmp(buf, "lo", 2) == 0);
	CHECK(t, kd_file_view_read_all(&v, buf, 3, 3) == -EBADMSG);
	CHECK(t, kd_file_view_holds(&v, 0, 5) && kd_file_view_holds(&v, 5, 0));
	CHECK(t, !kd_file_view_holds(&v, 0, 6) && !kd_file_view_holds(&v, 6, 0));
	CHECK(t, !kd_file_view_holds(&v, 1, UINT64_MAX));
	CHECK(t, kd_file_view_drop(&v) <= 0);
	/* borrowed: freeing the view leaves the descriptor */
	kd_file_view_free(&v);
	CHECK(t, fcntl(fd, F_GETFD) >= 0);
}

static void test_holes(struct test *t)
{
	_cleanup_(kd_closep) int fd = make(t, "x", HOLE);
	struct kd_file_view v;

	CHECK(t, ftruncate(fd, 2 * HOLE) == 0);
	CHECK(t, kd_file_view_init(&v, fd) == 0);
	CHECK(t, kd_file_view_data(&v, 0) == (uint64_t)HOLE);
	CHECK(t, kd_file_view_data(&v, (uint64_t)HOLE) == (uint64_t)HOLE);
	CHECK(t, kd_file_view_data(&v, (uint64_t)HOLE * 3 / 2) == (uint64_t)HOLE * 2);
	/* behind the end there is nothing to ask */
	CHECK(t, kd_file_view_data(&v, UINT64_MAX) == UINT64_MAX);
}

static void test_open(struct test *t)
{
	_cleanup_(kd_file_view_freep) struct kd_file_view *v = NULL;
	struct kd_file_view *untouched = (struct kd_file_view *)-1;
	struct kd_error err = { 0 };
	char dir[] = "/tmp/kd-view-XXXXXX";
	int at;

	CHECK(t, mkdtemp(dir) != NULL);
	at = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	CHECK(t, at >= 0);
	CHECK(t, kd_file_view_open_at(at, "none", &untouched, &err) == -ENOENT);
	CHECK(t, untouched == (struct kd_file_view *)-1);
	CHECK(t, strstr(err.message, "none") != NULL);
	/* a pipe has no offsets, and nobody waits for its other end */
	CHECK(t, mkfifoat(at, "pipe", 0600) == 0);
	CHECK(t, kd_file_view_open_at(at, "pipe", &untouched, NULL) == -ESPIPE);
	CHECK(t, kd_file_view_open_at(AT_FDCWD, "/dev/null", &v, NULL) == 0);
	CHECK(t, v->size == 0);
	CHECK(t, unlinkat(at, "pipe", 0) == 0);
	kd_close(at);
	CHECK(t, rmdir(dir) == 0);
}

int main(void)
{
	static const struct test_case cases[] = {
		{ "reads", test_reads },
		{ "holes", test_holes },
		{ "open", test_open },
	};

	return test_run(cases, ARRAY_SIZE(cases));
}

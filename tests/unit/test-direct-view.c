/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * base/direct-view: what is read past the page cache is the file, however it is read.
 */
#include "base/direct-view.h"

#include <fcntl.h>
#include <string.h>

#include "base/io.h"
#include "base/parallel.h"
#include "tests/unit/fake-root.h"
#include "tests/unit/test.h"

#define SIZE (((size_t)3 << 20) + 12345)
#define STEP ((size_t)32 << 10)

static uint8_t *make(const struct fake_root *root, size_t size)
{
	uint8_t *data = malloc(size);
	uint32_t x = 1;

	for (size_t i = 0; data && i < size; i++) {
		x = x * 1664525 + 1013904223;
		data[i] = (uint8_t)(x >> 24);
	}
	if (data)
		fake_file(root, "file", data, size);
	return data;
}

/* Opens what make() made; false where that can, or may, not be done. */
static bool open_file(struct test *t, const struct fake_root *root,
		      struct kd_file_view **ret)
{
	int r = kd_direct_view_open_at(root->fd, "file", ret, NULL);

	if (r == -EINVAL && fake_root_may_refuse_direct(root))
		return false;
	CHECK_INT(t, r, 0);
	return r == 0;
}

struct readers {
	const struct kd_file_view *view;
	const uint8_t *data;
	_Atomic uint64_t next;
	_Atomic int wrong;
};

static int read_pieces(void *context, unsigned int number)
{
	static const size_t sizes[] = { 1, 511, 70000, 4096, 600000 };
	_cleanup_(kd_freep) uint8_t *buf = malloc(600000);
	struct readers *all = context;
	uint64_t i;

	while (buf && (i = atomic_fetch_add(&all->next, 1)) < 400) {
		uint64_t at = i * 7919 * 37 % SIZE;
		size_t size = sizes[(i + number) % ARRAY_SIZE(sizes)];
		size_t want = (size_t)MIN((uint64_t)size, SIZE - at);

		if (kd_file_view_read(all->view, buf, size, at) != (ssize_t)want ||
		    memcmp(buf, all->data + at, want) != 0)
			atomic_store(&all->wrong, 1);
	}
	return 0;
}

static void reads(struct test *t)
{
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
	_cleanup_(kd_file_view_freep) struct kd_file_view *v = NULL, *fresh = NULL;
	_cleanup_(kd_freep) uint8_t *data = make(&root, SIZE);
	struct readers all = { .data = data };
	uint8_t byte;

	if (!open_file(t, &root, &v))
		return;
	CHECK_INT(t, v->size, SIZE);
	all.view = v;
	CHECK_INT(t, kd_parallel(4, read_pieces, &all), 0);
	CHECK_INT(t, all.wrong, 0);
	CHECK_INT(t, kd_file_view_read(v, &byte, 1, SIZE), 0);
	CHECK_INT(t, kd_file_view_read(v, &byte, 1, UINT64_MAX), 0);
	CHECK_INT(t, kd_file_view_drop(v), 0);

	/* what was there is cut off under it */
	CHECK_INT(t, kd_direct_view_open_at(root.fd, "file", &fresh, NULL), 0);
	CHECK_INT(t, fake_run("truncate -s 100 %s/file", root.path), 0);
	CHECK_INT(t, kd_file_view_read(fresh, &byte, 1, SIZE - 1), -EIO);
}

/* Bytes that this process has read so far. */
static uint64_t read_so_far(void)
{
	_cleanup_(kd_freep) char *text = NULL;
	size_t size;

	if (kd_read_file_at(AT_FDCWD, "/proc/self/io", 4096, &text, &size, NULL) < 0 ||
	    strncmp(text, "rchar: ", 7) != 0)
		return UINT64_MAX;
	return strtoull(text + 7, NULL, 10);
}

/* Whether a read of @size bytes at @at gives what was written there. */
static bool is_as_written(const struct kd_file_view *v, const uint8_t *data, uint64_t at,
			  size_t size)
{
	uint8_t buf[STEP];

	return kd_file_view_read(v, buf, size, at) == (ssize_t)size &&
	       memcmp(buf, data + at, size) == 0;
}

/* Each step forward with a look at each MiB before it, as pages that are shared need. */
static void looks_back(struct test *t)
{
	enum {
		LOOK = 64 << 10,
	};
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
	_cleanup_(kd_file_view_freep) struct kd_file_view *v = NULL;
	_cleanup_(kd_freep) uint8_t *data = make(&root, SIZE);
	uint64_t before = read_so_far(), looks = 0, all;
	bool same = true;

	if (!open_file(t, &root, &v))
		return;
	for (uint64_t at = 0; at + STEP <= SIZE; at += STEP) {
		same &= is_as_written(v, data, at, STEP);
		for (uint64_t back = 5; back < at; back += 1 << 20, looks++)
			same &= is_as_written(v, data, back, 100);
	}
	all = read_so_far() - before;
	CHECK(t, same);
	CHECK(t, looks > 100);
	printf("# %llu bytes read of a file of %zu, %llu looks back\n",
	       (unsigned long long)all, SIZE, (unsigned long long)looks);
	CHECK(t, all >= SIZE && all <= SIZE + looks * LOOK + 8192);
}

/* Who read on from several places in turn read each byte once, but where they begin. */
static void several_read_on(struct test *t)
{
	enum {
		READERS = 4,
		PART = 4 << 20,
		ALL = READERS * PART,
		ENDS = (64 + 2 * 512) << 10, /* where one begins, and where it ends */
	};
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
	_cleanup_(kd_file_view_freep) struct kd_file_view *v = NULL;
	_cleanup_(kd_freep) uint8_t *data = make(&root, ALL);
	uint64_t before = read_so_far(), all;
	bool same = true;

	if (!open_file(t, &root, &v))
		return;
	for (uint64_t at = 0; at < PART; at += STEP)
		for (uint64_t i = 0; i < READERS; i++)
			same &= is_as_written(v, data, i * PART + at, STEP);
	all = read_so_far() - before;
	CHECK(t, same);
	printf("# %llu bytes read of a file of %d by %d readers\n",
	       (unsigned long long)all, ALL, READERS);
	CHECK(t, all >= ALL && all <= ALL + READERS * ENDS);
}

static void opening(struct test *t)
{
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
	static const struct {
		const char *name;
		int want;
	} table[] = {
		{ "none", -ENOENT },
		{ "link", -ELOOP },
		{ "folder", -EINVAL },
	};
	_cleanup_(kd_file_view_freep) struct kd_file_view *empty = NULL;
	struct kd_file_view *v = NULL;
	struct kd_error err = { 0 };
	uint8_t byte;
	int r;

	fake_text(&root, "folder/file", "x");
	fake_link(&root, "link", "folder/file");
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		kd_error_reset(&err);
		CHECK_INT(t, kd_direct_view_open_at(root.fd, table[i].name, &v, &err),
			  table[i].want);
		CHECK(t, strstr(err.message, table[i].name) != NULL);
		CHECK(t, !v);
	}
	fake_text(&root, "empty", "");
	r = kd_direct_view_open_at(root.fd, "empty", &empty, NULL);
	CHECK(t, r == 0 || fake_root_may_refuse_direct(&root));
	CHECK_INT(t, empty ? kd_file_view_read(empty, &byte, 1, 0) : 0, 0);
}

static const struct test_case cases[] = {
	{ "reads of any size, by several threads", reads },
	{ "looks back are small, and cost no step forward", looks_back },
	{ "several read on", several_read_on },
	{ "opening", opening },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}

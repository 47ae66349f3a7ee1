/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * base/raw.c and capture-kernel/place-raw.c: files on a file that stands for a partition,
 * lists that were cut off, and nothing of an earlier crash lost.
 */
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "base/io.h"
#include "base/raw.h"
#include "capture-kernel/place-raw.h"
#include "tests/unit/test.h"

#define SIZE (32u << 20)

static int new_partition(struct kd_raw *raw)
{
	int fd = memfd_create("partition", MFD_CLOEXEC);

	if (fd < 0 || ftruncate(fd, SIZE) < 0)
		abort();
	*raw = (struct kd_raw) { .size = SIZE };
	memset(raw->id, 7, sizeof(raw->id));
	if (kd_raw_format(fd, raw, NULL) < 0)
		abort();
	return fd;
}

static void markers(struct test *t)
{
	static struct kd_raw raw, back;
	_cleanup_(kd_closep) int fd = new_partition(&raw);
	uint8_t byte = 0;

	CHECK_INT(t, kd_raw_load(fd, SIZE, &back, NULL), 0);
	CHECK_INT(t, back.n, 0);
	CHECK_INT(t, back.sequence, 1);
	CHECK_INT(t, memcmp(back.id, raw.id, sizeof(raw.id)), 0);
	CHECK_INT(t, kd_raw_load(fd, SIZE + 512, &back, NULL), -EBADMSG);
	CHECK_INT(t, kd_pwrite_full(fd, &byte, 1, 40), 0); /* zero already */
	CHECK_INT(t, kd_raw_load(fd, SIZE, &back, NULL), 0);
	byte = 1;
	CHECK_INT(t, kd_pwrite_full(fd, &byte, 1, 40), 0);
	CHECK_INT(t, kd_raw_load(fd, SIZE, &back, NULL), -EBADMSG);
	CHECK_INT(t, kd_pwrite_full(fd, "X", 1, 0), 0);
	CHECK_INT(t, kd_raw_load(fd, SIZE, &back, NULL), -ENODATA);
}

/* A list that was half written leaves the one before it. */
static void lists(struct test *t)
{
	static struct kd_raw raw, back;
	_cleanup_(kd_closep) int fd = new_partition(&raw);

	raw.n = 1;
	raw.files[0] = (struct kd_raw_file) { .path = "a/b",
					      .offset = KD_RAW_DATA_AT,
					      .length = 5 };
	CHECK_INT(t, kd_raw_store(fd, &raw, NULL), 0);
	raw.files[0].length = 6;
	CHECK_INT(t, kd_raw_store(fd, &raw, NULL), 0);
	CHECK_INT(t, kd_raw_load(fd, SIZE, &back, NULL), 0);
	CHECK_INT(t, back.files[0].length, 6);
	CHECK_INT(t, raw.sequence, 3);
	CHECK_INT(t,
		  kd_pwrite_full(fd, "torn", 4, KD_RAW_LIST_AT + KD_RAW_LIST_SIZE + 100),
		  0);
	CHECK_INT(t, kd_raw_load(fd, SIZE, &back, NULL), 0);
	CHECK_INT(t, back.files[0].length, 5);
}

static void hostile_rows(struct test *t)
{
	static const struct {
		const char *path;
		uint64_t offset, length;
	} table[] = {
		{ "", KD_RAW_DATA_AT, 0 },	  { "/a", KD_RAW_DATA_AT, 0 },
		{ "a/../b", KD_RAW_DATA_AT, 0 },  { "..", KD_RAW_DATA_AT, 0 },
		{ "a//b", KD_RAW_DATA_AT, 0 },	  { "a/", KD_RAW_DATA_AT, 0 },
		{ "a\n", KD_RAW_DATA_AT, 0 },	  { "a", 0, 0 },
		{ "a", KD_RAW_DATA_AT + 1, 0 },	  { "a", KD_RAW_DATA_AT, SIZE },
		{ "a", UINT64_MAX - 4095, 4096 }, { "a", KD_RAW_DATA_AT, UINT64_MAX },
	};
	static uint8_t data[KD_RAW_LIST_SIZE];
	static struct kd_raw raw, back;

	raw = (struct kd_raw) { .size = SIZE, .n = 1 };
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		raw.files[0] = (struct kd_raw_file) { .offset = table[i].offset,
						      .length = table[i].length };
		(void)snprintf(raw.files[0].path, KD_RAW_PATH, "%s", table[i].path);
		kd_raw_list_encode(&raw, data);
		CHECK_INT(t, kd_raw_list_decode(data, &raw, &back), -EBADMSG);
	}
}

static struct kd_place *open_place(int fd)
{
	struct kd_place *place = NULL;

	if (kd_place_raw_new(fcntl(fd, F_DUPFD_CLOEXEC, 0), SIZE, &place, NULL) < 0)
		abort();
	return place;
}

static void write_file(struct test *t, struct kd_place *p, const char *name,
		       const char *text)
{
	_cleanup_(kd_sink_freep) struct kd_sink *sink = NULL;

	CHECK_INT(t, p->ops->write(p, name, &sink, NULL), 0);
	if (!sink)
		return;
	CHECK(t, sink->dense);
	CHECK_INT(t, sink->ops->write(sink, 0, text, strlen(text)), 0);
	CHECK_INT(t, sink->ops->sync(sink), 0);
}

static void check_file(struct test *t, struct kd_place *p, const char *name,
		       const char *text)
{
	_cleanup_(kd_file_view_freep) struct kd_file_view *view = NULL;
	char got[64] = "";

	CHECK_INT(t, p->ops->read(p, name, /* fresh= */ true, &view, NULL), 0);
	if (!view)
		return;
	CHECK_INT(t, view->size, strlen(text));
	CHECK_INT(t, kd_file_view_read(view, got, sizeof(got) - 1, 0), strlen(text));
	CHECK_STR(t, got, text);
	CHECK_INT(t, kd_file_view_read(view, got, 1, 100), 0);
}

/* Each child of a capture opens the target anew. */
static void files(struct test *t)
{
	static struct kd_raw raw;
	_cleanup_(kd_closep) int fd = new_partition(&raw);
	static const char *const dir = "/var/crash/127.0.0.1-x";

	for (int i = 0; i < 2; i++) {
		_cleanup_(kd_place_freep) struct kd_place *root = open_place(fd);
		_cleanup_(kd_place_freep) struct kd_place *parent = NULL, *p = NULL;

		CHECK_INT(t, root->ops->enter(root, "/var/crash", true, &parent, NULL),
			  0);
		CHECK_INT(t, parent->ops->make(parent, "127.0.0.1-x", NULL),
			  i ? -EEXIST : 0);
		CHECK_INT(t, root->ops->enter(root, dir, false, &p, NULL), 0);
		if (i == 0) {
			write_file(t, p, "vmcore-incomplete", "a dump");
			CHECK_INT(t,
				  p->ops->rename(p, "vmcore-incomplete", "vmcore", NULL),
				  0);
			CHECK_INT(t, kd_place_replace(p, "outcome.json", "{}", 2, NULL),
				  0);
			continue;
		}
		check_file(t, p, "vmcore", "a dump");
		check_file(t, p, "outcome.json", "{}");
		CHECK_INT(t, kd_place_replace(p, "outcome.json", "{1}", 3, NULL), 0);
		check_file(t, p, "outcome.json", "{1}");
		CHECK_INT(t, p->ops->cut(p, "vmcore", 3, NULL), 0);
		check_file(t, p, "vmcore", "a d");
		CHECK_INT(t, p->ops->remove(p, "nothing", NULL), -ENOENT);
	}
	CHECK_INT(t, kd_raw_load(fd, SIZE, &raw, NULL), 0);
	CHECK_INT(t, raw.n, 2);
	CHECK_STR(t, raw.files[0].path, "var/crash/127.0.0.1-x/vmcore");
	CHECK(t, !raw.files[0].whole); /* cut */
	CHECK(t, raw.files[1].whole);
}

static void full(struct test *t)
{
	static struct kd_raw raw;
	_cleanup_(kd_closep) int fd = new_partition(&raw);
	_cleanup_(kd_place_freep) struct kd_place *p = open_place(fd);
	_cleanup_(kd_sink_freep) struct kd_sink *sink = NULL;
	static uint8_t block[1 << 20];
	uint64_t space = 0, at = 0;
	struct stat st;
	int r = 0;

	CHECK_INT(t, p->ops->space(p, &space, NULL), 0);
	CHECK_INT(t, space, SIZE - KD_RAW_DATA_AT);
	CHECK_INT(t, p->ops->write(p, "vmcore-incomplete", &sink, NULL), 0);
	for (; r >= 0; at += sizeof(block))
		r = sink->ops->write(sink, at, block, sizeof(block));
	CHECK_INT(t, r, -ENOSPC);
	CHECK_INT(t, sink->end, SIZE - KD_RAW_DATA_AT);
	CHECK_INT(t, sink->ops->sync(sink), 0);
	CHECK_INT(t, fstat(fd, &st), 0);
	CHECK_INT(t, st.st_size, SIZE);
	CHECK_INT(t, p->ops->write(p, "more", &sink, NULL), -ENOSPC);
	/* the end of the dump gives way to what tells of it */
	CHECK_INT(t, p->ops->cut(p, "vmcore-incomplete", 1 << 20, NULL), 0);
	CHECK_INT(t, kd_place_replace(p, "outcome.json", "{}", 2, NULL), 0);
	check_file(t, p, "outcome.json", "{}");
}

static const struct test_case cases[] = {
	{ "markers, whole and damaged", markers },
	{ "a list that was cut off", lists },
	{ "lists that lead elsewhere", hostile_rows },
	{ "files", files },
	{ "a full partition", full },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * format/flat-file: a flattened stream reads as the file it stands for, with its holes,
 * whichever record came last for a byte; cut ones are as long as they are; lies end it.
 */
#include "makedumpfile/format/flat-file.h"

#include <sys/mman.h>

#include "makedumpfile/format/flat-pieces.h"
#include "tests/unit/flatten.h"
#include "tests/unit/sample-dump.h"
#include "tests/unit/test.h"

static int open_flat(const struct memory_sink *m, struct kd_file_view **ret)
{
	_cleanup_(kd_closep) int fd = sample_file(m->data, m->size);
	_cleanup_(kd_file_view_freep) struct kd_file_view *file = NULL;
	char path[64];
	int r;

	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	r = kd_file_view_open_at(-EBADF, path, &file, NULL);
	if (r == 0)
		r = kd_flat_file_new(file, ret, NULL);
	if (r == 0)
		file = NULL;
	return r;
}

static void bytes(struct memory_sink *m, size_t size)
{
	memory_sink_init(m);
	for (size_t i = 0; i < size; i++) {
		uint8_t byte = (uint8_t)(i * 7 + i / 256);

		(void)memory_sink_put(m, i, &byte, 1);
	}
}

static void reads_as_the_file(struct test *t)
{
	_cleanup_(memory_sink_done) struct memory_sink plain, flat;
	_cleanup_(kd_file_view_freep) struct kd_file_view *v = NULL;
	uint8_t got[5000];

	bytes(&plain, 4321);
	memory_sink_init(&flat);
	flatten(&flat, &plain, /* end= */ true);
	CHECK_INT(t, open_flat(&flat, &v), 0);
	CHECK_INT(t, v->size, 4321);
	CHECK(t, kd_flat_file_opened(v) && !kd_flat_file_cut(v));
	for (size_t at = 0; at < 5000; at += 77)
		for (size_t n = 1; n < 3000; n = 3 * n + 1) {
			ssize_t want = at < 4321 ? (ssize_t)MIN(n, 4321 - at) : 0;

			CHECK_INT(t, kd_file_view_read(v, got, n, at), want);
			CHECK(t, want == 0 ||
					 memcmp(got, plain.data + at, (size_t)want) == 0);
		}
}

static void holes_are_zeros(struct test *t)
{
	_cleanup_(memory_sink_done) struct memory_sink empty, flat;
	_cleanup_(kd_file_view_freep) struct kd_file_view *v = NULL;
	uint8_t got[40], want[40] = { 0 };

	memory_sink_init(&empty);
	memory_sink_init(&flat);
	flatten(&flat, &empty, /* end= */ false);
	flatten_record(&flat, 10, "abc", 3);
	flatten_record(&flat, 30, "z", 1);
	CHECK_INT(t, open_flat(&flat, &v), 0);
	CHECK_INT(t, v->size, 31);
	CHECK(t, kd_flat_file_cut(v));
	memcpy(want + 10, "abc", 3);
	want[30] = 'z';
	CHECK_INT(t, kd_file_view_read(v, got, sizeof(got), 0), 31);
	CHECK(t, memcmp(got, want, 31) == 0);
	CHECK_INT(t, kd_file_view_read(v, got, sizeof(got), 13), 18);
	CHECK(t, memcmp(got, want + 13, 18) == 0);
	CHECK(t, kd_file_view_holds(v, 10, 3) && kd_file_view_holds(v, 30, 1));
	CHECK(t, !kd_file_view_holds(v, 10, 4) && !kd_file_view_holds(v, 9, 2));
	CHECK(t, !kd_file_view_holds(v, 30, 2) && !kd_file_view_holds(v, 31, 1));
	CHECK_INT(t, kd_file_view_data(v, 0), 10);
	CHECK_INT(t, kd_file_view_data(v, 12), 12);
	CHECK_INT(t, kd_file_view_data(v, 13), 30);
	CHECK_INT(t, kd_file_view_data(v, 31), 31);
	CHECK_INT(t, kd_file_view_data(v, 400), 400);
}

/* The holes of a file itself. */
static void sparse_file(struct test *t)
{
	const uint64_t far = (uint64_t)1 << 40;
	_cleanup_(kd_closep) int fd = memfd_create("sparse", MFD_CLOEXEC);
	struct kd_file_view v;

	CHECK_INT(t, kd_pwrite_full(fd, "x", 1, far + 5), 0);
	CHECK_INT(t, ftruncate(fd, (off_t)(2 * far)), 0);
	CHECK_INT(t, kd_file_view_init(&v, fd), 0);
	CHECK(t,
	      kd_file_view_data(&v, 0) > far / 2 && kd_file_view_data(&v, 0) <= far + 5);
	CHECK_INT(t, kd_file_view_data(&v, far + 5), far + 5);
	CHECK_INT(t, kd_file_view_data(&v, far + far / 2), 2 * far);
	CHECK_INT(t, kd_file_view_data(&v, 2 * far), 2 * far);
}

/* Cut at every byte: what is read is what was sent, or zeros. */
static void cut_anywhere(struct test *t)
{
	_cleanup_(memory_sink_done) struct memory_sink plain, flat;
	uint8_t got[2500];

	bytes(&plain, 2300);
	memory_sink_init(&flat);
	flatten(&flat, &plain, /* end= */ true);
	for (; flat.size > 200; flat.size -= flat.size > 4200 ? 1 : 97) {
		_cleanup_(kd_file_view_freep) struct kd_file_view *v = NULL;
		ssize_t n;

		CHECK_INT(t, open_flat(&flat, &v), 0);
		if (!v)
			continue;
		n = kd_file_view_read(v, got, sizeof(got), 0);
		CHECK_INT(t, n, v->size);
		/* byte 50 was sent wrong, and again right */
		for (ssize_t i = 150; i < n; i++)
			CHECK(t, got[i] == 0 || got[i] == plain.data[i]);
	}
}

static void lies(struct test *t)
{
	static const struct {
		uint64_t offset, size;
	} records[] = { { 0, 0 },	   { UINT64_MAX, 1 }, { 1ULL << 63, 10 },
			{ INT64_MAX, 10 }, { 0, UINT64_MAX }, { 5, 1ULL << 63 } };

	for (size_t i = 0; i < ARRAY_SIZE(records); i++) {
		_cleanup_(memory_sink_done) struct memory_sink plain, flat;
		_cleanup_(kd_file_view_freep) struct kd_file_view *v = NULL;
		struct kd_flat_record r = { .offset = htobe64(records[i].offset),
					    .size = htobe64(records[i].size) };

		bytes(&plain, 500);
		memory_sink_init(&flat);
		flatten(&flat, &plain, /* end= */ false);
		(void)memory_sink_put(&flat, flat.size, &r, sizeof(r));
		(void)memory_sink_put(&flat, flat.size, "more", 4);
		CHECK_INT(t, open_flat(&flat, &v), 0);
		CHECK_INT(t, v->size, 500);
		CHECK(t, kd_flat_file_cut(v));
	}
}

/* Against the obvious way: paint the bytes in the order of the stream. */
static void overlaps(struct test *t)
{
	uint64_t x = 1;

	for (int round = 0; round < 300; round++) {
		struct kd_flat_pieces p = { 0 };
		uint64_t want[64] = { 0 }, data = 1000;

		for (int i = 0; i < 12; i++) {
			uint64_t start, end;

			x = x * 6364136223846793005ULL + 1442695040888963407ULL;
			start = x >> 33 & 31;
			end = start + 1 + (x >> 50 & 31);
			CHECK_INT(
				t,
				kd_flat_pieces_add(
					&p, (struct kd_flat_piece) { start, end, data }),
				0);
			for (uint64_t b = start; b < end; b++)
				want[b] = data + (b - start);
			data += 100;
		}
		CHECK_INT(t, kd_flat_pieces_settle(&p), 0);
		for (uint64_t b = 0; b < 64; b++) {
			size_t i = kd_flat_pieces_after(&p, b);
			bool has = i < p.n && p.items[i].start <= b;

			CHECK_INT(t, has ? p.items[i].data + (b - p.items[i].start) : 0,
				  want[b]);
		}
		kd_flat_pieces_done(&p);
	}
}

static void no_stream(struct test *t)
{
	_cleanup_(memory_sink_done) struct memory_sink m;
	struct kd_file_view *v = NULL;

	bytes(&m, 5000);
	CHECK_INT(t, open_flat(&m, &v), -ENOEXEC);
	memcpy(m.data, "makedumpfile\0\0\0\0\0\0\0\0\0\0\0\x02", 24);
	CHECK_INT(t, open_flat(&m, &v), -ENOTSUP);
	m.size = 10;
	CHECK_INT(t, open_flat(&m, &v), -ENOEXEC);
}

static const struct test_case cases[] = {
	{ "reads as the file it stands for", reads_as_the_file },
	{ "holes are zeros", holes_are_zeros },
	{ "holes of a file", sparse_file },
	{ "cut anywhere", cut_anywhere },
	{ "records that are none", lies },
	{ "the last record for a byte counts", overlaps },
	{ "not a stream", no_stream },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * makedumpfile/format: flattened streams read and rearranged: whole ones give the bytes
 * that went in; cut and wrong ones give all that came, marked INCOMPLETE, and one line.
 */
#include <endian.h>
#include <sys/mman.h>

#include "makedumpfile/format/dump-mark.h"
#include "makedumpfile/format/flat-rearrange.h"
#include "makedumpfile/format/kdump-format.h"
#include "makedumpfile/sink/flat-format.h"
#include "tests/unit/memory-sink.h"
#include "tests/unit/sample-dump.h"
#include "tests/unit/test.h"

/** A stream being made by hand. */
struct stream {
	size_t size;
	uint8_t data[64 << 10];
};

static void add(struct stream *s, const void *data, size_t size)
{
	memcpy(s->data + s->size, data, size);
	s->size += size;
}

static void begin(struct stream *s)
{
	struct kd_flat_header h = { .signature = KD_FLAT_SIGNATURE,
				    .type = htobe64(1),
				    .version = htobe64(1) };

	memset(s, 0, sizeof(*s));
	add(s, &h, sizeof(h));
	s->size = KD_FLAT_HEADER_SIZE;
}

static void head(struct stream *s, uint64_t offset, uint64_t size)
{
	struct kd_flat_record r = { htobe64(offset), htobe64(size) };

	add(s, &r, sizeof(r));
}

static void text(struct stream *s, uint64_t offset, const char *t)
{
	head(s, offset, strlen(t));
	add(s, t, strlen(t));
}

static int rearrange(const void *data, size_t size, struct memory_sink *out,
		     struct kd_flat_counts *counts, struct kd_error *err)
{
	_cleanup_(kd_closep) int fd = sample_file(data, size);
	struct kd_flat_reader in;
	int r;

	(void)lseek(fd, 0, SEEK_SET);
	r = kd_flat_reader_init(&in, fd, err);
	return r < 0 ? r : kd_flat_rearrange(&in, &out->sink, counts, err);
}

static void ranges(struct test *t)
{
	static const struct {
		uint64_t start, end;
		bool seen;
		size_t n;
	} steps[] = {
		{ 10, 20, false, 1 }, { 30, 40, false, 2 }, { 20, 30, false, 1 },
		{ 0, 10, false, 1 },  { 39, 50, true, 1 },  { 60, 70, false, 2 },
		{ 55, 60, false, 2 }, { 52, 53, false, 3 }, { 1, 2, true, 3 },
		{ 51, 71, true, 2 },  { 0, 100, true, 1 },
	};
	_cleanup_(kd_freep) struct kd_flat_ranges *r = calloc(1, sizeof(*r));

	for (size_t i = 0; i < ARRAY_SIZE(steps); i++) {
		CHECK_INT(t, kd_flat_ranges_add(r, steps[i].start, steps[i].end),
			  steps[i].seen);
		CHECK_INT(t, r->n, steps[i].n);
	}
	/* Past the bound only the lowest gaps are forgotten. */
	*r = (struct kd_flat_ranges) { 0 };
	for (uint64_t i = 0; i < 2 * KD_FLAT_RANGES; i++)
		CHECK_INT(t, kd_flat_ranges_add(r, 10 * i, 10 * i + 5), false);
	CHECK_INT(t, r->n, KD_FLAT_RANGES);
	CHECK_INT(t, kd_flat_ranges_add(r, 10 * 2047 - 5, 10 * 2047), false);
	CHECK_INT(t, kd_flat_ranges_add(r, 7, 8), true);
}

static void any_order(struct test *t)
{
	struct kd_flat_counts n = { 0 };
	struct memory_sink out;
	struct stream s;

	begin(&s);
	text(&s, 6, "world");
	text(&s, 0, "hello");
	text(&s, 11, "!");
	text(&s, 4, "O_WO");
	head(&s, KD_FLAT_END, KD_FLAT_END);
	add(&s, "what follows", 12);
	memory_sink_init(&out);
	CHECK_INT(t, rearrange(s.data, s.size, &out, &n, NULL), 0);
	CHECK_INT(t, out.size, 12);
	CHECK(t, out.data && memcmp(out.data, "hellO_WOrld!", 12) == 0);
	CHECK_INT(t, n.records, 4);
	CHECK_INT(t, n.bytes, 15);
	CHECK_INT(t, n.again, 1);
	CHECK_INT(t, n.stream, s.size - 12);
	memory_sink_done(&out);
}

static void wrong_records(struct test *t)
{
	static const struct {
		uint64_t offset, size;
		int error;
	} table[] = {
		{ 0, 0, -EBADMSG },
		{ KD_FLAT_END, 5, -EBADMSG },
		{ 5, KD_FLAT_END, -EBADMSG },
		{ (uint64_t)1 << 63, 1, -EBADMSG },
		{ 0, (uint64_t)1 << 63, -EBADMSG },
		{ INT64_MAX, 1, -EBADMSG },
		{ 100, INT64_MAX - 100, -ENODATA },
		{ 100, 1, -ENODATA },
	};

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		struct kd_flat_counts n = { 0 };
		struct kd_error err = { 0 };
		struct memory_sink out;
		struct stream s;

		begin(&s);
		text(&s, 0, "hello");
		head(&s, table[i].offset, table[i].size);
		memory_sink_init(&out);
		CHECK_INT(t, rearrange(s.data, s.size, &out, &n, &err), table[i].error);
		CHECK_INT(t, out.size, 5);
		CHECK_INT(t, n.bytes, 5);
		CHECK(t, !out.unsynced);
		CHECK(t,
		      strstr(err.message, table[i].error == -ENODATA ? "stops after"
								     : "no record at"));
		memory_sink_done(&out);
	}
}

static void no_stream(struct test *t)
{
	struct kd_flat_counts n;
	struct memory_sink out;
	struct stream s;

	begin(&s);
	memory_sink_init(&out);
	CHECK_INT(t, rearrange("", 0, &out, &n, NULL), -ENOEXEC);
	CHECK_INT(t, rearrange("makedumpfil", 11, &out, &n, NULL), -ENOEXEC);
	CHECK_INT(t, rearrange(s.data, 100, &out, &n, NULL), -ENODATA);
	s.data[12] = 'x';
	CHECK_INT(t, rearrange(s.data, s.size, &out, &n, NULL), -ENOEXEC);
	begin(&s);
	s.data[23] = 2;
	CHECK_INT(t, rearrange(s.data, s.size, &out, &n, NULL), -ENOTSUP);
	CHECK_INT(t, out.calls, 0);
	memory_sink_done(&out);
}

/* The sample dump twice: as a file, and as a stream in anonymous memory. */
static void make_sample(struct test *t, bool complete, struct memory_sink *file,
			void **ret, size_t *ret_size)
{
	_cleanup_(kd_sink_freep) struct kd_sink *flat = NULL;
	int fd = memfd_create("stream", MFD_CLOEXEC);
	_cleanup_(kd_closep) int keep = dup(fd);
	struct sample s;

	sample_init(&s);
	s.complete = complete;
	memory_sink_init(file);
	CHECK_INT(t, sample_write(&s, &file->sink, NULL), 0);
	CHECK_INT(t, kd_sink_flat_new(fd, 64 << 10, &flat, NULL), 0);
	CHECK_INT(t, sample_write(&s, flat, NULL), 0);
	CHECK_INT(t, kd_sink_finish(flat), 0);
	*ret_size = (size_t)lseek(keep, 0, SEEK_END);
	*ret = malloc(*ret_size);
	CHECK_INT(t, kd_pread_full(keep, *ret, *ret_size, 0), *ret_size);
}

static void same_as_file(struct test *t, bool complete)
{
	_cleanup_(kd_freep) void *stream = NULL;
	struct memory_sink file, out;
	struct kd_flat_counts n;
	size_t size;

	make_sample(t, complete, &file, &stream, &size);
	memory_sink_init(&out);
	CHECK_INT(t, rearrange(stream, size, &out, &n, NULL), 0);
	CHECK_INT(t, n.again, 0);
	CHECK_INT(t, out.size, file.size);
	CHECK(t, out.size == file.size && memcmp(out.data, file.data, out.size) == 0);
	CHECK(t, !out.unsynced);
	memory_sink_done(&out);
	memory_sink_done(&file);
}

static void round_trip(struct test *t)
{
	same_as_file(t, true);
	same_as_file(t, false);
}

/* Cut at every byte of interest: what came is there, and the mark is set. */
static void cut_anywhere(struct test *t)
{
	_cleanup_(kd_freep) void *stream = NULL;
	struct memory_sink file, out;
	struct kd_flat_counts n;
	size_t size;

	make_sample(t, true, &file, &stream, &size);
	for (size_t end = KD_FLAT_HEADER_SIZE; end < size; end += end < 6000 ? 1 : 997) {
		memory_sink_init(&out);
		CHECK_INT(t, rearrange(stream, end, &out, &n, NULL), -ENODATA);
		CHECK(t, out.size < 425 || out.data[424] & 8);
		CHECK(t, out.size <= file.size);
		CHECK(t, out.size < 424 || memcmp(out.data, file.data, 424) == 0);
		memory_sink_done(&out);
	}
	memory_sink_done(&file);
}

/* Only the very last sync may fail with the mark off. */
static bool looks_whole(const struct memory_sink *m)
{
	_cleanup_(kd_kdump_freep) struct kd_kdump *k = NULL;
	_cleanup_(kd_closep) int fd = sample_file(m->data, m->size);

	return sample_open(fd, &k, NULL) == 0 && !kd_kdump_incomplete(k);
}

static void failing_sink(struct test *t)
{
	_cleanup_(kd_freep) void *stream = NULL;
	struct memory_sink file, out;
	struct kd_flat_counts n;
	unsigned int calls = 0;
	size_t size;

	make_sample(t, true, &file, &stream, &size);
	for (unsigned int at = 1; at == 1 || at <= calls; at++) {
		memory_sink_init(&out);
		out.fail_at = at;
		CHECK_INT(t, rearrange(stream, size, &out, &n, NULL), -ENOSPC);
		CHECK(t, !looks_whole(&out) || at == calls);
		memory_sink_done(&out);
		if (at > 1)
			continue;
		memory_sink_init(&out);
		CHECK_INT(t, rearrange(stream, size, &out, &n, NULL), 0);
		CHECK_INT(t, out.hasty, 1); /* the status as it came; not the last */
		calls = out.calls;
		memory_sink_done(&out);
	}
	memory_sink_done(&file);
}

static void marks(struct test *t)
{
	static const struct {
		const char *start;
		size_t at;
		uint32_t value;
		uint64_t offset;
		uint8_t mask;
	} table[] = {
		{ "KDUMP   \x06\0\0\0", 428, 4096, 424, 8 },
		{ "KDUMP   \0\0\0\x06", 428, 0x00100000, 427, 8 },
		{ "KDUMP   \x06\0\0\0", 416, 4096, 412, 8 },
		{ "KDUMP   \0\0\0\x06", 416, 0x00100000, 415, 8 },
		{ "\177ELF\2\1\1\0\0\0\0\0", 0, 0, 48, 1 },
		{ "\177ELF\2\2\1\0\0\0\0\0", 0, 0, 51, 1 },
		{ "\177ELF\1\1\1\0\0\0\0\0", 0, 0, 36, 1 },
		{ "\177ELF\1\2\1\0\0\0\0\0", 0, 0, 39, 1 },
	};
	uint8_t start[KD_DUMP_HEAD_SIZE] = { 0 };
	struct kd_dump_mark m;

	CHECK(t, !kd_dump_mark_find(start, &m));
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		memset(start, 0, sizeof(start));
		memcpy(start, table[i].start, 12);
		if (table[i].at)
			memcpy(start + table[i].at, &table[i].value, 4);
		CHECK(t, kd_dump_mark_find(start, &m));
		CHECK_INT(t, m.offset, table[i].offset);
		CHECK_INT(t, m.mask, table[i].mask);
	}
}

static const struct test_case cases[] = {
	{ "ranges that came before", ranges },
	{ "records in any order; the last of two wins", any_order },
	{ "records that are none", wrong_records },
	{ "what is no stream", no_stream },
	{ "a stream gives the file's bytes", round_trip },
	{ "a stream cut anywhere", cut_anywhere },
	{ "a disk that fails at every call", failing_sink },
	{ "where the mark is", marks },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reassembly: parts in any order become the dump they are of, with pages that were shared
 * still shared; what is missing, foreign or broken is refused by name or costs its page
 * and the mark; no failed write leaves a file that looks whole.
 */
#include "makedumpfile/format/kdump-merge.h"

#include "makedumpfile/format/flat-file.h"
#include "makedumpfile/format/kdump-format.h"
#include "tests/unit/memory-sink.h"
#include "tests/unit/sample-dump.h"
#include "tests/unit/test.h"
#include <fcntl.h>

#define SUB   4096U
#define DESCS 16384U
#define PARTS 3U

/** Parts as bytes, then as readers; @order: in which they are given. */
struct set {
	struct memory_sink bytes[PARTS];
	struct kd_kdump *readers[PARTS];
	struct kd_kdump_part items[PARTS];
	struct kd_kdump_merge merge;
	struct sample s;
};

/* No part begins at a multiple of 8; the second has no frame. */
static const kd_pfn_t starts[PARTS + 1] = { 0, 67, 67, SAMPLE_FRAMES };
static const char *const names[PARTS] = { "a", "b", "c" };

static void set_make(struct set *x)
{
	*x = (struct set) { .merge.parts = x->items };
	for (size_t i = 0; i < PARTS; i++) {
		memory_sink_init(&x->bytes[i]);
		sample_init(&x->s);
		sample_split(&x->s, starts[i], starts[i + 1]);
		(void)sample_write(&x->s, &x->bytes[i].sink, NULL);
	}
	sample_init(&x->s);
}

static void set_done(struct set *x)
{
	for (size_t i = 0; i < PARTS; i++) {
		memory_sink_done(&x->bytes[i]);
		kd_kdump_free(x->readers[i]);
	}
}

static void set_add(struct test *t, struct set *x, size_t part)
{
	const struct memory_sink *m = &x->bytes[part];
	_cleanup_(kd_closep) int fd = sample_file(m->data, m->size);
	struct kd_error err = { 0 };

	if (sample_open(fd, &x->readers[x->merge.n], &err) < 0) {
		test_failed(t, __FILE__, __LINE__, "%s: %s", names[part], err.message);
		return;
	}
	x->items[x->merge.n] = (struct kd_kdump_part) { .kdump = x->readers[x->merge.n],
							.name = names[part] };
	x->merge.n++;
}

static void put(struct memory_sink *m, uint64_t offset, uint64_t value, size_t size)
{
	memcpy(m->data + offset, &value, size);
}

static uint64_t get(const struct memory_sink *m, uint64_t offset, size_t size)
{
	uint64_t v = 0;

	memcpy(&v, m->data + offset, size);
	return v;
}

/* All three, the last first. */
static int merge_all(struct test *t, struct set *x, struct kd_sink *out,
		     struct kd_kdump_merged *ret, struct kd_error *err)
{
	int r;

	set_add(t, x, 2);
	set_add(t, x, 0);
	set_add(t, x, 1);
	r = kd_kdump_merge_check(&x->merge, err);
	return r < 0 ? r : kd_kdump_merge_write(&x->merge, out, ret, err);
}

/* Every page is what it was; @lost can be missing. */
static void check_pages(struct test *t, const struct memory_sink *m, kd_pfn_t lost)
{
	_cleanup_(kd_kdump_freep) struct kd_kdump *k = NULL;
	_cleanup_(kd_closep) int fd = sample_file(m->data, m->size);
	uint8_t got[4096], want[4096];
	const struct kd_memory *memory;
	struct kd_error err = { 0 };

	if (sample_open(fd, &k, &err) < 0) {
		test_failed(t, __FILE__, __LINE__, "%s", err.message);
		return;
	}
	memory = kd_kdump_memory(k);
	CHECK_INT(t, kd_kdump_incomplete(k), lost < SAMPLE_FRAMES);
	CHECK(t, !kd_kdump_facts(k)->split && kd_kdump_facts(k)->end == SAMPLE_FRAMES);
	for (kd_pfn_t pfn = 0; pfn < SAMPLE_FRAMES; pfn++) {
		enum sample_page kind = sample_kind(pfn, /* whole= */ false);
		int r = memory->ops->read(memory, pfn * 4096, got, sizeof(got));

		CHECK_INT(t, r,
			  kind == SAMPLE_HOLE || kind == SAMPLE_EXCLUDED ? -ENODATA
			  : kind == SAMPLE_UNREADABLE || pfn == lost	 ? -EIO
									 : 0);
		sample_fill(pfn, /* whole= */ false, want, sizeof(want));
		CHECK(t, r < 0 || memcmp(got, want, sizeof(got)) == 0);
	}
}

/* Bytes before the first descriptor, and descriptors of zero pages, as if never split. */
static void as_one(struct test *t)
{
	_cleanup_(set_done) struct set x;
	_cleanup_(memory_sink_done) struct memory_sink whole, out;
	struct kd_kdump_merged done = { 0 };
	struct kd_error err = { 0 };
	uint64_t zeros = 0;

	set_make(&x);
	memory_sink_init(&whole);
	memory_sink_init(&out);
	CHECK_INT(t, sample_write(&x.s, &whole.sink, NULL), 0);
	CHECK_INT(t, merge_all(t, &x, &out.sink, &done, &err), 0);
	CHECK_STR(t, err.message, "");
	CHECK(t, done.whole);
	CHECK_INT(t, done.pages, x.s.n_described);
	CHECK_INT(t, done.unreadable, x.s.counts.unreadable);
	CHECK_INT(t, done.absent + done.lost, 0);
	CHECK_INT(t, done.payload_bytes, x.s.counts.payload_bytes);
	CHECK_INT(t, out.size, whole.size);
	CHECK(t, out.size == whole.size && memcmp(out.data, whole.data, DESCS) == 0);
	for (uint64_t i = 0; i < x.s.n_described; i++)
		zeros += get(&out, DESCS + 24 * i, 8) == DESCS + 24 * x.s.n_described;
	CHECK_INT(t, zeros, x.s.counts.zero);
	CHECK_INT(t, out.hasty, 0);
	CHECK(t, !out.unsynced);
	check_pages(t, &out, SAMPLE_FRAMES);
}

/* Two pages that share a payload go on sharing it, but the zero page has one copy. */
static void sharing(struct test *t)
{
	_cleanup_(set_done) struct set x;
	_cleanup_(memory_sink_done) struct memory_sink out;
	struct kd_kdump_merged done = { 0 };
	uint64_t before = 0, offset;

	set_make(&x);
	memory_sink_init(&out);
	/* of the last part: both pages the noise that comes first */
	memcpy(x.bytes[2].data + DESCS + 24 * 3, x.bytes[2].data + DESCS + 24 * 2, 24);
	for (kd_pfn_t pfn = 0; pfn < starts[2]; pfn++)
		before += x.s.kept[pfn / 8] >> pfn % 8 & 1;
	CHECK_INT(t, merge_all(t, &x, &out.sink, &done, NULL), 0);
	offset = get(&out, DESCS + 24 * (before + 2), 8);
	CHECK_INT(t, get(&out, DESCS + 24 * (before + 3), 8), offset);
	CHECK(t, offset > DESCS + 24 * x.s.n_described && done.whole);
}

/* A stream: no gap, and the mark as its last record. */
static void onto_a_stream(struct test *t)
{
	_cleanup_(set_done) struct set x;
	_cleanup_(kd_closep) int fd = sample_file("", 0);
	_cleanup_(kd_file_view_freep) struct kd_file_view *view = NULL;
	_cleanup_(memory_sink_done) struct memory_sink out;
	_cleanup_(kd_sink_freep) struct kd_sink *sink = NULL;
	_cleanup_(kd_freep) uint8_t *bytes = NULL;
	struct kd_kdump_merged done = { 0 };
	char path[64];

	set_make(&x);
	memory_sink_init(&out);
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	CHECK_INT(t, kd_sink_flat_new(dup(fd), 65536, &sink, NULL), 0);
	CHECK_INT(t, merge_all(t, &x, sink, &done, NULL), 0);
	CHECK_INT(t, kd_sink_finish(sink), 0);
	CHECK_INT(t, kd_file_view_open_at(AT_FDCWD, path, &view, NULL), 0);
	CHECK_INT(t, kd_flat_file_new(view, &view, NULL), 0);
	CHECK(t, kd_file_view_holds(view, 0, view->size));
	bytes = malloc((size_t)view->size);
	CHECK_INT(t, kd_file_view_read_all(view, bytes, (size_t)view->size, 0), 0);
	(void)memory_sink_put(&out, 0, bytes, (size_t)view->size);
	check_pages(t, &out, SAMPLE_FRAMES);
}

/* What is refused, and the words that say it. */
static void refused(struct test *t)
{
	static const struct {
		const char *order;
		size_t part;
		uint64_t offset, value;
		size_t size;
		const char *message;
	} rows[] = {
		{ "", 0, 8, 6, 4, "no parts" },
		{ "a", 0, 8, 6, 4,
		  "a ends before page frame 0x43: the part with frames" },
		{ "cb", 0, 8, 6, 4, "b begins at page frame 0x43: the part with frames" },
		{ "caa", 0, 8, 6, 4, "a has page frames that a has, too" },
		{ "abc", 0, SUB + 88, 70, 8, "b has page frames that a has, too" },
		{ "abc", 2, SUB + 80, 70, 8, "c begins at page frame 0x46" },
		{ "abc", 2, SUB + 12, 0, 4, "c is no part of a split dump" },
		{ "abc", 2, SUB + 96, 300, 8,
		  "a and c are not of one dump: they differ "
		  "in their number of page frames" },
		{ "bca", 0, 77, 'H', 1, "differ in their kernel and host" },
		{ "abc", 1, 408, 7, 8,
		  "a and b are not of one dump: they differ in "
		  "their time" },
		{ "abc", 1, SUB, 7, 8, "their phys_base" },
		{ "abc", 1, SUB + 8, 1, 4, "their dump level" },
		{ "abc", 2, SUB + 104 + 8, 7, 4,
		  "a and c are not of one dump: they "
		  "differ in their notes" },
		{ "abc", 2, 2 * SUB, 0, 1,
		  "a and c are not of one dump: they differ in "
		  "what memory there is" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_(set_done) struct set x;
		struct kd_error err = { 0 };

		set_make(&x);
		put(&x.bytes[rows[i].part], rows[i].offset, rows[i].value, rows[i].size);
		for (const char *p = rows[i].order; *p; p++)
			set_add(t, &x, (size_t)(*p - 'a'));
		CHECK(t, kd_kdump_merge_check(&x.merge, &err) < 0);
		if (!strstr(err.message, rows[i].message))
			test_failed(t, __FILE__, __LINE__, "\"%s\", not \"%s\"",
				    err.message, rows[i].message);
	}
}

/* A descriptor that is wrong costs its page, whatever its neighbours are. */
static void wrong_descriptors(struct test *t)
{
	static const struct {
		uint64_t offset;
		uint32_t size;
	} rows[] = {
		{ 0, 100 },	   { DESCS, 100 },	 { 1ULL << 50, 100 },
		{ UINT64_MAX, 1 }, { UINT64_MAX, 4096 }, { DESCS * 2, 0 },
		{ 0x7000, 4097 },  { 2 * SUB, 4096 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_(set_done) struct set x;
		_cleanup_(memory_sink_done) struct memory_sink out;
		struct kd_kdump_merged done = { 0 };

		set_make(&x);
		memory_sink_init(&out);
		put(&x.bytes[0], DESCS + 24 * 2, rows[i].offset, 8);
		put(&x.bytes[0], DESCS + 24 * 2 + 8, rows[i].size, 4);
		CHECK_INT(t, merge_all(t, &x, &out.sink, &done, NULL), 0);
		CHECK_INT(t, done.lost, 1);
		CHECK(t, !done.whole);
		check_pages(t, &out, 2);
	}
}

/* Cut anywhere behind its bitmaps, marked or not, a part leaves the others' pages. */
static void cut_part(struct test *t)
{
	for (size_t cut = DESCS; cut < 100000; cut += 4999) {
		_cleanup_(set_done) struct set x;
		_cleanup_(memory_sink_done) struct memory_sink out;
		_cleanup_(kd_kdump_freep) struct kd_kdump *k = NULL;
		_cleanup_(kd_closep) int fd = -EBADF;
		struct kd_kdump_merged done = { 0 };
		struct kd_kdump_check found;

		set_make(&x);
		memory_sink_init(&out);
		if (cut >= x.bytes[2].size)
			break;
		x.bytes[2].size = cut;
		CHECK_INT(t, merge_all(t, &x, &out.sink, &done, NULL), 0);
		CHECK(t, !done.whole && done.lost + done.absent > 0);
		fd = sample_file(out.data, out.size);
		CHECK_INT(t, sample_open(fd, &k, NULL), 0);
		CHECK(t, kd_kdump_incomplete(k));
		(void)kd_kdump_verify(k, &found, NULL);
		CHECK_INT(t, found.bad, done.absent);
		CHECK_INT(t, found.unreadable, done.unreadable + done.lost);
		CHECK(t, !found.bad || found.first_bad >= starts[2]);
	}
}

static void incomplete_part(struct test *t)
{
	_cleanup_(set_done) struct set x;
	_cleanup_(memory_sink_done) struct memory_sink out;
	struct kd_kdump_merged done = { 0 };

	set_make(&x);
	memory_sink_init(&out);
	put(&x.bytes[1], 424, 0x28, 4);
	CHECK_INT(t, merge_all(t, &x, &out.sink, &done, NULL), 0);
	CHECK(t, !done.whole && done.lost + done.absent == 0);
	CHECK_INT(t, get(&out, 424, 4), 0x28);
}

/* One raw page at the far end of a sparse file would make the whole as large. */
static void far_apart(struct test *t)
{
	_cleanup_(set_done) struct set x;
	_cleanup_(memory_sink_done) struct memory_sink out;
	struct kd_kdump_merged done = { 0 };
	struct kd_error err = { 0 };

	set_make(&x);
	memory_sink_init(&out);
	(void)memory_sink_put(&x.bytes[0], 80U << 20, "", 1);
	put(&x.bytes[0], DESCS + 24 * 2, (80U << 20) - 4096, 8);
	put(&x.bytes[0], DESCS + 24 * 2 + 8, 4096, 4);
	CHECK_INT(t, merge_all(t, &x, &out.sink, &done, &err), -EBADMSG);
	CHECK_STR(t, err.message, "a: payloads are further apart than its pages can be");
	CHECK_INT(t, out.calls, 0);
}

static void erase_text(struct test *t)
{
	_cleanup_(set_done) struct set x;
	_cleanup_(memory_sink_done) struct memory_sink out;
	_cleanup_(kd_kdump_freep) struct kd_kdump *k = NULL;
	_cleanup_(kd_closep) int fd = -EBADF;
	struct kd_kdump_merged done = { 0 };
	const struct kd_kdump_facts *f;
	static const char *const texts[PARTS] = { "erase a\n", "erase a\n", "erase b\n" };

	set_make(&x);
	memory_sink_init(&out);
	for (size_t i = 0; i < PARTS; i++) {
		uint64_t end = x.bytes[i].size;

		(void)memory_sink_put(&x.bytes[i], end, texts[i], 8);
		put(&x.bytes[i], SUB + 64, end, 8);
		put(&x.bytes[i], SUB + 72, 8, 8);
	}
	CHECK_INT(t, merge_all(t, &x, &out.sink, &done, NULL), 0);
	fd = sample_file(out.data, out.size);
	CHECK_INT(t, sample_open(fd, &k, NULL), 0);
	f = kd_kdump_facts(k);
	CHECK_INT(t, f->erase_size, 16);
	CHECK(t,
	      f->erase_offset + 16 <= 2 * SUB &&
		      memcmp(out.data + f->erase_offset, "erase a\nerase b\n", 16) == 0);
	check_pages(t, &out, SAMPLE_FRAMES);
}

static void every_failed_write(struct test *t)
{
	unsigned int calls = 1;

	for (unsigned int at = 0; at <= calls; at++) {
		_cleanup_(set_done) struct set x;
		_cleanup_(memory_sink_done) struct memory_sink out;
		struct kd_kdump_merged done = { 0 };
		struct kd_error err = { 0 };
		int r;

		set_make(&x);
		memory_sink_init(&out);
		out.fail_at = at;
		r = merge_all(t, &x, &out.sink, &done, &err);
		if (at == 0)
			calls = out.calls;
		CHECK_INT(t, r, at ? -ENOSPC : 0);
		CHECK_INT(t, err.code, r);
		/* the last two take the mark off and sync: all is durable by then */
		if (at && at < calls - 1 && out.size > 428)
			CHECK_INT(t, get(&out, 424, 4), 0x28);
	}
	CHECK(t, calls > 10);
}

static const struct test_case cases[] = {
	{ "parts are the dump they are of", as_one },
	{ "shared payloads stay shared", sharing },
	{ "onto a stream", onto_a_stream },
	{ "what does not fit is refused by name", refused },
	{ "a wrong descriptor costs its page", wrong_descriptors },
	{ "a part cut short", cut_part },
	{ "an incomplete part", incomplete_part },
	{ "payloads far apart", far_apart },
	{ "what was erased", erase_text },
	{ "no failed write leaves a file that looks whole", every_failed_write },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}

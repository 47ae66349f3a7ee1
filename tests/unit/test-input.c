/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * makedumpfile/input and what looks at dumps through it: filtered and flattened dumps and
 * parts of split ones as inputs; their description, check and comparison; and files that
 * lie, each of which gives one clear line within a second.
 */
#include "makedumpfile/input.h"

#include <fcntl.h>
#include <time.h>

#include "makedumpfile/format/kdump-format.h"
#include "makedumpfile/inspect/describe.h"
#include "makedumpfile/inspect/diff.h"
#include "makedumpfile/inspect/verify.h"
#include "tests/unit/flatten.h"
#include "tests/unit/sample-dump.h"
#include "tests/unit/test.h"

#define SUB   4096U
#define DESCS 16384U

/** A file by its path; @fd keeps it. */
struct file {
	int fd;
	char path[64];
};

static void file_init(struct file *f, const struct memory_sink *m)
{
	f->fd = sample_file(m->data, m->size);
	(void)snprintf(f->path, sizeof(f->path), "/proc/self/fd/%d", f->fd);
}

static void file_done(struct file *f)
{
	f->fd = kd_close(f->fd);
}

static struct kd_input *open_input(struct test *t, const struct memory_sink *m)
{
	_cleanup_(file_done) struct file f;
	struct kd_error err = { 0 };
	struct kd_input *s = NULL;

	file_init(&f, m);
	if (kd_input_open_at(AT_FDCWD, f.path, &s, &err) < 0)
		test_failed(t, __FILE__, __LINE__, "%s", err.message);
	return s;
}

static void make(struct sample *s, struct memory_sink *m)
{
	memory_sink_init(m);
	sample_init(s);
	(void)sample_write(s, &m->sink, NULL);
}

static void put(struct memory_sink *m, uint64_t offset, uint64_t value, size_t size)
{
	memcpy(m->data + offset, &value, size);
}

static void check_pages(struct test *t, const struct kd_input *in, const struct sample *s)
{
	uint8_t got[4096], want[4096];

	for (kd_pfn_t pfn = 0; pfn < SAMPLE_FRAMES; pfn++) {
		enum sample_page kind = sample_kind(pfn, s->whole);
		int r = in->memory->ops->read(in->memory, pfn * 4096, got, sizeof(got));

		CHECK_INT(t, r,
			  kind == SAMPLE_HOLE || kind == SAMPLE_EXCLUDED ? -ENODATA
			  : kind == SAMPLE_UNREADABLE			 ? -EIO
									 : 0);
		sample_fill(pfn, s->whole, want, sizeof(want));
		CHECK(t, r < 0 || memcmp(got, want, sizeof(got)) == 0);
	}
}

/* What a refilter needs of a dump is what its header has. */
static void filtered(struct test *t)
{
	for (uint32_t version = 1; version <= 6; version++) {
		_cleanup_(memory_sink_done) struct memory_sink m;
		_cleanup_(kd_input_freep) struct kd_input *in = NULL;
		struct sample s;

		make(&s, &m);
		put(&m, 8, version, 4);
		in = open_input(t, &m);
		if (!in)
			continue;
		CHECK_INT(t, in->level, 31);
		CHECK_INT(t, in->phys_base, 0x1000000);
		CHECK_INT(t, in->crash_time, 1700000000);
		CHECK_STR(t, in->utsname + 2 * 65, "6.1.0-sample");
		CHECK(t, !in->incomplete && !in->flattened && in->kdump && !in->core);
		check_pages(t, in, &s);
		/* 3 has VMCOREINFO by itself: writers get it in a note */
		CHECK_INT(t, in->info != NULL, version >= 3);
		if (in->info)
			CHECK(t, in->info_offset + in->info_size <= in->notes_size &&
					 memcmp((const char *)in->notes + in->info_offset,
						SAMPLE_INFO, in->info_size) == 0);
	}
}

/* As QEMU's: no VMCOREINFO. */
static void without_vmcoreinfo(struct test *t)
{
	_cleanup_(memory_sink_done) struct memory_sink m;
	_cleanup_(kd_input_freep) struct kd_input *in = NULL;
	struct sample s;

	memory_sink_init(&m);
	sample_init(&s);
	memset(s.notes, 0, sizeof(s.notes));
	s.info.notes_size = s.info.info_size = s.info.info_offset = 0;
	CHECK_INT(t, sample_write(&s, &m.sink, NULL), 0);
	in = open_input(t, &m);
	CHECK(t, in && !in->info && in->info_size == 0 && in->phys_base == 0x1000000);
	check_pages(t, in, &s);
}

static void flattened(struct test *t)
{
	_cleanup_(memory_sink_done) struct memory_sink m, flat, cut;
	_cleanup_(kd_input_freep) struct kd_input *in = NULL, *part = NULL;
	struct kd_verify_report report;
	struct sample s;

	make(&s, &m);
	memory_sink_init(&flat);
	flatten(&flat, &m, /* end= */ true);
	in = open_input(t, &flat);
	CHECK(t, in && in->flattened && !in->cut && !in->incomplete);
	check_pages(t, in, &s);
	CHECK_INT(t, kd_dump_verify(in, 2, &report, NULL), 0);
	memory_sink_init(&cut);
	flatten(&cut, &m, /* end= */ false);
	part = open_input(t, &cut);
	CHECK(t, part && part->cut && part->incomplete);
	check_pages(t, part, &s);
	CHECK_INT(t, kd_dump_verify(part, 2, &report, NULL), -EBADMSG);
	CHECK_INT(t, report.bad, 0);
}

/* The part of @m with the frames [start, end). */
static void make_part(struct memory_sink *m, struct sample *s, kd_pfn_t start,
		      kd_pfn_t end)
{
	uint64_t before = 0;

	make(s, m);
	put(m, SUB + 12, 1, 4);
	put(m, SUB + 80, start, 8);
	put(m, SUB + 88, end, 8);
	for (kd_pfn_t pfn = 0; pfn < start; pfn++)
		before += s->kept[pfn / 8] >> pfn % 8 & 1;
	memmove(m->data + DESCS, m->data + DESCS + 24 * before,
		24 * (s->n_described - before));
}

static int open_parts(const kd_pfn_t *from, const kd_pfn_t *to, size_t n,
		      struct kd_input **ret, struct sample *s)
{
	struct memory_sink m[4];
	struct file f[4];
	const char *paths[4];
	int r;

	for (size_t i = 0; i < n; i++) {
		make_part(&m[i], s, from[i], to[i]);
		file_init(&f[i], &m[i]);
		paths[i] = f[i].path;
	}
	r = kd_input_open_set_at(AT_FDCWD, paths, n, ret, NULL);
	for (size_t i = 0; i < n; i++) {
		file_done(&f[i]);
		memory_sink_done(&m[i]);
	}
	return r;
}

static void split_parts(struct test *t)
{
	static const kd_pfn_t from[] = { 128, 0, 64 }, to[] = { SAMPLE_FRAMES, 64, 128 };
	static const kd_pfn_t gap_to[] = { SAMPLE_FRAMES, 64, 100 };
	static const kd_pfn_t twice_to[] = { SAMPLE_FRAMES, 65, 128 };
	static const kd_pfn_t empty_from[] = { 64, 64, 0 };
	static const kd_pfn_t empty_to[] = { SAMPLE_FRAMES, 64, 64 };
	_cleanup_(kd_input_freep) struct kd_input *in = NULL, *gap = NULL, *one = NULL;
	_cleanup_(kd_input_freep) struct kd_input *empty = NULL;
	struct kd_input *twice = NULL;
	kd_pfn_t pfn = 0, end, seen = 0;
	struct sample s;

	CHECK_INT(t, open_parts(from, to, 3, &in, &s), 0);
	CHECK(t, in && !in->incomplete);
	check_pages(t, in, &s);
	for (; kd_memory_present(in->memory, &pfn, &end) > 0; pfn = end)
		seen += end - pfn;
	CHECK_INT(t, seen, s.n_described);
	CHECK_INT(t, open_parts(from, gap_to, 3, &gap, &s), 0);
	CHECK(t, gap && gap->incomplete);
	CHECK_INT(t, open_parts(from, twice_to, 3, &twice, &s), -EBADMSG);
	CHECK_INT(t, open_parts(from, to, 1, &one, &s), 0);
	CHECK(t, one && one->incomplete);
	CHECK_INT(t, open_parts(empty_from, empty_to, 3, &empty, &s), 0);
	CHECK(t, empty && !empty->incomplete);
	check_pages(t, empty, &s);
}

static void runs(void *context, enum kd_diff_kind kind, kd_pfn_t start, kd_pfn_t end)
{
	struct kd_diff_counts *sum = context;

	sum->pages[kind] += end - start;
}

static void differences(struct test *t)
{
	_cleanup_(memory_sink_done) struct memory_sink m, n;
	_cleanup_(kd_input_freep) struct kd_input *a = NULL, *b = NULL;
	struct kd_diff_counts counts, listed = { 0 };
	struct sample s;

	make(&s, &m);
	memory_sink_init(&n);
	a = open_input(t, &m);
	CHECK_INT(t, kd_diff(a, a, runs, &listed, &counts, NULL), 0);
	CHECK_INT(t, counts.pages[KD_DIFF_UNREADABLE], s.counts.unreadable);
	CHECK_INT(t, counts.pages[KD_DIFF_EQUAL], s.n_described - s.counts.unreadable);
	CHECK_INT(t, listed.pages[KD_DIFF_UNREADABLE], s.counts.unreadable);
	/* frame 0 left out of the second, the raw frames 3 and 8 the same page */
	(void)memory_sink_put(&n, 0, m.data, m.size);
	memcpy(n.data + DESCS + 24 * 3, n.data + DESCS + 24 * 7, 24);
	n.data[3 * SUB] &= (uint8_t)~1U;
	memmove(n.data + DESCS, n.data + DESCS + 24, 24 * (s.n_described - 1));
	b = open_input(t, &n);
	CHECK_INT(t, kd_diff(a, b, NULL, NULL, &counts, NULL), 0);
	CHECK(t, !kd_diff_none(&counts));
	CHECK_INT(t, counts.pages[KD_DIFF_ONLY_A], 1);
	CHECK_INT(t, counts.pages[KD_DIFF_ONLY_B], 0);
	CHECK_INT(t, counts.pages[KD_DIFF_DIFFERENT], 1);
	CHECK_INT(t, kd_diff(b, a, NULL, NULL, &counts, NULL), 0);
	CHECK_INT(t, counts.pages[KD_DIFF_ONLY_B], 1);
}

static void descriptions(struct test *t)
{
	_cleanup_(memory_sink_done) struct memory_sink m;
	_cleanup_(file_done) struct file f;
	_cleanup_(kd_strbuf_done) struct kd_strbuf out;
	struct kd_description d = { 0 };
	struct sample s;

	make(&s, &m);
	put(&m, DESCS + 24 * 2, 1ULL << 50, 8);	    /* behind the end */
	put(&m, DESCS + 24 * 3 + 8, 1U << 20, 4);   /* no such size */
	memcpy(m.data + 12 + 65, "h\033[2J\"x", 7); /* a hostile host name */
	file_init(&f, &m);
	kd_strbuf_init(&out, 65536);
	CHECK_INT(t, kd_describe_at(AT_FDCWD, f.path, &d, NULL), 0);
	CHECK_INT(t, d.census.zero, s.counts.zero);
	CHECK_INT(t, d.census.unreadable, s.counts.unreadable);
	CHECK_INT(t, d.census.missing + d.census.corrupt, 2);
	CHECK_INT(t, d.census.zstd + d.census.raw + d.census.zero + d.census.unreadable,
		  s.n_described - 2);
	CHECK_INT(t, d.present, s.n_described);
	CHECK_STR(t, d.release, "6.1.0-sample");
	kd_describe_text(&d, &out);
	CHECK(t, !strchr(kd_strbuf_text(&out), '\033'));
	CHECK(t, strstr(kd_strbuf_text(&out), "phys_base:        0x1000000\n") != NULL);
	kd_describe_json(&d, &out);
	CHECK(t, strstr(kd_strbuf_text(&out), "\"dump_level\": 31") != NULL);
	CHECK_INT(t, out.status, 0);
}

/* Each of these segfaulted or spun somewhere. One clear line, within a second. */
static void hostile(struct test *t)
{
	static const struct {
		uint64_t offset, value;
		size_t size;
	} lies[] = {
		{ 440, UINT32_MAX, 4 },		  /* frames, but no bitmaps for them */
		{ SUB + 96, 1ULL << 36, 8 },	  /* the same */
		{ SUB + 96, 1ULL << 52, 8 },	  /* more than there can be */
		{ 436, UINT32_MAX, 4 },		  /* bitmaps past the end */
		{ SUB + 56, 1ULL << 63, 8 },	  /* notes past the end */
		{ SUB + 40, UINT64_MAX, 8 },	  /* VMCOREINFO past the end */
		{ SUB + 48, 0, 8 },		  /* notes that are the header */
		{ SUB + 104 + 4, UINT32_MAX, 4 }, /* a note's size */
		{ SUB + 104, UINT32_MAX, 4 },	  /* a note's name */
		{ DESCS + 8, 0, 8 },		  /* a descriptor without a size */
		{ DESCS, DESCS, 8 },		  /* a descriptor for itself */
		{ SUB + 12, 1, 4 },		  /* part of a split dump of nothing */
	};

	for (size_t i = 0; i < ARRAY_SIZE(lies); i++) {
		_cleanup_(memory_sink_done) struct memory_sink m;
		_cleanup_(file_done) struct file f;
		_cleanup_(kd_input_freep) struct kd_input *in = NULL;
		struct kd_verify_report report = { 0 };
		struct kd_description d;
		struct kd_diff_counts counts;
		struct kd_error err = { 0 };
		struct timespec a, b;
		struct sample s;
		int r;

		make(&s, &m);
		put(&m, lies[i].offset, lies[i].value, lies[i].size);
		file_init(&f, &m);
		(void)clock_gettime(CLOCK_MONOTONIC, &a);
		r = kd_input_open_at(AT_FDCWD, f.path, &in, &err);
		if (r == 0) {
			(void)kd_describe_at(AT_FDCWD, f.path, &d, NULL);
			(void)kd_diff(in, in, NULL, NULL, &counts, NULL);
			r = kd_dump_verify(in, 2, &report, &err);
		}
		(void)clock_gettime(CLOCK_MONOTONIC, &b);
		if ((r < 0) != (err.message[0] != '\0') || strchr(err.message, '\n'))
			test_failed(t, __FILE__, __LINE__, "lie %zu: %d \"%s\"", i, r,
				    err.message);
		CHECK(t, b.tv_sec - a.tv_sec <= 1);
	}
}

static const struct test_case cases[] = {
	{ "a filtered dump of any version", filtered },
	{ "a dump without VMCOREINFO", without_vmcoreinfo },
	{ "a flattened dump", flattened },
	{ "parts of a split dump", split_parts },
	{ "differences", differences },
	{ "descriptions", descriptions },
	{ "lies give one line, and soon", hostile },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}

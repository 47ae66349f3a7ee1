/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * makedumpfile/format, writing: each field at its byte (docs/format-kdump.md), the
 * areas where they belong, and no cut, wherever it falls, that looks whole.
 */
#include "makedumpfile/format/flat-file.h"
#include "makedumpfile/format/kdump-format.h"
#include "makedumpfile/sink/sink-limit.h"
#include "tests/unit/memory-sink.h"
#include "tests/unit/sample-dump.h"
#include "tests/unit/test.h"
#include <fcntl.h>

#define SUB    4096U /* second header, with 4 KiB pages */
#define BITMAP 8192U
#define DESCS  16384U

static uint64_t get(const struct memory_sink *m, uint64_t offset, size_t size)
{
	uint64_t v = 0;

	if (offset + size <= m->size)
		memcpy(&v, m->data + offset, size);
	return v;
}

static void header_fields(struct test *t)
{
	_cleanup_(memory_sink_done) struct memory_sink m;
	struct sample s;

	memory_sink_init(&m);
	sample_init(&s);
	CHECK_INT(t, sample_write(&s, &m.sink, NULL), 0);

	const struct {
		uint64_t offset;
		size_t size;
		uint64_t want;
	} fields[] = {
		{ 8, 4, 6 },			    /* header_version */
		{ 402, 4, 0 },			    /* padding */
		{ 408, 8, 1700000000 },		    /* tv_sec */
		{ 416, 8, 0 },			    /* tv_usec */
		{ 424, 4, 0x20 },		    /* status: zstd, complete */
		{ 428, 4, 4096 },		    /* block_size */
		{ 432, 4, 1 },			    /* sub_hdr_size */
		{ 436, 4, 2 },			    /* bitmap_blocks */
		{ 440, 4, SAMPLE_FRAMES },	    /* max_mapnr */
		{ 444, 8, 0 },			    /* total_ram_blocks, device_blocks */
		{ 452, 8, 0 },			    /* written_blocks, current_cpu */
		{ 460, 4, 2 },			    /* nr_cpus */
		{ 464, 8, 0 },			    /* rest of the block */
		{ SUB + 0, 8, 0x1000000 },	    /* phys_base */
		{ SUB + 8, 4, 31 },		    /* dump_level */
		{ SUB + 12, 4, 0 },		    /* split */
		{ SUB + 16, 8, 0 },		    /* start_pfn */
		{ SUB + 24, 8, 0 },		    /* end_pfn */
		{ SUB + 32, 8, SUB + 104 + 24 },    /* offset_vmcoreinfo */
		{ SUB + 40, 8, s.info.info_size },  /* size_vmcoreinfo */
		{ SUB + 48, 8, SUB + 104 },	    /* offset_note */
		{ SUB + 56, 8, s.info.notes_size }, /* size_note */
		{ SUB + 64, 8, 0 },		    /* offset_eraseinfo */
		{ SUB + 72, 8, 0 },		    /* size_eraseinfo */
		{ SUB + 80, 8, 0 },		    /* start_pfn_64 */
		{ SUB + 88, 8, 0 },		    /* end_pfn_64 */
		{ SUB + 96, 8, SAMPLE_FRAMES },	    /* max_mapnr_64 */
	};
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++)
		if (get(&m, fields[i].offset, fields[i].size) != fields[i].want)
			test_failed(t, __FILE__, __LINE__, "byte %u: 0x%llx, not 0x%llx",
				    (unsigned int)fields[i].offset,
				    (unsigned long long)get(&m, fields[i].offset,
							    fields[i].size),
				    (unsigned long long)fields[i].want);
	CHECK(t, memcmp(m.data, "KDUMP   ", 8) == 0);
	CHECK(t, memcmp(m.data + 12, s.info.utsname, 390) == 0);
	CHECK(t, memcmp(m.data + SUB + 104, s.notes, s.info.notes_size) == 0);
	CHECK(t, memcmp(m.data + BITMAP, s.exists, sizeof(s.exists)) == 0);
	CHECK(t, memcmp(m.data + BITMAP + 4096, s.kept, sizeof(s.kept)) == 0);
	for (size_t i = sizeof(s.kept); i < 4096; i++)
		CHECK(t, m.data[BITMAP + i] == 0 && m.data[BITMAP + 4096 + i] == 0);
}

/* One raw zero page first in the data area, shared; others packed behind it. */
static void descriptors(struct test *t)
{
	_cleanup_(memory_sink_done) struct memory_sink m;
	struct sample s;
	uint64_t data, next, i = 0;

	memory_sink_init(&m);
	sample_init(&s);
	CHECK_INT(t, sample_write(&s, &m.sink, NULL), 0);
	data = DESCS + 24 * s.n_described;
	next = data + 4096;
	for (kd_pfn_t pfn = 0; pfn < SAMPLE_FRAMES; pfn++) {
		uint64_t offset = get(&m, DESCS + 24 * i, 8);
		uint64_t size = get(&m, DESCS + 24 * i + 8, 4);
		uint64_t flags = get(&m, DESCS + 24 * i + 12, 4);

		switch (sample_kind(pfn, s.whole)) {
		case SAMPLE_HOLE:
		case SAMPLE_EXCLUDED:
			continue;
		case SAMPLE_ZERO:
			CHECK(t, offset == data && size == 4096 && flags == 0);
			break;
		case SAMPLE_TEXT:
			CHECK(t, offset == next && size < 4096 && flags == 0x20);
			next += size;
			break;
		case SAMPLE_NOISE:
			CHECK(t, offset == next && size == 4096 && flags == 0);
			next += size;
			break;
		case SAMPLE_UNREADABLE:
			CHECK(t, offset == 0 && size == 0 && flags == 1);
			break;
		}
		CHECK_INT(t, get(&m, DESCS + 24 * i + 16, 8), 0);
		i++;
	}
	CHECK_INT(t, i, s.n_described);
	CHECK_INT(t, m.size, next);
	CHECK_INT(t, s.counts.payload_bytes, next - data - 4096);
}

static void counts(struct test *t)
{
	_cleanup_(memory_sink_done) struct memory_sink m;
	uint64_t n[SAMPLE_UNREADABLE + 1] = { 0 };
	struct sample s;

	memory_sink_init(&m);
	sample_init(&s);
	CHECK_INT(t, sample_write(&s, &m.sink, NULL), 0);
	for (kd_pfn_t pfn = 0; pfn < SAMPLE_FRAMES; pfn++)
		n[sample_kind(pfn, s.whole)]++;
	CHECK_INT(t, s.counts.pages, s.n_described);
	CHECK_INT(t, s.counts.zero, n[SAMPLE_ZERO]);
	CHECK_INT(t, s.counts.raw, n[SAMPLE_NOISE]);
	CHECK_INT(t, s.counts.unreadable, n[SAMPLE_UNREADABLE]);
}

/* Pages of 64 KiB, notes of several blocks: all areas move with them. */
static void large_pages(struct test *t)
{
	_cleanup_(memory_sink_done) struct memory_sink m;
	_cleanup_(kd_freep) char *notes = calloc(1, 200000);
	struct sample s;

	memory_sink_init(&m);
	sample_init(&s);
	s.page_size = 65536;
	s.info.notes = notes;
	s.info.notes_size = 200000;
	s.info.info_size = 0;
	CHECK_INT(t, sample_write(&s, &m.sink, NULL), 0);
	CHECK_INT(t, get(&m, 428, 4), 65536);
	CHECK_INT(t, get(&m, 432, 4), 4);
	CHECK_INT(t, get(&m, 436, 4), 2);
	CHECK_INT(t, get(&m, 65536 + 32, 8), 0);
	CHECK_INT(t, get(&m, 65536 + 48, 8), 65536 + 104);
	CHECK_INT(t, get(&m, 65536 + 56, 8), 200000);
	CHECK(t, memcmp(m.data + 5 * 65536, s.exists, sizeof(s.exists)) == 0);
	CHECK(t, memcmp(m.data + 6 * 65536, s.kept, sizeof(s.kept)) == 0);
}

static void names_are_terminated(struct test *t)
{
	_cleanup_(memory_sink_done) struct memory_sink m;
	struct sample s;

	memory_sink_init(&m);
	sample_init(&s);
	memset(s.info.utsname, 'x', sizeof(s.info.utsname));
	CHECK_INT(t, sample_write(&s, &m.sink, NULL), 0);
	for (size_t i = 1; i <= 6; i++)
		CHECK_INT(t, m.data[12 + 65 * i - 1], 0);
}

/* What a cut file says: nothing, or that it is incomplete; and no page of it that can
 * be read is another than it was. */
static void check_cut(struct test *t, const struct memory_sink *m, const struct sample *s,
		      unsigned int at)
{
	_cleanup_(kd_kdump_freep) struct kd_kdump *k = NULL;
	_cleanup_(kd_closep) int fd = sample_file(m->data, m->size);
	uint8_t page[4096], want[4096];
	const struct kd_memory *memory;

	if (sample_open(fd, &k, NULL) < 0)
		return;
	if (!kd_kdump_incomplete(k))
		test_failed(t, __FILE__, __LINE__, "cut at call %u looks whole", at);
	memory = kd_kdump_memory(k);
	for (kd_pfn_t pfn = 0; pfn < SAMPLE_FRAMES; pfn++) {
		if (memory->ops->read(memory, pfn * 4096, page, sizeof(page)) < 0)
			continue;
		sample_fill(pfn, s->whole, want, sizeof(want));
		if (memcmp(page, want, sizeof(page)) != 0)
			test_failed(t, __FILE__, __LINE__, "cut at call %u: frame %u", at,
				    (unsigned int)pfn);
	}
}

static void check_whole(struct test *t, const struct memory_sink *m)
{
	_cleanup_(kd_kdump_freep) struct kd_kdump *k = NULL;
	_cleanup_(kd_closep) int fd = sample_file(m->data, m->size);
	struct kd_kdump_check found;

	CHECK_INT(t, sample_open(fd, &k, NULL), 0);
	CHECK_INT(t, kd_kdump_verify(k, &found, NULL), 0);
}

static void every_cut(struct test *t)
{
	static const int errors[] = { -ENOSPC, -EIO };
	unsigned int calls, at;
	struct memory_sink m;
	struct sample s;

	memory_sink_init(&m);
	sample_init(&s);
	CHECK_INT(t, sample_write(&s, &m.sink, NULL), 0);
	calls = m.calls;
	memory_sink_done(&m);
	CHECK(t, calls > 40);

	/* The last two clear INCOMPLETE and sync. All data is durable by then, so either
	 * state of the flag is true, and the failure is reported all the same. */
	for (at = 1; at <= calls; at++) {
		struct kd_error err = { 0 };

		memory_sink_init(&m);
		sample_init(&s);
		m.fail_at = at;
		m.error = errors[at % 2];
		CHECK_INT(t, sample_write(&s, &m.sink, &err), m.error);
		CHECK_INT(t, err.code, m.error);
		if (at < calls - 1)
			check_cut(t, &m, &s, at);
		else
			check_whole(t, &m);
		memory_sink_done(&m);
	}
}

/* A machine that stops at any moment: no call fails, the rest never happens. */
static void every_length(struct test *t)
{
	_cleanup_(memory_sink_done) struct memory_sink m;
	struct sample s;
	size_t whole;

	memory_sink_init(&m);
	sample_init(&s);
	s.complete = false;
	CHECK_INT(t, sample_write(&s, &m.sink, NULL), 0);
	CHECK_INT(t, get(&m, 424, 4), 0x28);
	whole = m.size;
	for (m.size = 0; m.size < whole; m.size += 509)
		check_cut(t, &m, &s, (unsigned int)m.size);
	m.size = whole;
	check_cut(t, &m, &s, (unsigned int)m.size);
}

static void durable_before_complete(struct test *t)
{
	_cleanup_(memory_sink_done) struct memory_sink m;
	struct sample s;

	memory_sink_init(&m);
	sample_init(&s);
	CHECK_INT(t, sample_write(&s, &m.sink, NULL), 0);
	CHECK_INT(t, m.hasty, 0);
	CHECK(t, !m.unsynced);
}

static void missing_pages(struct test *t)
{
	_cleanup_(memory_sink_done) struct memory_sink m;
	_cleanup_(kd_kdump_writer_freep) struct kd_kdump_writer *w = NULL;
	_cleanup_(kd_lane_freep) struct kd_lane *lane = NULL;
	struct kd_error err = { 0 };
	struct kd_writer *base;
	struct sample s;

	memory_sink_init(&m);
	sample_init(&s);
	s.info.page_size = 4096;
	s.info.codec = KD_CODEC_ZLIB;
	CHECK_INT(t, kd_kdump_writer_new(&s.info, &m.sink, &w, &err), 0);
	CHECK_INT(t, kd_kdump_writer_bitmaps(w, 0, s.exists, s.kept, sizeof(s.kept)), 0);
	CHECK_INT(t, kd_kdump_writer_describe(w, s.n_described, false), 0);
	base = kd_kdump_writer_base(w);
	CHECK_INT(t, base->ops->lane_new(base, &lane, &err), 0);
	CHECK_INT(t, lane->ops->start(lane, 0), 0);
	CHECK_INT(t, lane->ops->page(lane, 0, NULL), 0);
	CHECK_INT(t, lane->ops->flush(lane), 0);
	CHECK_INT(t, base->ops->finish(base, true, &err), -EINVAL);
	CHECK(t, strstr(err.message, "1 came") != NULL);
	CHECK_INT(t, get(&m, 424, 4), 0x9);
}

/* Broken promises of the caller are refused, and the dump stays incomplete. */
static int bitmaps(struct test *t, struct sample *s, kd_pfn_t first, size_t size)
{
	_cleanup_(memory_sink_done) struct memory_sink m;
	_cleanup_(kd_kdump_writer_freep) struct kd_kdump_writer *w = NULL;
	struct kd_writer *base;
	int r;

	memory_sink_init(&m);
	s->info.page_size = 4096;
	s->info.codec = KD_CODEC_ZSTD;
	CHECK_INT(t, kd_kdump_writer_new(&s->info, &m.sink, &w, NULL), 0);
	r = kd_kdump_writer_bitmaps(w, first, s->exists, s->kept, size);
	if (r == 0)
		r = kd_kdump_writer_describe(w, s->n_described, false);
	base = kd_kdump_writer_base(w);
	if (r == 0)
		r = sample_pages(s, base);
	CHECK_INT(t, base->ops->finish(base, true, NULL), r);
	CHECK_INT(t, get(&m, 424, 4), r < 0 ? 0x28 : 0x20);
	return r;
}

static void wrong_bitmaps(struct test *t)
{
	struct sample s;

	sample_init(&s);
	CHECK_INT(t, bitmaps(t, &s, 0, sizeof(s.kept)), 0);
	CHECK_INT(t, bitmaps(t, &s, 8, sizeof(s.kept)), -EINVAL);
	CHECK_INT(t, bitmaps(t, &s, 0, sizeof(s.kept) - 1), -EINVAL);
	CHECK_INT(t, bitmaps(t, &s, 0, 4097), -EINVAL);
	s.exists[sizeof(s.exists) - 1] |= 0x80;
	CHECK_INT(t, bitmaps(t, &s, 0, sizeof(s.kept)), -EINVAL);
	sample_init(&s);
	s.exists[sizeof(s.exists) - 1] |= 1U << SAMPLE_FRAMES % 8;
	CHECK_INT(t, bitmaps(t, &s, 0, sizeof(s.kept)), -EINVAL);
	sample_init(&s);
	s.exists[0] = 0;
	CHECK_INT(t, bitmaps(t, &s, 0, sizeof(s.kept)), -EINVAL);
	sample_init(&s);
	s.n_described++;
	CHECK_INT(t, bitmaps(t, &s, 0, sizeof(s.kept)), -EINVAL);
	s.n_described -= 2;
	CHECK_INT(t, bitmaps(t, &s, 0, sizeof(s.kept)), -EINVAL);
}

static int try_info(const struct kd_kdump_info *info, const struct kd_sink_ops *ops)
{
	_cleanup_(memory_sink_done) struct memory_sink m;
	_cleanup_(kd_kdump_writer_freep) struct kd_kdump_writer *w = NULL;

	memory_sink_init(&m);
	if (ops)
		m.sink.ops = ops;
	return kd_kdump_writer_new(info, &m.sink, &w, NULL);
}

static void wrong_info(struct test *t)
{
	static const struct kd_sink_ops stream = { .write = memory_sink_write,
						   .sync = memory_sink_sync,
						   .free = memory_sink_free };
	struct sample s;
	struct kd_kdump_info good, bad;

	sample_init(&s);
	good = s.info;
	good.page_size = 4096;
	good.codec = KD_CODEC_LZO;
	CHECK_INT(t, try_info(&good, NULL), 0);
	CHECK_INT(t, try_info(&good, &stream), -ESPIPE);
	bad = good;
	bad.page_size = 2048;
	CHECK_INT(t, try_info(&bad, NULL), -EINVAL);
	bad.page_size = 0;
	CHECK_INT(t, try_info(&bad, NULL), -EINVAL);
	bad.page_size = 12288;
	CHECK_INT(t, try_info(&bad, NULL), -EINVAL);
	bad = good;
	bad.max_mapnr = 0;
	CHECK_INT(t, try_info(&bad, NULL), -EINVAL);
	bad.max_mapnr = UINT64_MAX;
	CHECK_INT(t, try_info(&bad, NULL), -EINVAL);
	bad = good;
	bad.split = true;
	bad.end_pfn = bad.max_mapnr + 1;
	CHECK_INT(t, try_info(&bad, NULL), -EINVAL);
	bad.start_pfn = 2;
	bad.end_pfn = 1;
	CHECK_INT(t, try_info(&bad, NULL), -EINVAL);
	bad = good;
	bad.info_size = bad.notes_size;
	CHECK_INT(t, try_info(&bad, NULL), -EINVAL);
	bad = good;
	bad.codec = (enum kd_codec_id)0x3;
	CHECK_INT(t, try_info(&bad, NULL), -ENOTSUP);
	bad = good;
	bad.codec = KD_CODEC_ZLIB;
	bad.codec_level = 99;
	CHECK_INT(t, try_info(&bad, NULL), -EINVAL);
}

static void no_pages(struct test *t)
{
	_cleanup_(memory_sink_done) struct memory_sink m;
	struct kd_writer *base;
	struct sample s;

	memory_sink_init(&m);
	sample_init(&s);
	memset(s.kept, 0, sizeof(s.kept));
	s.n_described = 0;
	s.info.page_size = 4096;
	s.info.codec = KD_CODEC_ZSTD;
	{
		_cleanup_(kd_kdump_writer_freep) struct kd_kdump_writer *w = NULL;

		CHECK_INT(t, kd_kdump_writer_new(&s.info, &m.sink, &w, NULL), 0);
		CHECK_INT(t,
			  kd_kdump_writer_bitmaps(w, 0, s.exists, s.kept, sizeof(s.kept)),
			  0);
		CHECK_INT(t, kd_kdump_writer_describe(w, 0, false), 0);
		base = kd_kdump_writer_base(w);
		CHECK_INT(t, base->ops->finish(base, true, NULL), 0);
	}
	CHECK_INT(t, get(&m, 424, 4), 0x20);
	CHECK_INT(t, m.size, DESCS + 4096);
}

/* A stream brings every byte a reader looks at, so the bitmaps' ends as well: what no
 * record has, libkdumpfile may take from elsewhere. */
static void stream_has_no_gap(struct test *t)
{
	_cleanup_(kd_closep) int fd = sample_file("", 0);
	_cleanup_(kd_file_view_freep) struct kd_file_view *view = NULL;
	_cleanup_(kd_sink_freep) struct kd_sink *sink = NULL;
	struct kd_sink_limit limit;
	struct sample s;
	char path[64];

	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	sample_init(&s);
	s.whole = true;
	CHECK_INT(t, kd_sink_flat_new(dup(fd), 65536, &sink, NULL), 0);
	kd_sink_limit_init(&limit, sink, /* limit= */ 0);
	CHECK_INT(t, sample_write(&s, &limit.sink, NULL), 0);
	CHECK_INT(t, kd_sink_finish(sink), 0);
	CHECK_INT(t, kd_file_view_open_at(AT_FDCWD, path, &view, NULL), 0);
	CHECK_INT(t, kd_flat_file_new(view, &view, NULL), 0);
	CHECK(t, !kd_flat_file_cut(view) && view->size == sink->end);
	CHECK(t, kd_file_view_holds(view, 0, view->size));
}

static const struct test_case cases[] = {
	{ "every header field at its byte", header_fields },
	{ "descriptors, shared zero page, packed payloads", descriptors },
	{ "counts", counts },
	{ "64 KiB pages and long notes", large_pages },
	{ "names from a broken machine end", names_are_terminated },
	{ "no failed write leaves a file that looks whole", every_cut },
	{ "no shortened file looks whole", every_length },
	{ "synced before and after the flag is cleared", durable_before_complete },
	{ "missing pages keep the flag", missing_pages },
	{ "wrong bitmaps are refused", wrong_bitmaps },
	{ "wrong headers are refused", wrong_info },
	{ "a dump of no pages", no_pages },
	{ "a stream has no gap", stream_has_no_gap },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * makedumpfile/format, reading: what the writer wrote comes back, older versions and
 * parts of split dumps open, and every lie in a header or descriptor is named.
 */
#include "makedumpfile/format/kdump-bitmap.h"
#include "makedumpfile/format/kdump-format.h"
#include "tests/unit/sample-dump.h"
#include "tests/unit/test.h"
#include <fcntl.h>
#include <sys/mman.h>

#define SUB    4096U
#define BITMAP 8192U
#define DESCS  16384U

static void compare(struct test *t, const struct kd_kdump *k, const struct sample *s)
{
	_cleanup_(kd_freep) uint8_t *got = malloc(s->page_size);
	_cleanup_(kd_freep) uint8_t *want = malloc(s->page_size);

	/* Backwards as well: an index that only works in order would show. */
	for (kd_pfn_t i = 0; i < 2 * SAMPLE_FRAMES; i++) {
		kd_pfn_t pfn = i < SAMPLE_FRAMES ? i : 2 * SAMPLE_FRAMES - 1 - i;

		CHECK_INT(t, sample_read(k, pfn * s->page_size, got, s->page_size),
			  sample_expected(pfn, s->whole));
		if (sample_expected(pfn, s->whole) < 0)
			continue;
		sample_fill(pfn, s->whole, want, s->page_size);
		CHECK(t, memcmp(got, want, s->page_size) == 0);
	}
}

static void round_trips(struct test *t)
{
	static const enum kd_codec_id codecs[] = { KD_CODEC_NONE, KD_CODEC_ZLIB,
						   KD_CODEC_LZO, KD_CODEC_ZSTD };

	for (size_t i = 0; i < 2 * ARRAY_SIZE(codecs); i++) {
		_cleanup_(memory_sink_done) struct memory_sink m;
		_cleanup_(kd_kdump_freep) struct kd_kdump *k = NULL;
		struct kd_kdump_check found = { 0 };
		struct sample s;

		sample_init(&s);
		s.codec = codecs[i / 2];
		s.page_size = i % 2 ? 65536 : 4096;
		CHECK_INT(t, sample_make(&s, &m), 0);
		CHECK_INT(t, sample_open_bytes(&m, &k, NULL), 0);
		if (!k)
			continue;
		CHECK(t, !kd_kdump_incomplete(k));
		compare(t, k, &s);
		CHECK_INT(t, kd_kdump_verify(k, &found, NULL), 0);
		CHECK_INT(t, found.pages, s.n_described);
		CHECK_INT(t, found.bad, 0);
	}
}

static void headers(struct test *t)
{
	_cleanup_(memory_sink_done) struct memory_sink m;
	_cleanup_(kd_kdump_freep) struct kd_kdump *k = NULL;
	const struct kd_memory *memory;
	const char *notes, *info;
	struct sample s;
	size_t size;

	sample_init(&s);
	CHECK_INT(t, sample_make(&s, &m), 0);
	CHECK_INT(t, sample_open_bytes(&m, &k, NULL), 0);
	CHECK_STR(t, kd_kdump_machine(k), "x86_64");
	notes = kd_kdump_notes(k, &size);
	CHECK_INT(t, size, s.info.notes_size);
	CHECK(t, memcmp(notes, s.notes, size) == 0);
	info = kd_kdump_info_text(k, &size);
	CHECK_INT(t, size, sizeof(SAMPLE_INFO) - 1);
	CHECK(t, memcmp(info, SAMPLE_INFO, size) == 0);
	memory = kd_kdump_memory(k);
	CHECK_INT(t, memory->page_size, 4096);
	CHECK_INT(t, memory->n_extents, 2);
	CHECK_INT(t, memory->extents[0].start, 0);
	CHECK_INT(t, memory->extents[0].end, 100 * 4096);
	CHECK_INT(t, memory->extents[1].start, 180 * 4096);
	CHECK_INT(t, memory->extents[1].end, SAMPLE_FRAMES * 4096);
}

static void across_pages(struct test *t)
{
	_cleanup_(memory_sink_done) struct memory_sink m;
	_cleanup_(kd_kdump_freep) struct kd_kdump *k = NULL;
	uint8_t got[8192], want[3 * 4096];
	struct sample s;

	sample_init(&s);
	CHECK_INT(t, sample_make(&s, &m), 0);
	CHECK_INT(t, sample_open_bytes(&m, &k, NULL), 0);
	for (kd_pfn_t pfn = 0; pfn < 3; pfn++)
		sample_fill(pfn, s.whole, want + 4096 * pfn, 4096);
	CHECK_INT(t, sample_read(k, 4000, got, sizeof(got)), 0);
	CHECK(t, memcmp(got, want + 4000, sizeof(got)) == 0);
	/* into frame 5, which was left out */
	CHECK_INT(t, sample_read(k, 4 * 4096 + 100, got, 4096), -ENODATA);
	CHECK_INT(t, sample_read(k, 4 * 4096 + 100, got, 3996), 0);
}

static void put(struct memory_sink *m, uint64_t offset, uint64_t value, size_t size)
{
	memcpy(m->data + offset, &value, size);
}

/* The file of an older makedumpfile: the members it lacks hold what must be ignored. */
static void old_versions(struct test *t)
{
	for (uint32_t version = 1; version <= 6; version++) {
		_cleanup_(memory_sink_done) struct memory_sink m;
		_cleanup_(kd_kdump_freep) struct kd_kdump *k = NULL;
		const char *info;
		struct sample s;
		size_t size;

		sample_init(&s);
		CHECK_INT(t, sample_make(&s, &m), 0);
		put(&m, 8, version, 4);
		if (version < 2)
			put(&m, SUB + 12, 1, 4);
		if (version < 3)
			put(&m, SUB + 40, UINT64_MAX, 8);
		if (version < 4)
			put(&m, SUB + 56, UINT64_MAX, 8);
		if (version < 6)
			put(&m, SUB + 96, UINT64_MAX, 8);
		CHECK_INT(t, sample_open_bytes(&m, &k, NULL), 0);
		if (!k)
			continue;
		compare(t, k, &s);
		(void)kd_kdump_notes(k, &size);
		CHECK_INT(t, size, version >= 4 ? s.info.notes_size : 0);
		info = kd_kdump_info_text(k, &size);
		CHECK_INT(t, size, version >= 3 ? s.info.info_size : 0);
		if (size)
			CHECK(t, memcmp(info, SAMPLE_INFO, size) == 0);
	}
}

/* The second of two parts: its descriptors start with frame 64's. */
static void split_part(struct test *t)
{
	_cleanup_(memory_sink_done) struct memory_sink m;
	_cleanup_(kd_kdump_freep) struct kd_kdump *k = NULL;
	uint8_t got[4096], want[4096];
	uint64_t before = 0;
	struct sample s;

	sample_init(&s);
	CHECK_INT(t, sample_make(&s, &m), 0);
	put(&m, SUB + 12, 1, 4);
	put(&m, SUB + 80, 64, 8);
	put(&m, SUB + 88, 999, 8);
	for (kd_pfn_t pfn = 0; pfn < 64; pfn++)
		before += (s.kept[pfn / 8] >> pfn % 8) & 1;
	memmove(m.data + DESCS, m.data + DESCS + 24 * before,
		24 * (s.n_described - before));
	CHECK_INT(t, sample_open_bytes(&m, &k, NULL), 0);
	for (kd_pfn_t pfn = 0; pfn < SAMPLE_FRAMES; pfn++) {
		int r = pfn < 64 ? -ENODATA : sample_expected(pfn, s.whole);

		CHECK_INT(t, sample_read(k, pfn * 4096, got, sizeof(got)), r);
		sample_fill(pfn, s.whole, want, sizeof(want));
		if (r == 0)
			CHECK(t, memcmp(got, want, sizeof(got)) == 0);
	}
}

static void hostile_headers(struct test *t)
{
	static const struct {
		uint64_t offset, value;
		size_t size;
		int want;
	} lies[] = {
		{ 0, 0x464c457f, 4, -ENOEXEC },	       /* an ELF file */
		{ 8, 0, 4, -ENOTSUP },		       /* version */
		{ 8, 7, 4, -ENOTSUP },		       /* version */
		{ 8, 0x06000000, 4, -ENOTSUP },	       /* big-endian */
		{ 428, 0, 4, -EBADMSG },	       /* block size */
		{ 428, 4095, 4, -EBADMSG },	       /* block size */
		{ 428, 1U << 31, 4, -EBADMSG },	       /* block size */
		{ 432, 0, 4, -EBADMSG },	       /* no second header */
		{ 432, UINT32_MAX, 4, -EBADMSG },      /* beyond the file */
		{ 436, 0, 4, -EBADMSG },	       /* no bitmaps */
		{ 436, UINT32_MAX, 4, -EBADMSG },      /* beyond the file */
		{ SUB + 96, 32769, 8, -EBADMSG },      /* more frames than bits */
		{ SUB + 96, UINT64_MAX, 8, -ENOTSUP }, /* more frames than exist */
		{ SUB + 56, 1ULL << 40, 8, -EBADMSG }, /* notes beyond the file */
		{ SUB + 48, UINT64_MAX, 8, -EBADMSG }, /* notes beyond the file */
		{ SUB + 40, 1ULL << 40, 8, -EBADMSG }, /* info beyond the file */
		{ SUB + 32, UINT64_MAX, 8, -EBADMSG }, /* info beyond the file */
	};
	for (size_t i = 0; i < ARRAY_SIZE(lies); i++) {
		_cleanup_(memory_sink_done) struct memory_sink m;
		_cleanup_(kd_kdump_freep) struct kd_kdump *k = NULL;
		struct kd_error err = { 0 };
		struct sample s;
		int r;

		sample_init(&s);
		CHECK_INT(t, sample_make(&s, &m), 0);
		put(&m, lies[i].offset, lies[i].value, lies[i].size);
		r = sample_open_bytes(&m, &k, &err);
		if (r != lies[i].want)
			test_failed(t, __FILE__, __LINE__, "lie %zu: %d: %s", i, r,
				    err.message);
		CHECK_INT(t, err.code, r);
		CHECK(t, k == NULL);
	}
}

static void layout_of_32_bits(struct test *t)
{
	_cleanup_(memory_sink_done) struct memory_sink m;
	struct kd_kdump *k = NULL;
	struct kd_error err = { 0 };
	struct sample s;

	sample_init(&s);
	CHECK_INT(t, sample_make(&s, &m), 0);
	put(&m, 416, 4096, 8);
	put(&m, 428, SAMPLE_FRAMES, 4);
	CHECK_INT(t, sample_open_bytes(&m, &k, &err), -ENOTSUP);
	CHECK(t, strstr(err.message, "32-bit") != NULL);
}

/* Lies of one descriptor: that page is lost, the check counts it, others are fine. */
static void hostile_descriptors(struct test *t)
{
	static const struct {
		size_t at;
		uint64_t value;
		size_t size;
	} lies[] = {
		{ 0, UINT64_MAX, 8 },  { 0, 1ULL << 63, 8 }, { 0, 1, 8 },
		{ 0, 1ULL << 40, 8 },  { 8, 4097, 4 },	     { 8, UINT32_MAX, 4 },
		{ 8, 0, 4 },	       { 8, 1, 4 },	     { 12, 0, 4 },
		{ 12, 0x21, 4 },       { 12, 1, 4 },	     { 12, 2, 4 },
		{ 12, UINT32_MAX, 4 },
	};
	for (size_t i = 0; i < ARRAY_SIZE(lies); i++) {
		_cleanup_(memory_sink_done) struct memory_sink m;
		_cleanup_(kd_kdump_freep) struct kd_kdump *k = NULL;
		struct kd_kdump_check found = { 0 };
		struct kd_error err = { 0 };
		uint8_t page[4096];
		struct sample s;

		sample_init(&s);
		CHECK_INT(t, sample_make(&s, &m), 0);
		put(&m, DESCS + 24 * 2 + lies[i].at, lies[i].value, lies[i].size);
		CHECK_INT(t, sample_open_bytes(&m, &k, NULL), 0);
		CHECK_INT(t, sample_read(k, 2 * 4096, page, sizeof(page)), -EIO);
		CHECK_INT(t, sample_read(k, 3 * 4096, page, sizeof(page)), 0);
		CHECK_INT(t, kd_kdump_verify(k, &found, &err), -EBADMSG);
		CHECK_INT(t, found.bad, 1);
		CHECK_INT(t, found.pages, s.n_described);
		CHECK(t, strstr(err.message, "page frame 0x2") != NULL);
	}
}

/* Payloads are under a checksum: a flipped bit is found, or is one without a meaning
 * and leaves the page as it was. */
static void flipped_bits(struct test *t)
{
	_cleanup_(memory_sink_done) struct memory_sink m;
	uint8_t got[4096], want[4096];
	unsigned int unseen = 0;
	struct sample s;
	uint64_t first;
	uint32_t size;

	sample_init(&s);
	CHECK_INT(t, sample_make(&s, &m), 0);
	memcpy(&first, m.data + DESCS, sizeof(first));
	memcpy(&size, m.data + DESCS + 8, sizeof(size));
	sample_fill(0, s.whole, want, sizeof(want));
	for (uint64_t i = first; i < first + size; i++) {
		_cleanup_(kd_kdump_freep) struct kd_kdump *k = NULL;
		struct kd_kdump_check found = { 0 };

		m.data[i] ^= (uint8_t)(1U << i % 8);
		CHECK_INT(t, sample_open_bytes(&m, &k, NULL), 0);
		if (kd_kdump_verify(k, &found, NULL) == 0) {
			unseen++;
			CHECK_INT(t, sample_read(k, 0, got, sizeof(got)), 0);
			CHECK(t, memcmp(got, want, sizeof(got)) == 0);
		} else {
			CHECK_INT(t, found.bad, 1);
		}
		m.data[i] ^= (uint8_t)(1U << i % 8);
	}
	CHECK(t, unseen <= 3);
}

static void kept_without_memory(struct test *t)
{
	_cleanup_(memory_sink_done) struct memory_sink m;
	_cleanup_(kd_kdump_freep) struct kd_kdump *k = NULL;
	struct kd_kdump_check found = { 0 };
	struct sample s;

	sample_init(&s);
	CHECK_INT(t, sample_make(&s, &m), 0);
	m.data[BITMAP] &= 0xfe;
	CHECK_INT(t, sample_open_bytes(&m, &k, NULL), 0);
	CHECK_INT(t, kd_kdump_verify(k, &found, NULL), -EBADMSG);
	CHECK_INT(t, found.bad, 1);
}

/* A file cut among its payloads opens; the check finds just the lost ones. */
static void cut_payloads(struct test *t)
{
	_cleanup_(memory_sink_done) struct memory_sink m;
	_cleanup_(kd_kdump_freep) struct kd_kdump *k = NULL;
	struct kd_kdump_check found = { 0 };
	struct sample s;

	sample_init(&s);
	CHECK_INT(t, sample_make(&s, &m), 0);
	m.size--;
	CHECK_INT(t, sample_open_bytes(&m, &k, NULL), 0);
	CHECK_INT(t, kd_kdump_verify(k, &found, NULL), -EBADMSG);
	CHECK_INT(t, found.bad, 1);
	kd_kdump_free(TAKE_PTR(k));
	/* and cut among its descriptors: all behind the cut are lost */
	m.size = DESCS + 24 * 10 + 7;
	CHECK_INT(t, sample_open_bytes(&m, &k, NULL), 0);
	CHECK_INT(t, kd_kdump_verify(k, &found, NULL), -EBADMSG);
	CHECK_INT(t, found.pages, s.n_described);
	CHECK(t, found.bad >= s.n_described - 10);
}

static int open_map(struct kd_kdump_bitmap *b, struct kd_kdump_bits *bits,
		    const struct kd_file_view *file, uint64_t offset, kd_pfn_t start,
		    kd_pfn_t end)
{
	int r;

	*b = (struct kd_kdump_bitmap) {
		.file = file, .offset = offset, .start = start, .end = end
	};
	r = kd_kdump_bitmap_init(b);
	return r < 0 ? r : kd_kdump_bits_init(bits, b);
}

static void close_map(struct kd_kdump_bitmap *b, struct kd_kdump_bits *bits)
{
	kd_kdump_bits_done(bits);
	kd_kdump_bitmap_done(b);
}

/* A bitmap of a machine so large that an index entry stands for many blocks. */
static void large_bitmap(struct test *t)
{
	static const kd_pfn_t set[] = { 0,
					63,
					64,
					4095,
					4096,
					70000001,
					(1U << 30) - 1,
					1U << 30,
					(1ULL << 32) - 1 };
	_cleanup_(kd_closep) int fd = memfd_create("bitmap", MFD_CLOEXEC);
	struct kd_kdump_bitmap b;
	struct kd_kdump_bits bits;
	struct kd_file_view file;
	kd_pfn_t pfn = 0;
	uint64_t rank;

	CHECK_INT(t, ftruncate(fd, 100 + (1 << 29)), 0);
	for (size_t i = 0; i < ARRAY_SIZE(set); i++) {
		off_t at = (off_t)(100 + set[i] / 8);
		uint8_t byte = 0;

		CHECK_INT(t, pread(fd, &byte, 1, at), 1);
		byte |= (uint8_t)(1U << set[i] % 8);
		CHECK_INT(t, pwrite(fd, &byte, 1, at), 1);
	}
	CHECK_INT(t, kd_file_view_init(&file, fd), 0);
	CHECK_INT(t, open_map(&b, &bits, &file, 100, 0, 1ULL << 32), 0);
	CHECK(t, b.n_blocks <= 65536);
	CHECK_INT(t, b.total, ARRAY_SIZE(set));
	for (size_t i = ARRAY_SIZE(set); i-- > 0;) {
		CHECK_INT(t, kd_kdump_bits_rank(&bits, set[i], &rank), 0);
		CHECK_INT(t, rank, i);
		CHECK_INT(t, kd_kdump_bits_rank(&bits, set[i] + 2, &rank), -ENODATA);
	}
	for (size_t i = 0; i < ARRAY_SIZE(set); i++, pfn++) {
		CHECK_INT(t, kd_kdump_bits_next(&bits, pfn, true, &pfn), 0);
		CHECK_INT(t, pfn, set[i]);
	}
	CHECK_INT(t, kd_kdump_bits_next(&bits, 63, false, &pfn), 0);
	CHECK_INT(t, pfn, 65);
	close_map(&b, &bits);
	/* a part of it, its ends inside of words */
	CHECK_INT(t, open_map(&b, &bits, &file, 100, 64, 4096), 0);
	CHECK_INT(t, b.total, 2);
	close_map(&b, &bits);
	CHECK_INT(t, open_map(&b, &bits, &file, 100, 65, 4097), 0);
	CHECK_INT(t, b.total, 2);
	CHECK_INT(t, kd_kdump_bits_rank(&bits, 4096, &rank), 0);
	CHECK_INT(t, rank, 1);
	CHECK_INT(t, kd_kdump_bits_rank(&bits, 64, &rank), -ENODATA);
	close_map(&b, &bits);
	/* its file ends early */
	CHECK_INT(t, open_map(&b, &bits, &file, 101, 0, 1ULL << 32), -EBADMSG);
	CHECK_INT(t, open_map(&b, &bits, &file, 100, 0, KD_KDUMP_MAX_PFN + 1), -EFBIG);
}

static void no_such_file(struct test *t)
{
	struct kd_kdump *k = NULL;
	struct kd_error err = { 0 };

	CHECK_INT(t, kd_kdump_open_at(AT_FDCWD, "/nonexistent", &k, &err), -ENOENT);
	CHECK_STR(t, err.message, "/nonexistent: No such file or directory");
	kd_error_reset(&err);
	CHECK_INT(t, kd_kdump_open_at(AT_FDCWD, "/proc/self/exe", &k, &err), -ENOEXEC);
}

static const struct test_case cases[] = {
	{ "every codec and page size comes back", round_trips },
	{ "headers, notes and extents", headers },
	{ "reads across pages", across_pages },
	{ "versions 1 to 6", old_versions },
	{ "a part of a split dump", split_part },
	{ "lies in the headers", hostile_headers },
	{ "the 32-bit layout is named", layout_of_32_bits },
	{ "lies in a descriptor", hostile_descriptors },
	{ "flipped bits are found", flipped_bits },
	{ "a page kept where there is no memory", kept_without_memory },
	{ "files cut short", cut_payloads },
	{ "a bitmap of 16 TiB", large_bitmap },
	{ "not a dump", no_such_file },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}

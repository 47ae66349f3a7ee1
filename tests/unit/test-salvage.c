/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Salvage: a dump cut anywhere becomes one that our reader finds nothing wrong with and
 * that libkdumpfile reads; each page in it is what it was, and all that were there are.
 */
#include "makedumpfile/inspect/salvage.h"

#include <elf.h>
#include <fcntl.h>
#include <libkdumpfile/kdumpfile.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>

#include "makedumpfile/format/kdump-format.h"
#include "tests/unit/flatten.h"
#include "tests/unit/sample-dump.h"
#include "tests/unit/test.h"

#define DESCS 16384U

static const struct kd_kdump_verify how = { .threads = 2 };

/* The salvaged file's descriptor, or a negative errno. */
static int salvage(const struct memory_sink *m, struct kd_salvage_report *report,
		   struct kd_error *err)
{
	_cleanup_(kd_closep) int in = sample_file(m->data, m->size);
	_cleanup_(kd_closep) int out = memfd_create("salvaged", MFD_CLOEXEC);
	char path[64];
	int r;

	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", in);
	r = kd_salvage_at(AT_FDCWD, path, out, &how, report, err);
	return r < 0 ? r : TAKE_FD(out);
}

/* Every page of @fd as libkdumpfile reads it; returns how many there are. */
static uint64_t count_good(struct test *t, int fd, const struct sample *s)
{
	kdump_ctx_t *ctx = kdump_new();
	uint8_t got[4096], want[4096];
	uint64_t good = 0;

	if (kdump_open_fd(ctx, fd) != KDUMP_OK)
		test_failed(t, __FILE__, __LINE__, "%s", kdump_get_err(ctx));
	for (kd_pfn_t pfn = 0; pfn < SAMPLE_FRAMES; pfn++) {
		size_t size = sizeof(got);
		kdump_status status = kdump_read(ctx, KDUMP_MACHPHYSADDR, pfn * 4096, got,
						 &size);

		if (status == KDUMP_OK) {
			sample_fill(pfn, s->whole, want, sizeof(want));
			CHECK(t, memcmp(got, want, sizeof(got)) == 0);
			good++;
		} else {
			/* left out, never corrupt */
			CHECK_INT(t, status, KDUMP_ERR_NODATA);
			kdump_clear_err(ctx);
		}
	}
	kdump_free(ctx);
	return good;
}

static void check_result(struct test *t, const struct memory_sink *m,
			 const struct sample *s, uint64_t least)
{
	struct kd_salvage_report report = { 0 };
	struct kd_kdump_check found = { 0 };
	struct kd_error err = { 0 };
	_cleanup_(kd_kdump_freep) struct kd_kdump *k = NULL;
	_cleanup_(kd_closep) int fd = salvage(m, &report, &err);

	if (fd < 0) {
		test_failed(t, __FILE__, __LINE__, "%zu bytes: %s", m->size, err.message);
		return;
	}
	CHECK_INT(t, sample_open(fd, &k, NULL), 0);
	CHECK_INT(t, kd_kdump_verify(k, &found, NULL), 0);
	CHECK_INT(t, found.pages, report.counts.saved);
	CHECK(t, report.counts.saved >= least);
	CHECK_INT(t, kd_kdump_incomplete(k), !report.counts.whole);
	CHECK_INT(t, count_good(t, fd, s), report.counts.saved);
}

static void make(struct sample *s, struct memory_sink *m)
{
	memory_sink_init(m);
	sample_init(s);
	(void)sample_write(s, &m->sink, NULL);
}

/* Pages whose descriptor and payload lie below @size. */
static uint64_t intact(const struct memory_sink *m, const struct sample *s, size_t size)
{
	uint64_t n = 0;

	for (uint64_t i = 0; i < s->n_described; i++) {
		struct kd_kdump_desc d;

		memcpy(&d, m->data + DESCS + i * sizeof(d), sizeof(d));
		n += DESCS + (i + 1) * sizeof(d) <= size && d.offset &&
		     d.offset + d.size <= size;
	}
	return n;
}

static void cut_plain(struct test *t)
{
	_cleanup_(memory_sink_done) struct memory_sink m;
	struct sample s;
	size_t whole;

	make(&s, &m);
	whole = m.size;
	check_result(t, &m, &s, intact(&m, &s, whole));
	for (size_t size = whole - 1; size > 4200; size -= MIN(size, (size_t)4093)) {
		m.size = size;
		check_result(t, &m, &s, intact(&m, &s, size));
	}
}

static void cut_flattened(struct test *t)
{
	_cleanup_(memory_sink_done) struct memory_sink m, flat;
	struct sample s;

	make(&s, &m);
	memory_sink_init(&flat);
	flatten(&flat, &m, /* end= */ true);
	check_result(t, &flat, &s, intact(&m, &s, m.size));
	for (; flat.size > 4096 + 6 * 1016; flat.size -= MIN(flat.size, (size_t)7919))
		check_result(t, &flat, &s, 0);
}

/* Nothing lost but the pages that were not there: marked complete. */
static void whole(struct test *t)
{
	_cleanup_(memory_sink_done) struct memory_sink m;
	struct kd_salvage_report report = { 0 };
	struct sample s;
	int fd;

	memory_sink_init(&m);
	sample_init(&s);
	s.whole = true;
	CHECK_INT(t, sample_write(&s, &m.sink, NULL), 0);
	fd = salvage(&m, &report, NULL);
	CHECK(t, fd >= 0 && report.counts.whole);
	CHECK_INT(t, count_good(t, fd, &s), s.n_described);
	kd_close(fd);
}

static void descriptors_past_the_end(struct test *t)
{
	_cleanup_(memory_sink_done) struct memory_sink m;
	const uint64_t far = 1ULL << 50;
	struct sample s;

	make(&s, &m);
	for (uint64_t i = 0; i < 40; i += 3)
		memcpy(m.data + DESCS + i * 24, &far, sizeof(far));
	check_result(t, &m, &s, intact(&m, &s, m.size));
}

static void without_headers(struct test *t)
{
	static const size_t sizes[] = { 0, 1, 8, 463, 464, 4095, 4150 };

	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		_cleanup_(memory_sink_done) struct memory_sink m;
		struct kd_salvage_report report;
		struct kd_error err = { 0 };
		struct sample s;
		int r;

		make(&s, &m);
		m.size = sizes[i];
		r = salvage(&m, &report, &err);
		CHECK(t, r == -EBADMSG || r == -ENOEXEC);
		CHECK(t, err.message[0] && !strchr(err.message, '\n'));
	}
}

/* 2^28 frames in a file of a few blocks: 64 MiB of bitmaps that say nothing. */
static void bitmaps_that_are_not_there(struct test *t)
{
	const uint32_t frames = 1U << 28, blocks = 2 * (frames / 8 / 4096);
	const uint64_t none = 0;
	_cleanup_(memory_sink_done) struct memory_sink m;
	_cleanup_(kd_closep) int fd = -EBADF;
	struct kd_salvage_report report = { 0 };
	struct sample s;
	struct stat st;

	make(&s, &m);
	memcpy(m.data + offsetof(struct kd_kdump_header, bitmap_blocks), &blocks,
	       sizeof(blocks));
	memcpy(m.data + offsetof(struct kd_kdump_header, max_mapnr), &frames,
	       sizeof(frames));
	memcpy(m.data + 4096 + offsetof(struct kd_kdump_sub_header, max_mapnr), &none,
	       sizeof(none));
	m.size = 3 * (size_t)4096;
	fd = salvage(&m, &report, NULL);
	CHECK(t, fd >= 0 && fstat(fd, &st) == 0);
	CHECK_INT(t, report.counts.saved, 0);
	CHECK(t, st.st_size >= 2 * (off_t)(frames / 8) && st.st_blocks < 2048);
}

/* One segment of two pages at @far, of which the first one and 3 bytes came. */
static void one_segment(struct memory_sink *m, uint64_t far)
{
	const Elf64_Ehdr eh = {
		.e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64, ELFDATA2LSB,
			     EV_CURRENT },
		.e_type = ET_CORE,
		.e_machine = EM_X86_64,
		.e_version = EV_CURRENT,
		.e_phoff = sizeof(eh),
		.e_ehsize = sizeof(eh),
		.e_phentsize = sizeof(Elf64_Phdr),
		.e_phnum = 1,
	};
	const Elf64_Phdr ph = {
		.p_type = PT_LOAD, .p_offset = far, .p_filesz = 8192, .p_memsz = 8192
	};
	_cleanup_(memory_sink_done) struct memory_sink empty;
	const char page[4096] = "far";

	memory_sink_init(&empty);
	flatten(m, &empty, /* end= */ false);
	flatten_record(m, 0, &eh, sizeof(eh));
	flatten_record(m, sizeof(eh), &ph, sizeof(ph));
	flatten_record(m, far, page, sizeof(page));
	flatten_record(m, far + sizeof(page), "cut", 3);
}

/* A stream may put a byte anywhere: holes are not walked through, whatever their size. */
static void elf_of_holes(struct test *t)
{
	const uint64_t far = (uint64_t)1 << 46;
	_cleanup_(memory_sink_done) struct memory_sink m;
	_cleanup_(kd_closep) int fd = -EBADF;
	struct kd_salvage_report report = { 0 };
	char got[4] = "";

	memory_sink_init(&m);
	one_segment(&m, far);
	fd = salvage(&m, &report, NULL);
	CHECK(t, fd >= 0 && report.elf && !report.counts.whole);
	CHECK_INT(t, report.bytes, 8192);
	CHECK_INT(t, report.saved_bytes, 4096);
	CHECK_INT(t, pread(fd, got, 3, (off_t)far), 3);
	CHECK(t, strcmp(got, "far") == 0);
}

/* What was erased is told by what is left, and one that claims too much by itself. */
static void erase_information(struct test *t)
{
	static const char text[] = "erased symbol keys 32\n";
	const size_t size_at = 4096 + offsetof(struct kd_kdump_sub_header, erase_size);

	for (int lies = 0; lies < 2; lies++) {
		_cleanup_(memory_sink_done) struct memory_sink m;
		_cleanup_(kd_kdump_freep) struct kd_kdump *k = NULL;
		_cleanup_(kd_closep) int fd = -EBADF;
		struct kd_salvage_report report = { 0 };
		const struct kd_kdump_facts *facts;
		char back[sizeof(text)] = "";
		uint64_t claimed = UINT64_C(1) << 60;
		struct sample s;

		sample_init(&s);
		s.info.erase_info = text;
		CHECK_INT(t, sample_make(&s, &m), 0);
		m.size -= m.size / 4;
		if (lies)
			memcpy(m.data + size_at, &claimed, sizeof(claimed));
		fd = salvage(&m, &report, NULL);
		CHECK_INT(t, sample_open(fd, &k, NULL), 0);
		if (!k)
			continue;
		facts = kd_kdump_facts(k);
		CHECK_INT(t, facts->erase_size, lies ? 0 : strlen(text));
		CHECK(t, lies || pread(fd, back, strlen(text),
				       (off_t)facts->erase_offset) > 0);
		CHECK_STR(t, back, lies ? "" : text);
		CHECK(t, report.counts.saved > 0);
	}
}

static const struct test_case cases[] = {
	{ "a dump cut anywhere", cut_plain },
	{ "a flattened dump cut anywhere", cut_flattened },
	{ "a whole dump stays whole", whole },
	{ "descriptors past the end", descriptors_past_the_end },
	{ "bitmaps that are not there", bitmaps_that_are_not_there },
	{ "an ELF core that is mostly holes", elf_of_holes },
	{ "what was erased", erase_information },
	{ "without headers nothing is to be done", without_headers },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}

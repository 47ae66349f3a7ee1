/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * makedumpfile/format: ELF dumps: which PT_LOADs there are, and that our own reader of
 * cores finds each page kept, none that was left out, and the INCOMPLETE mark until all
 * is durable.
 */
#include <elf.h>
#include <fcntl.h>
#include <sys/mman.h>

#include "makedumpfile/format/elf-plan.h"
#include "makedumpfile/format/elf-writer.h"
#include "makedumpfile/format/flat-rearrange.h"
#include "makedumpfile/vmcore/elf-core.h"
#include "tests/unit/memory-sink.h"
#include "tests/unit/sample-dump.h"
#include "tests/unit/test.h"

#define PAGE 4096U

/** Runs out of a function of the frame number, below @end. */
struct frames {
	struct kd_runs runs;
	bool (*kept)(kd_pfn_t pfn);
	kd_pfn_t end;
};

static int frames_next(const struct kd_runs *runs, kd_pfn_t *from, kd_pfn_t *ret_end)
{
	const struct frames *f = (const struct frames *)runs;
	kd_pfn_t start = *from, end;

	while (start < f->end && !f->kept(start))
		start++;
	if (start >= f->end)
		return 0;
	for (end = start + 1; end < f->end && f->kept(end);)
		end++;
	*from = start;
	*ret_end = end;
	return 1;
}

static bool sample_kept(kd_pfn_t pfn)
{
	enum sample_page kind = sample_kind(pfn, false);

	return kind != SAMPLE_HOLE && kind != SAMPLE_EXCLUDED;
}

static bool every_other(kd_pfn_t pfn)
{
	return pfn % 2 == 0;
}

static const struct frames sample_frames = { { frames_next },
					     sample_kept,
					     SAMPLE_FRAMES };

static void gap_choice(struct test *t)
{
	static const struct {
		uint64_t gaps[4];
		uint64_t runs, max, want;
	} table[] = {
		{ { 0 }, 0, 1, 1 },	    { { 0 }, 1, 1, 1 },
		{ { 5, 3, 2 }, 11, 11, 1 }, { { 5, 3, 2 }, 11, 10, 2 },
		{ { 5, 3, 2 }, 11, 6, 2 },  { { 5, 3, 2 }, 11, 5, 4 },
		{ { 5, 3, 2 }, 11, 1, 8 },  { { 0, 0, 0, 9 }, 10, 9, 16 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		uint64_t gaps[KD_ELF_GAP_CLASSES] = { 0 };

		memcpy(gaps, table[i].gaps, sizeof(table[i].gaps));
		CHECK_INT(t, kd_elf_plan_gap(gaps, table[i].runs, table[i].max),
			  table[i].want);
	}
}

/* Runs given as they are, right or wrong. */
struct listed {
	struct kd_runs runs;
	const kd_pfn_t (*list)[2];
	size_t n;
};

static int listed_next(const struct kd_runs *runs, kd_pfn_t *from, kd_pfn_t *ret_end)
{
	const struct listed *l = (const struct listed *)runs;

	for (size_t i = 0; i < l->n; i++) {
		if (l->list[i][0] < *from && l->list[0][0] < 1000)
			continue;
		*from = l->list[i][0];
		*ret_end = l->list[i][1];
		return 1;
	}
	return 0;
}

static void plans(struct test *t)
{
	static const kd_pfn_t list[][2] = {
		{ 2, 4 }, { 4, 6 }, { 7, 8 }, { 20, 30 }, { 33, 34 },
	};
	static const struct {
		size_t max, n;
		uint64_t pages, before_25;
	} table[] = {
		{ 9, 4, 16, 10 }, { 4, 4, 16, 10 }, { 3, 3, 17, 11 },
		{ 2, 2, 20, 11 }, { 1, 1, 32, 23 },
	};
	const struct listed l = { { listed_next }, list, ARRAY_SIZE(list) };

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		struct kd_elf_plan p;
		uint64_t before = 0;
		size_t at = 0;

		CHECK_INT(t, kd_elf_plan_init(&p, &l.runs, table[i].max, NULL), 0);
		CHECK_INT(t, p.n, table[i].n);
		CHECK_INT(t, p.n_kept, 16);
		CHECK_INT(t, p.n_pages, table[i].pages);
		CHECK_INT(t, kd_elf_plan_find(&p, 25, &at, &before), 0);
		CHECK_INT(t, before, table[i].before_25);
		CHECK_INT(t, kd_elf_plan_find(&p, 2, &at, &before), 0);
		CHECK_INT(t, before, 0);
		CHECK_INT(t, kd_elf_plan_find(&p, 1, &at, &before), -ENXIO);
		CHECK_INT(t, kd_elf_plan_find(&p, 34, &at, &before), -ENXIO);
		CHECK_INT(t, kd_elf_plan_find(&p, 33, &at, &before), 0);
		CHECK_INT(t, before, table[i].pages - 1);
		kd_elf_plan_done(&p);
	}
}

static void runs_out_of_order(struct test *t)
{
	static const kd_pfn_t empty[][2] = { { 5, 5 } }, reversed[][2] = { { 9, 7 } },
			      again[][2] = { { 1000, 1001 } };
	const kd_pfn_t(*const lists[])[2] = { empty, reversed, again };

	for (size_t i = 0; i < ARRAY_SIZE(lists); i++) {
		struct listed l = { { listed_next }, lists[i], 1 };
		struct kd_elf_plan p;

		CHECK_INT(t, kd_elf_plan_init(&p, &l.runs, 10, NULL), -EINVAL);
	}
}

/* Give @w the pages of @f, in rows that two lanes take in turns, from the last. */
static int feed(struct kd_writer *w, const struct frames *f, unsigned int rows)
{
	_cleanup_(kd_lane_freep) struct kd_lane *a = NULL;
	_cleanup_(kd_lane_freep) struct kd_lane *b = NULL;
	uint8_t page[PAGE];
	int r;

	if ((r = w->ops->lane_new(w, &a, NULL)) < 0 ||
	    (r = w->ops->lane_new(w, &b, NULL)) < 0)
		return r;
	for (unsigned int row = rows; row-- > 0;) {
		struct kd_lane *lane = row % 2 ? a : b;
		kd_pfn_t end = f->end * (row + 1) / rows;

		r = lane->ops->start(lane, 0);
		for (kd_pfn_t p = f->end * row / rows; p < end && r == 0; p++) {
			if (!f->kept(p))
				continue;
			sample_fill(p % SAMPLE_FRAMES, false, page, sizeof(page));
			r = lane->ops->page(lane, p,
					    sample_kind(p % SAMPLE_FRAMES, false) ==
							    SAMPLE_UNREADABLE
						    ? NULL
						    : page);
		}
		if (r < 0 || (r = lane->ops->flush(lane)) < 0)
			return r;
	}
	return 0;
}

static const char notes[] = "not a note, but kept as it is";

static const struct kd_elf_info sample_info = { .machine = EM_X86_64,
						.page_size = PAGE,
						.notes = notes,
						.notes_size = sizeof(notes),
						.has_direct_map = true,
						.page_offset = 0xffff888000000000 };

static int write_sample(const struct kd_elf_info *info, struct kd_sink *sink,
			bool complete, struct kd_write_counts *ret)
{
	_cleanup_(kd_writer_freep) struct kd_writer *w = NULL;
	int r, q;

	r = kd_elf_writer_new(info, &sample_frames.runs, sink, &w, NULL);
	if (r < 0)
		return r;
	r = feed(w, &sample_frames, 5);
	q = w->ops->finish(w, r == 0 && complete, NULL);
	w->ops->counts(w, ret);
	if (r == 0 && q == 0)
		q = kd_sink_finish(sink);
	return r < 0 ? r : q;
}

static void check_page(struct test *t, const struct kd_memory *m, kd_pfn_t pfn,
		       bool joined)
{
	uint8_t want[PAGE] = { 0 }, got[PAGE];
	bool kept = pfn < SAMPLE_FRAMES && sample_kept(pfn);
	int r = kd_memory_read(m, pfn * PAGE, got, PAGE);

	if (kept && sample_kind(pfn, false) != SAMPLE_UNREADABLE)
		sample_fill(pfn, false, want, PAGE);
	if (!kept && !joined)
		CHECK_INT(t, r, -ENXIO);
	else if (r != -ENXIO || kept) /* outside of all pieces */
		CHECK(t, r == 0 && memcmp(got, want, PAGE) == 0);
}

static void check_sample(struct test *t, const void *data, size_t size, bool joined)
{
	_cleanup_(kd_vmcore_freep) struct kd_vmcore *core = NULL;
	_cleanup_(kd_closep) int fd = sample_file(data, size);
	struct kd_error err = { 0 };
	const void *got;
	char path[32];
	size_t n;

	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	CHECK_INT(t, kd_vmcore_open_at(AT_FDCWD, path, &core, &err), 0);
	CHECK_STR(t, err.message, "");
	if (!core)
		return;
	got = kd_vmcore_notes(core, &n);
	CHECK(t, n >= sizeof(notes) && memcmp(got, notes, sizeof(notes)) == 0);
	for (kd_pfn_t p = 0; p < SAMPLE_FRAMES + 9; p++)
		check_page(t, kd_vmcore_memory(core), p, joined);
}

static void headers(struct test *t)
{
	struct kd_elf_info info = sample_info;
	struct kd_write_counts n;
	struct memory_sink m;
	const Elf64_Ehdr *h;
	const Elf64_Phdr *p;

	info.erase = "erase init_task 8\n";
	info.erase_size = strlen(info.erase);
	memory_sink_init(&m);
	CHECK_INT(t, write_sample(&info, &m.sink, true, &n), 0);
	h = (const Elf64_Ehdr *)m.data;
	p = (const Elf64_Phdr *)(h + 1);
	CHECK_INT(t, h->e_type, ET_CORE);
	CHECK_INT(t, h->e_machine, EM_X86_64);
	CHECK_INT(t, h->e_flags, 0);
	CHECK_INT(t, h->e_phoff, sizeof(*h));
	CHECK(t, h->e_phnum > 2);
	CHECK_INT(t, p[0].p_type, PT_NOTE);
	CHECK_INT(t, p[0].p_offset, sizeof(*h) + h->e_phnum * sizeof(*p));
	CHECK_INT(t, p[0].p_filesz, 32 + 12 + 12 + 20);
	CHECK(t, memcmp(m.data + p[0].p_offset + 32,
			"\12\0\0\0\22\0\0\0\0\0\0\0ERASEINFO\0\0\0erase init_task 8\n",
			12 + 12 + 18) == 0);
	for (unsigned int i = 1; i < h->e_phnum; i++) {
		CHECK_INT(t, p[i].p_type, PT_LOAD);
		CHECK_INT(t, p[i].p_align, 0);
		CHECK_INT(t, p[i].p_offset % PAGE, 0);
		CHECK_INT(t, p[i].p_filesz, p[i].p_memsz);
		CHECK_INT(t, p[i].p_vaddr - p[i].p_paddr, 0xffff888000000000);
		CHECK(t, p[i].p_offset + p[i].p_filesz <= m.size);
	}
	CHECK_INT(t, n.pages, n.zero + n.unreadable + n.payload_bytes / PAGE);
	CHECK(t, n.zero && n.unreadable && n.payload_bytes);
	CHECK_INT(t, m.hasty, 0);
	CHECK(t, !m.unsynced);
	memory_sink_done(&m);
}

static void round_trip(struct test *t)
{
	static const size_t max[] = { 0, 1, 5 };

	for (size_t i = 0; i < ARRAY_SIZE(max); i++) {
		struct kd_elf_info info = sample_info;
		struct kd_write_counts n;
		struct memory_sink m;

		info.max_loads = max[i];
		memory_sink_init(&m);
		CHECK_INT(t, write_sample(&info, &m.sink, true, &n), 0);
		check_sample(t, m.data, m.size, max[i] != 0);
		memory_sink_done(&m);
	}
}

/* As a stream: the same bytes, and not a page left to what readers make of gaps. */
static void as_stream(struct test *t)
{
	static const size_t max[] = { 0, 5 };

	for (size_t i = 0; i < ARRAY_SIZE(max); i++) {
		_cleanup_(kd_closep) int fd = memfd_create("stream", MFD_CLOEXEC);
		_cleanup_(kd_sink_freep) struct kd_sink *flat = NULL;
		struct kd_elf_info info = sample_info;
		struct memory_sink file, out;
		struct kd_flat_counts counts = { 0 };
		struct kd_write_counts n;
		struct kd_flat_reader in;

		info.max_loads = max[i];
		memory_sink_init(&file);
		memory_sink_init(&out);
		CHECK_INT(t, write_sample(&info, &file.sink, true, &n), 0);
		CHECK_INT(t, kd_sink_flat_new(dup(fd), 100000, &flat, NULL), 0);
		CHECK_INT(t, write_sample(&info, flat, true, &n), 0);
		(void)lseek(fd, 0, SEEK_SET);
		CHECK_INT(t, kd_flat_reader_init(&in, fd, NULL), 0);
		CHECK_INT(t, kd_flat_rearrange(&in, &out.sink, &counts, NULL), 0);
		CHECK_INT(t, out.size, file.size);
		CHECK(t, out.size == file.size &&
				 memcmp(out.data, file.data, out.size) == 0);
		CHECK_INT(t, counts.bytes, out.size);
		CHECK_INT(t, counts.again, 0);
		memory_sink_done(&out);
		memory_sink_done(&file);
	}
}

static bool marked(const struct memory_sink *m)
{
	return m->size < sizeof(Elf64_Ehdr) || ((const Elf64_Ehdr *)m->data)->e_flags & 1;
}

static void failing_sink(struct test *t)
{
	struct kd_write_counts n;
	struct memory_sink m;
	unsigned int calls;

	memory_sink_init(&m);
	CHECK_INT(t, write_sample(&sample_info, &m.sink, true, &n), 0);
	CHECK(t, !marked(&m));
	calls = m.calls - 1; /* the last is kd_sink_finish()'s own sync */
	memory_sink_done(&m);
	for (unsigned int at = 1; at <= calls; at++) {
		memory_sink_init(&m);
		m.fail_at = at;
		CHECK_INT(t, write_sample(&sample_info, &m.sink, true, &n), -ENOSPC);
		/* by the rewrite all else was durable */
		CHECK(t, marked(&m) || at >= calls - 1);
		memory_sink_done(&m);
	}
}

static void incomplete(struct test *t)
{
	_cleanup_(kd_writer_freep) struct kd_writer *w = NULL;
	struct kd_write_counts n;
	struct memory_sink m;

	memory_sink_init(&m);
	CHECK_INT(t, write_sample(&sample_info, &m.sink, false, &n), 0);
	CHECK(t, marked(&m));
	memory_sink_done(&m);

	memory_sink_init(&m);
	CHECK_INT(t,
		  kd_elf_writer_new(&sample_info, &sample_frames.runs, &m.sink, &w, NULL),
		  0);
	CHECK_INT(t, w->ops->finish(w, true, NULL), -EINVAL);
	CHECK(t, marked(&m));
	memory_sink_done(&m);
}

static void page_of_no_run(struct test *t)
{
	_cleanup_(kd_writer_freep) struct kd_writer *w = NULL;
	_cleanup_(kd_lane_freep) struct kd_lane *lane = NULL;
	uint8_t page[PAGE] = { 1 };
	struct memory_sink m;

	memory_sink_init(&m);
	CHECK_INT(t,
		  kd_elf_writer_new(&sample_info, &sample_frames.runs, &m.sink, &w, NULL),
		  0);
	CHECK_INT(t, w->ops->lane_new(w, &lane, NULL), 0);
	CHECK_INT(t, lane->ops->page(lane, SAMPLE_FRAMES, page), -EINVAL);
	CHECK_INT(t, lane->ops->start(lane, 0), -EINVAL);
	CHECK_INT(t, w->ops->finish(w, false, NULL), -EINVAL);
	memory_sink_done(&m);
}

static void many_segments(struct test *t)
{
	static const struct {
		size_t max;
		uint64_t phnum, info;
	} table[] = { { 0, 2, 0 }, { 65533, 2, 0 }, { 65534, PN_XNUM, 65535 } };
	const struct frames f = { { frames_next }, every_other, 2 * 65534 };

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		_cleanup_(kd_writer_freep) struct kd_writer *w = NULL;
		struct kd_elf_info info = sample_info;
		struct memory_sink m;
		const Elf64_Ehdr *h;

		info.max_loads = table[i].max;
		memory_sink_init(&m);
		CHECK_INT(t, kd_elf_writer_new(&info, &f.runs, &m.sink, &w, NULL), 0);
		h = (const Elf64_Ehdr *)m.data;
		CHECK_INT(t, h->e_phnum, table[i].phnum);
		if (table[i].info)
			CHECK_INT(t, ((const Elf64_Shdr *)(m.data + h->e_shoff))->sh_info,
				  table[i].info);
		CHECK_INT(t, w->ops->finish(w, false, NULL), 0);
		memory_sink_done(&m);
	}
}

static void refuses(struct test *t)
{
	static const uint32_t sizes[] = { 0, 2048, 5000, 524288 };
	struct kd_writer *w = NULL;
	struct memory_sink m;

	memory_sink_init(&m);
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		struct kd_elf_info info = sample_info;

		info.page_size = sizes[i];
		CHECK_INT(
			t,
			kd_elf_writer_new(&info, &sample_frames.runs, &m.sink, &w, NULL),
			-EINVAL);
	}
	CHECK(t, !w);
	memory_sink_done(&m);
}

static const struct test_case cases[] = {
	{ "which gaps are closed", gap_choice },
	{ "pieces and places", plans },
	{ "runs out of order", runs_out_of_order },
	{ "headers and notes", headers },
	{ "every page kept comes back, no other", round_trip },
	{ "as a stream", as_stream },
	{ "a disk that fails at every call", failing_sink },
	{ "closed as incomplete", incomplete },
	{ "a page that was not announced", page_of_no_run },
	{ "more segments than e_phnum counts", many_segments },
	{ "refused", refuses },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The façade: dumps of synthetic machines, read back page by page; what it degrades to
 * and what it says then.
 */
#include "makedumpfile/dump.h"
#include "makedumpfile/format/kdump-reader.h"
#include "makedumpfile/vmcore/utsname.h"
#include "tests/unit/machine.h"
#include "tests/unit/memory-sink.h"
#include "tests/unit/sample-dump.h"
#include <fcntl.h>
#include <sys/mman.h>

#define RAM                              \
	"@ram start=0x100000 size=31M\n" \
	"@ram start=0x8000000 size=4M\n"
#define FRAMES (0x1f00 + 0x400)
#define FREE   64
#define PAGES                                             \
	"@fill pfn=0x1d00 count=64 with=pattern\n"        \
	"@fill pfn=0x8100 count=300 with=random seed=7\n" \
	"@page pfn=0x1c00 class=free order=5 count=2\n"   \
	"@page pfn=0x1d00 class=anon\n"                   \
	"@page pfn=0x1e00 class=cache\n"                  \
	"@log ts=1000 text=hello\n"

/* What a run told, all texts one after the other. */
struct told {
	char notes[2048];
	uint64_t last_done, last_all;
};

static void on_note(void *context, const char *text)
{
	struct told *told = context;
	size_t at = strlen(told->notes);

	(void)snprintf(told->notes + at, sizeof(told->notes) - at, "%s\n", text);
}

static void on_progress(void *context, const char *what, uint64_t done, uint64_t all)
{
	struct told *told = context;

	(void)what;
	told->last_done = done;
	told->last_all = all;
}

struct run {
	struct machine machine;
	struct kd_input *input;
	struct told told;
	struct kd_dump_options options;
	struct kd_dump_request request;
	struct memory_sink sink;
	struct kd_sink *sinks[1];
	struct kd_dump_stats stats;
	struct kd_error err;
};

static void run_init(struct run *run, const char *script, unsigned int level)
{
	memset(run, 0, sizeof(*run));
	machine_init(&run->machine, script);
	/* the input closes the core with itself */
	if (kd_input_from_core(run->machine.core, &run->input, NULL) == 0)
		run->machine.core = NULL;
	memory_sink_init(&run->sink);
	kd_options_init(&run->options);
	run->options.levels[0] = level;
	run->request = (struct kd_dump_request) {
		.input = run->input,
		.options = &run->options,
		.progress = on_progress,
		.note = on_note,
		.context = &run->told,
	};
}

static void run_done(struct run *run)
{
	memory_sink_done(&run->sink);
	kd_input_free(run->input);
	machine_done(&run->machine);
}

static int run_dump(struct run *run)
{
	run->sinks[0] = &run->sink.sink;
	run->request.sinks = run->sinks;
	run->request.n_sinks = 1;
	return kd_dump_write(&run->request, &run->stats, &run->err);
}

/* Every page that was kept reads as in the core; returns how many there are. */
static uint64_t compare(struct test *t, struct run *run)
{
	_cleanup_(kd_closep) int fd = sample_file(run->sink.data, run->sink.size);
	_cleanup_(kd_kdump_freep) struct kd_kdump *k = NULL;
	const struct kd_memory *core = run->machine.memory, *dump;
	uint8_t want[4096], got[4096];
	uint64_t n = 0, differ = 0;

	if (sample_open(fd, &k, NULL) < 0) {
		test_failed(t, __FILE__, __LINE__, "the dump does not open");
		return 0;
	}
	CHECK(t, !kd_kdump_incomplete(k));
	CHECK_STR(t, kd_kdump_machine(k), "x86_64");
	dump = kd_kdump_memory(k);
	for (size_t i = 0; i < core->n_extents; i++) {
		for (kd_paddr_t at = core->extents[i].start; at < core->extents[i].end;
		     at += 4096) {
			if (kd_memory_read(dump, at, got, sizeof(got)) < 0)
				continue;
			n++;
			differ += kd_memory_read(core, at, want, sizeof(want)) < 0 ||
				  memcmp(got, want, sizeof(got)) != 0;
		}
	}
	CHECK_INT(t, differ, 0);
	return n;
}

static void round_trip(struct test *t)
{
	static const struct {
		unsigned int level;
		uint64_t dropped;
	} rows[] = { { 0, 0 }, { 1, 0 }, { 16, FREE }, { 31, FREE + 2 } };
	static const char *const cores[] = { "@core preset=6.1\n" RAM PAGES,
					     "@core preset=6.12 vmemmap=4k\n" RAM PAGES,
					     "@core preset=7.1 levels=5\n" RAM PAGES };

	for (size_t c = 0; c < ARRAY_SIZE(cores); c++) {
		/* every level on the first, the last one on all */
		for (size_t i = c ? ARRAY_SIZE(rows) - 1 : 0; i < ARRAY_SIZE(rows); i++) {
			_cleanup_(run_done) struct run run;

			run_init(&run, cores[c], rows[i].level);
			CHECK_INT(t, run_dump(&run), 0);
			CHECK_STR(t, run.told.notes, "");
			CHECK_INT(t, run.stats.knowledge, KD_KNOW_VMCOREINFO);
			CHECK_INT(t, run.stats.level, rows[i].level);
			CHECK_INT(t, run.stats.pages_total, FRAMES);
			CHECK_INT(t, run.stats.pages_kept, FRAMES - rows[i].dropped);
			CHECK_INT(t, run.stats.pages_unreadable, 0);
			CHECK(t, run.stats.pages_zero > 1000);
			CHECK_INT(t, run.stats.bytes, run.sink.size);
			CHECK_INT(t, run.stats.classes[KD_CLASS_FREE].seen, FREE);
			CHECK_INT(t, run.told.last_done, run.stats.pages_kept);
			CHECK_INT(t, compare(t, &run), FRAMES - rows[i].dropped);
		}
	}
}

/* Bitmaps of a part of the machine, fewer pages remembered: the same pages come out. */
static void little_memory(struct test *t)
{
	_cleanup_(run_done) struct run big, small;

	run_init(&big, "@core preset=6.1\n" RAM "@ram start=0x200000000 size=1M\n" PAGES,
		 31);
	run_init(&small,
		 "@core preset=6.1\n" RAM "@ram start=0x200000000 size=1M\n" PAGES, 31);
	CHECK_INT(t, run_dump(&big), 0);
	small.request.memory_limit = 800 << 10;
	small.options.non_mmap = true;
	CHECK_INT(t, run_dump(&small), 0);
	CHECK_INT(t, compare(t, &small), compare(t, &big));
	CHECK(t, memcmp(&small.stats.classes, &big.stats.classes,
			sizeof(big.stats.classes)) == 0);
}

static void layouts(struct test *t)
{
	_cleanup_(run_done) struct run good, other;
	struct kd_layout layout;

	/* vmcoreinfo lacks a field that the layout file has */
	run_init(&good,
		 "@core preset=6.12\n" RAM PAGES
		 "@info -NUMBER(PAGE_BUDDY_MAPCOUNT_VALUE)\n",
		 16);
	layout = good.machine.layout;
	layout.values[KD_F_TYPE_BUDDY] =
		(struct kd_layout_value) { .value = -268435456, .source = KD_SOURCE_BTF };
	good.request.layout = &layout;
	CHECK_INT(t, run_dump(&good), 0);
	CHECK_INT(t, good.stats.knowledge, KD_KNOW_LAYOUT);
	CHECK_INT(t, good.stats.pages_kept, FRAMES - FREE);
	CHECK_STR(t, good.told.notes, "");

	run_init(&other,
		 "@core preset=6.12\n" RAM PAGES
		 "@info -NUMBER(PAGE_BUDDY_MAPCOUNT_VALUE)\n",
		 16);
	(void)snprintf(layout.build_id, sizeof(layout.build_id), "0123");
	other.request.layout = &layout;
	CHECK_INT(t, run_dump(&other), 0);
	CHECK_INT(t, other.stats.knowledge, KD_KNOW_VMCOREINFO);
	CHECK_INT(t, other.stats.pages_kept, FRAMES);
	CHECK(t, strstr(other.told.notes, "not of the one that crashed"));
	CHECK(t, strstr(other.told.notes, "no free page was found"));
}

static void knows_nothing(struct test *t)
{
	static const struct {
		const char *line, *says;
	} rows[] = {
		{ "@file vmcoreinfo=none\n", "no usable vmcoreinfo" },
		{ "@info -SYMBOL(mem_section)\n", "no mem_section" },
		{ "@info SYMBOL(mem_section)=ffffffffff000000\n", "no section" },
		{ "@info OFFSET(page.flags)=63\n", "page.flags lies outside" },
		{ "@info -SIZE(page)\n", "page is unknown" },
		{ "@info -SYMBOL(init_top_pgt)\n@info -SYMBOL(swapper_pg_dir)\n",
		  "every page is kept" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_(run_done) struct run run;
		char script[1024];

		(void)snprintf(script, sizeof(script),
			       "@core preset=6.1\n" RAM PAGES "%s", rows[i].line);
		run_init(&run, script, 31);
		CHECK_INT(t, run_dump(&run), 0);
		CHECK_INT(t, run.stats.knowledge, KD_KNOW_NOTHING);
		if (!strstr(run.told.notes, rows[i].says) ||
		    !strstr(run.told.notes, "every page is kept"))
			test_failed(t, __FILE__, __LINE__, "%s", run.told.notes);
		CHECK_INT(t, run.stats.pages_kept, FRAMES);
		if (i == 0)
			CHECK_INT(t, compare(t, &run), FRAMES);
	}
}

/* Whichever write fails: the error comes back, and what opens says it is incomplete. */
static void no_space(struct test *t)
{
	unsigned int opened = 0, calls;
	struct run whole;

	run_init(&whole, "@core preset=6.1\n" RAM PAGES, 31);
	CHECK_INT(t, run_dump(&whole), 0);
	calls = whole.sink.calls;
	run_done(&whole);
	/* the last two clear the flag and sync: all is durable by then */
	for (unsigned int fail_at = 1; fail_at < calls - 1; fail_at++) {
		_cleanup_(run_done) struct run run;
		_cleanup_(kd_kdump_freep) struct kd_kdump *k = NULL;
		_cleanup_(kd_closep) int fd = -EBADF;

		run_init(&run, "@core preset=6.1\n" RAM PAGES, 31);
		run.options.threads = 1;
		run.sink.fail_at = fail_at;
		CHECK_INT(t, run_dump(&run), -ENOSPC);
		CHECK_INT(t, run.stats.pages_total, FRAMES);
		fd = sample_file(run.sink.data, run.sink.size);
		if (sample_open(fd, &k, NULL) < 0)
			continue;
		CHECK(t, kd_kdump_incomplete(k));
		opened++;
	}
	CHECK(t, opened > 5);
}

static void dry_run(struct test *t)
{
	_cleanup_(run_done) struct run run;

	run_init(&run, "@core preset=6.1\n" RAM PAGES, 31);
	CHECK_INT(t, kd_dump_write(&run.request, &run.stats, NULL), 0);
	CHECK_INT(t, run.stats.pages_kept, FRAMES - FREE - 2);
	CHECK_INT(t, run.stats.bytes, 0);
}

static void attempts(struct test *t)
{
	_cleanup_(run_done) struct run run;

	run_init(&run, "@core preset=6.1\n" RAM PAGES, 0);
	run.options.levels[1] = 31;
	run.options.n_levels = 2;
	run.request.attempt = 1;
	CHECK_INT(t, run_dump(&run), 0);
	CHECK_INT(t, run.stats.level, 31);
	run.request.attempt = 2;
	CHECK_INT(t, run_dump(&run), -EINVAL);
}

static void utsname(struct test *t)
{
	static const struct {
		const char *sysname, *release, *known;
		char machine;
		bool good;
	} rows[] = {
		{ "Linux", "6.1.0", "6.1.0", 'x', true },
		{ "Linux", "6.1.0", "", 'x', true },
		{ "Linux", "6.1.0", "6.12.0", 'x', false },
		{ "", "6.1.0", "6.1.0", 'x', false },
		{ "inux", "6.1.0", "", 'x', false },
		{ "Linux", "6.1.0", "", '\x80', false },
		{ "Linux", "6.1.0", "", '\n', false },
	};
	char uts[390];

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		memset(uts, 0, sizeof(uts));
		(void)snprintf(uts, 65, "%s", rows[i].sysname);
		(void)snprintf(uts + 130, 65, "%s", rows[i].release);
		uts[260] = rows[i].machine;
		CHECK_INT(t, kd_utsname_plausible(uts, rows[i].known), rows[i].good);
	}
	memset(uts + 65, 'a', 65); /* a field that does not end */
	CHECK(t, !kd_utsname_plausible(uts, ""));
}

static const struct test_case cases[] = {
	{ "what is kept reads as in the core", round_trip },
	{ "little memory makes no difference", little_memory },
	{ "a layout counts when it is that kernel's", layouts },
	{ "without knowledge every page is kept, and it is said", knows_nothing },
	{ "no space at any write", no_space },
	{ "a dry run writes nothing", dry_run },
	{ "dump levels are tried as the caller says", attempts },
	{ "utsname is believed when it is plausible", utsname },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The façade's ways out: every format, any number of files and threads, bitmaps that do
 * not fit, limits of size and time, erased pages. Outputs are real files, opened again
 * as any input is and compared with the machine page by page.
 */
#include "makedumpfile/dump.h"
#include "makedumpfile/input.h"
#include "tests/unit/machine.h"
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#define PARTS 3
#define FREE  64
#define CORE                                               \
	"@core preset=6.1\n"                               \
	"@ram start=0x100000 size=31M\n"                   \
	"@ram start=0x8000000 size=34M\n"                  \
	"@fill pfn=0x1d00 count=64 with=pattern\n"         \
	"@fill pfn=0x8100 count=3000 with=random seed=7\n" \
	"@fill pfn=0x9000 count=3000 with=same seed=7\n"   \
	"@page pfn=0x1c00 class=free order=5 count=2\n"    \
	"@page pfn=0x1d00 class=anon\n"
#define FRAMES (0x1f00 + 0x2200)
#define KEPT   (FRAMES - FREE - 1)
#define SECRET (0x9200ULL * 4096 + 100)

struct outcome {
	struct kd_dump_stats stats;
	struct kd_error err;
	int fds[PARTS];
	int result;
};

struct run {
	struct machine machine;
	struct kd_input *input;
	struct kd_dump_options options;
	struct kd_dump_request request;
	size_t n_sinks;
	bool stream;
	bool slow;
};

/* A filter that takes longer than the time there is. */
static void on_progress(void *context, const char *what, uint64_t done, uint64_t all)
{
	const struct run *run = context;

	if (run->slow && strncmp(what, "Excl", 4) == 0 && done == all)
		(void)usleep(1100 * 1000);
}

static void run_init(struct run *run)
{
	*run = (struct run) { .n_sinks = 1 };
	machine_init(&run->machine, CORE);
	if (kd_input_from_core(run->machine.core, &run->input, NULL) == 0)
		run->machine.core = NULL;
	kd_options_init(&run->options);
	run->options.levels[0] = 31;
	run->options.threads = 2;
	run->request = (struct kd_dump_request) {
		.input = run->input,
		.options = &run->options,
		.progress = on_progress,
		.context = run,
	};
}

static void run_done(struct run *run)
{
	kd_input_free(run->input);
	machine_done(&run->machine);
}

static void outcome_done(struct outcome *o)
{
	for (size_t i = 0; i < PARTS; i++)
		o->fds[i] = kd_close(o->fds[i]);
}

static int open_sink(const struct run *run, int fd, struct kd_sink **ret)
{
	return run->stream ? kd_sink_flat_new(fd, 65536, ret, NULL)
			   : kd_sink_file_new(fd, ret, NULL);
}

/* Dump into as many anonymous files as there are to be. */
static void write_dump(struct test *t, struct run *run, struct outcome *ret)
{
	struct kd_sink *sinks[PARTS] = { NULL };

	*ret = (struct outcome) { .fds = { -EBADF, -EBADF, -EBADF } };
	for (size_t i = 0; i < run->n_sinks; i++) {
		ret->fds[i] = memfd_create("dump", MFD_CLOEXEC);
		CHECK_INT(t, open_sink(run, dup(ret->fds[i]), &sinks[i]), 0);
	}
	run->request.sinks = sinks;
	run->request.n_sinks = run->n_sinks;
	ret->result = kd_dump_write(&run->request, &ret->stats, &ret->err);
	for (size_t i = 0; i < run->n_sinks; i++) {
		if (ret->result == 0)
			CHECK_INT(t, kd_sink_finish(sinks[i]), 0);
		kd_sink_free(sinks[i]);
	}
}

static int open_again(const struct outcome *o, size_t n, struct kd_input **ret)
{
	char paths[PARTS][32];
	const char *names[PARTS];

	for (size_t i = 0; i < n; i++) {
		(void)snprintf(paths[i], sizeof(paths[i]), "/proc/self/fd/%d", o->fds[i]);
		names[i] = paths[i];
	}
	return kd_input_open_set_at(AT_FDCWD, names, n, ret, NULL);
}

/* How many frames the dump has; those that differ from the machine's are a failure,
 * except the one that was erased from. */
static uint64_t compare(struct test *t, const struct run *run, const struct outcome *o,
			uint64_t want_differ)
{
	_cleanup_(kd_input_freep) struct kd_input *dump = NULL;
	const struct kd_memory *memory = run->input->memory;
	uint64_t n = 0, differ = 0;
	uint8_t want[4096], got[4096];

	CHECK_INT(t, open_again(o, run->n_sinks, &dump), 0);
	if (!dump)
		return 0;
	CHECK(t, !dump->incomplete);
	for (size_t i = 0; i < memory->n_extents; i++)
		for (kd_paddr_t at = memory->extents[i].start;
		     at < memory->extents[i].end; at += 4096) {
			if (kd_memory_read(dump->memory, at, got, sizeof(got)) < 0)
				continue;
			n++;
			differ += kd_memory_read(memory, at, want, sizeof(want)) < 0 ||
				  memcmp(got, want, sizeof(got)) != 0;
		}
	CHECK_INT(t, differ, want_differ);
	return n;
}

static void formats(struct test *t)
{
	static const struct {
		enum kd_dump_format format;
		bool stream;
		size_t parts;
		unsigned int threads;
		uint64_t bitmaps;
	} rows[] = {
		/* format, stream, files, threads, bytes of bitmap */
		{ KD_FORMAT_KDUMP, false, 1, 1, 0 },
		{ KD_FORMAT_KDUMP, false, 1, 4, 0 },
		{ KD_FORMAT_KDUMP, true, 1, 1, 0 },
		{ KD_FORMAT_KDUMP, true, 1, 4, 0 },
		{ KD_FORMAT_ELF, false, 1, 1, 0 },
		{ KD_FORMAT_ELF, false, 1, 4, 0 },
		{ KD_FORMAT_ELF, true, 1, 4, 0 },
		{ KD_FORMAT_KDUMP, false, 3, 1, 0 },
		{ KD_FORMAT_KDUMP, false, 3, 4, 0 },
		{ KD_FORMAT_KDUMP, false, 2, 1, 0 },
		{ KD_FORMAT_KDUMP, false, 1, 4, 64 },
		{ KD_FORMAT_KDUMP, true, 1, 4, 64 },
		{ KD_FORMAT_ELF, false, 1, 4, 64 },
		{ KD_FORMAT_KDUMP, false, 3, 4, 64 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_(outcome_done) struct outcome o;
		_cleanup_(run_done) struct run run;
		uint64_t n;

		run_init(&run);
		run.options.format = rows[i].format;
		run.options.flattened = run.stream = rows[i].stream;
		run.options.split = rows[i].parts > 1;
		run.options.split_block = 1 << 20;
		run.options.threads = rows[i].threads;
		run.options.bitmap_limit = rows[i].bitmaps;
		run.n_sinks = rows[i].parts;
		write_dump(t, &run, &o);
		CHECK_INT(t, o.result, 0);
		CHECK_INT(t, o.stats.pages_kept, KEPT);
		n = compare(t, &run, &o, 0);
		if (n != KEPT)
			test_failed(t, __FILE__, __LINE__, "row %zu has %llu pages", i,
				    (unsigned long long)n);
	}
}

/* 3000 times the same page. */
static void shared(struct test *t)
{
	_cleanup_(outcome_done) struct outcome o;
	_cleanup_(run_done) struct run run;

	run_init(&run);
	run.options.threads = 1;
	write_dump(t, &run, &o);
	CHECK_INT(t, o.result, 0);
	CHECK(t, o.stats.pages_shared >= 2999);
	CHECK(t, o.stats.bytes < 4000 * 4096);
}

/* What a limit leaves opens, and says that it is cut. */
static void check_cut(struct test *t, const struct run *run, const struct outcome *o,
		      int want, const char *says)
{
	_cleanup_(kd_input_freep) struct kd_input *dump = NULL;

	CHECK_INT(t, o->result, want);
	CHECK(t, strstr(o->err.message, says) != NULL);
	CHECK_INT(t, open_again(o, run->n_sinks, &dump), 0);
	CHECK(t, dump && dump->incomplete);
}

static void limits(struct test *t)
{
	_cleanup_(outcome_done) struct outcome size, late, late_elf;
	_cleanup_(run_done) struct run run;

	run_init(&run);
	run.options.size_limit = 3 << 20;
	write_dump(t, &run, &size);
	check_cut(t, &run, &size, -ENOSPC, "No space");
	CHECK(t, size.stats.bytes <= 3 << 20);

	run.options.size_limit = 0;
	run.options.time_budget = 1;
	run.slow = true;
	write_dump(t, &run, &late);
	check_cut(t, &run, &late, -ETIME, "no time left");
	run.options.format = KD_FORMAT_ELF;
	write_dump(t, &run, &late_elf);
	CHECK_INT(t, late_elf.result, -ETIME);
}

static void erased(struct test *t)
{
	_cleanup_(kd_erase_freep) struct kd_erase *erase = NULL;
	_cleanup_(kd_input_freep) struct kd_input *dump = NULL;
	_cleanup_(outcome_done) struct outcome o;
	_cleanup_(run_done) struct run run;
	char got[8];

	run_init(&run);
	CHECK_INT(t, kd_erase_new(4096, &erase), 0);
	CHECK_INT(t, kd_erase_add(erase, SECRET, sizeof(got), KD_ERASE_X), 0);
	CHECK_INT(t, kd_erase_tell(erase, "secret", sizeof(got), KD_ERASE_X), 0);
	kd_erase_seal(erase);
	run.request.erase = erase;
	write_dump(t, &run, &o);
	CHECK_INT(t, o.result, 0);
	/* its twins are not erased, and not mistaken for it */
	CHECK_INT(t, compare(t, &run, &o, 1), KEPT);
	CHECK_INT(t, open_again(&o, 1, &dump), 0);
	CHECK_INT(t, kd_memory_read(dump->memory, SECRET, got, sizeof(got)), 0);
	CHECK(t, memcmp(got, "XXXXXXXX", sizeof(got)) == 0);
}

/* A dump made again from a dump: what it lacked stays away, the rest is the same. */
static void refiltered(struct test *t)
{
	_cleanup_(outcome_done) struct outcome first, second;
	_cleanup_(kd_input_freep) struct kd_input *dump = NULL;
	_cleanup_(run_done) struct run run;

	run_init(&run);
	run.options.levels[0] = 16;
	write_dump(t, &run, &first);
	CHECK_INT(t, first.result, 0);
	CHECK_INT(t, open_again(&first, 1, &dump), 0);
	run.request.input = dump;
	run.options.levels[0] = 8;
	write_dump(t, &run, &second);
	CHECK_INT(t, second.result, 0);
	CHECK_INT(t, second.stats.pages_absent, FREE);
	CHECK_INT(t, compare(t, &run, &second, 0), KEPT);
}

static const struct test_case cases[] = {
	{ "formats, files, threads, bitmaps that do not fit", formats },
	{ "identical pages are stored once", shared },
	{ "limits of size and time", limits },
	{ "erased pages", erased },
	{ "a dump of a dump", refiltered },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}

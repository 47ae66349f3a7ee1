/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * makedumpfile/format against readers that are not ours: libkdumpfile reads back every
 * page we wrote, byte for byte, and tells left-out and lost ones apart; crash finds the
 * kernel's release.
 */
#include <fcntl.h>
#include <libkdumpfile/kdumpfile.h>

#include "tests/unit/memory-sink.h"
#include "tests/unit/sample-dump.h"
#include "tests/unit/test.h"

static void free_context(kdump_ctx_t **ctx)
{
	if (*ctx)
		kdump_free(*ctx);
}

/* What libkdumpfile is to say of each page. Lost pages are no missing data to it: it
 * takes a descriptor without payload for a broken one. */
static kdump_status expected(enum sample_page kind)
{
	switch (kind) {
	case SAMPLE_HOLE:
	case SAMPLE_EXCLUDED:
		return KDUMP_ERR_NODATA;
	case SAMPLE_UNREADABLE:
		return KDUMP_ERR_CORRUPT;
	default:
		return KDUMP_OK;
	}
}

static void check_pages(struct test *t, kdump_ctx_t *ctx, const struct sample *s)
{
	uint8_t got[4096], want[4096];

	for (kd_pfn_t pfn = 0; pfn < SAMPLE_FRAMES; pfn++) {
		size_t size = sizeof(got);
		kdump_status status;

		status = kdump_read(ctx, KDUMP_MACHPHYSADDR, pfn * 4096, got, &size);
		CHECK_INT(t, status, expected(sample_kind(pfn, s->whole)));
		if (status != KDUMP_OK) {
			kdump_clear_err(ctx);
			continue;
		}
		sample_fill(pfn, s->whole, want, sizeof(want));
		CHECK(t, memcmp(got, want, sizeof(got)) == 0);
	}
}

static void check_string(struct test *t, kdump_ctx_t *ctx, const char *key,
			 const char *want)
{
	const char *got = NULL;

	CHECK_INT(t, kdump_get_string_attr(ctx, key, &got), KDUMP_OK);
	CHECK_STR(t, got, want);
}

static void check_number(struct test *t, kdump_ctx_t *ctx, const char *key, uint64_t want)
{
	kdump_num_t got = 0;

	CHECK_INT(t, kdump_get_number_attr(ctx, key, &got), KDUMP_OK);
	CHECK_INT(t, got, want);
}

static void read_with_libkdumpfile(struct test *t, enum kd_codec_id codec, bool complete)
{
	_cleanup_(memory_sink_done) struct memory_sink m;
	_cleanup_(kd_closep) int fd = -EBADF;
	_cleanup_(free_context) kdump_ctx_t *ctx = kdump_new();
	struct sample s;

	memory_sink_init(&m);
	sample_init(&s);
	s.codec = codec;
	s.complete = complete;
	CHECK_INT(t, sample_write(&s, &m.sink, NULL), 0);
	fd = sample_file(m.data, m.size);
	if (kdump_open_fd(ctx, fd) != KDUMP_OK) {
		test_failed(t, __FILE__, __LINE__, "%s", kdump_get_err(ctx));
		return;
	}
	check_string(t, ctx, "file.format", "diskdump");
	check_string(t, ctx, "arch.name", "x86_64");
	check_string(t, ctx, "linux.uts.nodename", "host");
	check_string(t, ctx, "linux.uts.release", "6.1.0-sample");
	check_string(t, ctx, "linux.vmcoreinfo.lines.OSRELEASE", "6.1.0-sample");
	check_number(t, ctx, "arch.page_size", 4096);
	check_pages(t, ctx, &s);
}

static void every_codec(struct test *t)
{
	read_with_libkdumpfile(t, KD_CODEC_NONE, /* complete= */ true);
	read_with_libkdumpfile(t, KD_CODEC_ZLIB, /* complete= */ true);
	read_with_libkdumpfile(t, KD_CODEC_LZO, /* complete= */ true);
	read_with_libkdumpfile(t, KD_CODEC_ZSTD, /* complete= */ true);
}

static void incomplete(struct test *t)
{
	read_with_libkdumpfile(t, KD_CODEC_ZSTD, /* complete= */ false);
}

/* Where the names could not be read, only the machine is known, from the ELF header. */
static void names_unknown(struct test *t)
{
	_cleanup_(memory_sink_done) struct memory_sink m;
	_cleanup_(kd_closep) int fd = -EBADF;
	_cleanup_(free_context) kdump_ctx_t *ctx = kdump_new();
	struct sample s;

	memory_sink_init(&m);
	sample_init(&s);
	memset(s.info.utsname, 0, 4 * 65);
	memset(s.info.utsname + 5 * 65, 0, 65);
	CHECK_INT(t, sample_write(&s, &m.sink, NULL), 0);
	fd = sample_file(m.data, m.size);
	CHECK_INT(t, kdump_open_fd(ctx, fd), KDUMP_OK);
	check_string(t, ctx, "arch.name", "x86_64");
	check_pages(t, ctx, &s);
}

static void crash_opens(struct test *t)
{
	_cleanup_(memory_sink_done) struct memory_sink m;
	_cleanup_(kd_closep) int fd = -EBADF;
	char path[] = "/tmp/kdumpd-test-XXXXXX", command[128], line[128] = "";
	struct sample s;
	FILE *f;

	memory_sink_init(&m);
	sample_init(&s);
	CHECK_INT(t, sample_write(&s, &m.sink, NULL), 0);
	fd = mkstemp(path);
	CHECK_INT(t, kd_pwrite_full(fd, m.data, m.size, 0), 0);
	(void)snprintf(command, sizeof(command), "crash --osrelease %s 2>&1", path);
	f = popen(command, "re");
	CHECK(t, f && fgets(line, sizeof(line), f));
	CHECK_STR(t, line, "6.1.0-sample\n");
	CHECK(t, f && pclose(f) == 0);
	(void)unlink(path);
}

static const struct test_case cases[] = {
	{ "libkdumpfile reads every codec", every_codec },
	{ "libkdumpfile reads what says it is incomplete", incomplete },
	{ "libkdumpfile knows the machine without other names", names_unknown },
	{ "crash finds the release", crash_opens },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * report: what is told of a dump, as text and as JSON.
 */
#include "tests/unit/test.h"

#include <string.h>

#include "makedumpfile/program/report.h"

#define TEXT 4096

static const struct kd_dump_options options = {
	.n_files = 3,
	.files = { "vm\"core", "a", "b" },
	.input = "vm\"core",
	.codec = KD_CODEC_ZSTD,
};

/* 100 pages, 60 of them kept, 10 of these full of zeros, in two seconds. */
static struct kd_report sample(void)
{
	struct kd_report r = {
		.options = &options,
		.page_size = 4096,
		.stats = { .knowledge = KD_KNOW_VMCOREINFO,
			   .level = 31,
			   .threads = 2,
			   .max_pfn = 128,
			   .pages_total = 100,
			   .pages_kept = 60,
			   .pages_zero = 10,
			   .pages_shared = 5,
			   .bytes = 12345,
			   .check.rows[KD_VMSTAT_FREE] = { KD_SELFCHECK_MORE, 30, 7 },
			   .n_classes = 1,
			   .classes = { { "kernel", 70, 60 } } },
		.wall_ms = 2000,
		.cpu_ms = 3004,
		.peak_rss_kib = 16384,
	};

	(void)kd_strlist_add(&r.notes, "a class does not fit");
	return r;
}

static void has(struct test *t, const char *text, const char *part)
{
	if (!strstr(text, part))
		CHECK_STR(t, text, part);
}

static void as_text(struct test *t)
{
	static const char *const lines[] = {
		"Original pages  : 0x0000000000000064\n",
		"  Excluded pages   : 0x0000000000000032\n",
		"    Pages filled with zero  : 0x000000000000000a\n",
		"  Remaining pages  : 0x0000000000000032\n",
		"  (The number of pages is reduced to 50%.)\n",
		"Memory Hole     : 0x000000000000001c\n",
		"Total pages     : 0x0000000000000080\n",
		"Write bytes     : 12345\n",
		"Threads         : 2\n",
		"Time            : 2.000 s (CPU: 3.004 s)\n",
		"Self-check      : free: 30 found, 7 counted by the kernel\n",
		"Remark          : a class does not fit\n",
	};
	_cleanup_(kd_report_done) struct kd_report r = sample();
	char text[TEXT] = "";
	FILE *out = fmemopen(text, sizeof(text), "w");

	kd_report_print(&r, out);
	CHECK_INT(t, fclose(out), 0);
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++)
		has(t, text, lines[i]);
}

/* Without line breaks and what indents the next line. */
static void squeeze(const char *json, char ret[TEXT])
{
	size_t n = 0;

	for (; *json && n + 1 < TEXT; json++)
		if (*json == '\n')
			json += strspn(json + 1, " ");
		else
			ret[n++] = *json;
	ret[n] = '\0';
}

static void as_json(struct test *t)
{
	static const char *const members[] = {
		"\"schemaVersion\": 1",
		"\"state\": \"complete\"",
		"\"error\": null",
		"\"input\": \"vm\\\"core\"",
		"\"outputs\": [\"a\",\"b\"]",
		"\"codec\": \"zstd\"",
		"\"dumpLevel\": 31",
		"\"layout\": \"vmcoreinfo\"",
		"\"bytesPerSecond\": 122880",
		"\"name\": \"kernel\",\"seen\": 70,\"kept\": 60",
		"\"selfCheck\": [{\"name\": \"free\",\"result\": \"more\"",
		"\"found\": 30,\"counted\": 7}]",
		"\"notes\": [\"a class does not fit\"]",
	};
	_cleanup_(kd_report_done) struct kd_report r = sample();
	_cleanup_(kd_strbuf_done) struct kd_strbuf out;
	char text[TEXT];

	kd_strbuf_init(&out, TEXT);
	kd_report_json(&r, &out);
	CHECK_INT(t, out.status, 0);
	squeeze(kd_strbuf_text(&out), text);
	for (size_t i = 0; i < ARRAY_SIZE(members); i++)
		has(t, text, members[i]);
	CHECK_INT(t, kd_strbuf_text(&out)[out.length - 1], '\n');
}

static void states(struct test *t)
{
	static const struct {
		int result;
		bool written, dry_run;
		const char *state;
	} rows[] = {
		{ 0, true, false, "\"state\": \"complete\",\"error\": null" },
		{ 0, false, true, "\"state\": \"dry-run\",\"error\": null" },
		{ -ENOSPC, true, false, "\"state\": \"incomplete\",\"error\": \"why\"" },
		{ -EIO, false, false, "\"state\": \"failed\",\"error\": \"why\"" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_(kd_report_done) struct kd_report r = sample();
		_cleanup_(kd_strbuf_done) struct kd_strbuf out;
		struct kd_dump_options o = options;
		char text[TEXT];

		o.dry_run = rows[i].dry_run;
		r.options = &o;
		r.result = rows[i].result;
		r.written = rows[i].written;
		r.error = "why";
		kd_strbuf_init(&out, TEXT);
		kd_report_json(&r, &out);
		squeeze(kd_strbuf_text(&out), text);
		has(t, text, rows[i].state);
	}
}

/* What was never begun has no time and no pages to divide by. */
static void nothing(struct test *t)
{
	struct kd_report r = { .options = &options };
	char text[TEXT] = "";
	FILE *out = fmemopen(text, sizeof(text), "w");

	CHECK_INT(t, kd_report_speed(&r), 0);
	kd_report_print(&r, out);
	CHECK_INT(t, fclose(out), 0);
	has(t, text, "Original pages  : 0x0000000000000000\n");
	CHECK(t, !strstr(text, "reduced"));
}

static const struct test_case cases[] = {
	{ "as text", as_text },
	{ "as JSON", as_json },
	{ "what became of it", states },
	{ "of nothing", nothing },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}

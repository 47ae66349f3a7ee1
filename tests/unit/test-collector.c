/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * collector: core_collector lines of kdump.conf.
 */
#include "tests/unit/test.h"

#include "makedumpfile/options.h"

static void collector(struct test *t)
{
	static const struct {
		const char *line;
		enum kd_codec_id codec;
		unsigned int level;
	} rows[] = {
		{ "makedumpfile -z --message-level 7 -d 31", KD_CODEC_ZSTD, 31 },
		{ "makedumpfile", KD_CODEC_ZSTD, 0 },
		{ "  /usr/sbin/makedumpfile\t-c  -d 17 ", KD_CODEC_ZLIB, 17 },
		{ "makedumpfile -d '31'", KD_CODEC_ZSTD, 31 },
		{ "makedumpfile \"-d\" 3\"1\"", KD_CODEC_ZSTD, 31 },
		{ "makedumpfile -d 3\\1", KD_CODEC_ZSTD, 31 },
		{ "makedumpfile -F -c -d 31", KD_CODEC_ZLIB, 31 },
		{ "makedumpfile -c --num-threads 4 -d 31", KD_CODEC_ZLIB, 31 },
		{ "makedumpfile --threads auto -L 2G -b 8 -d 31 -e", KD_CODEC_ZSTD, 31 },
		{ "makedumpfile --work-dir /tmp --cyclic-buffer 512", KD_CODEC_ZSTD, 0 },
		{ "makedumpfile --exclude zram --time-budget 300 --level 3 --show-stats",
		  KD_CODEC_ZSTD, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct kd_dump_options o;
		struct kd_error err = { 0 };

		CHECK_INT(t, kd_options_parse_collector(rows[i].line, &o, &err), 0);
		CHECK_STR(t, err.message, "");
		CHECK_INT(t, o.codec, rows[i].codec);
		CHECK_INT(t, o.levels[0], rows[i].level);
		/* a file is written, and nothing is borrowed from the line */
		CHECK(t, !o.flattened && !o.input && !o.output && !o.n_files);
		CHECK(t, !o.work_dir && !o.vmlinux && !o.vmcoreinfo && !o.erase_config);
	}
}

static void collector_refused(struct test *t)
{
	static const struct {
		const char *line;
		int r;
		const char *says;
	} rows[] = {
		{ "makedumpfile -d '31", -EINVAL, "a quote is not closed" },
		{ "makedumpfile -d \"31\\\"\"", -EINVAL, "-d 31\": dump levels" },
		{ "makedumpfile -d 31 vmcore", -EINVAL,
		  "\"vmcore\": files are not named" },
		{ "makedumpfile --dump-dmesg", -EINVAL, "--dump-dmesg: no dump" },
		{ "makedumpfile --dry-run", -EINVAL, "--dry-run: no dump is written" },
		{ "makedumpfile --check-params", -EINVAL, "--check-params: no dump" },
		{ "makedumpfile -h", -EINVAL, "-h: no dump is written with it" },
		{ "makedumpfile -R", -EINVAL, "-R: no dump is written with it" },
		{ "makedumpfile --verify", -EINVAL, "--verify: no dump is written" },
		{ "makedumpfile --vtop 1", -EINVAL, "--vtop: no dump is written" },
		{ "makedumpfile --split", -EINVAL, "--split: the target is one file" },
		{ "makedumpfile -E -d 31", -EINVAL, "-E: what was written is read back" },
		{ "makedumpfile -x vmlinux", -EINVAL, "-x: not after the crash" },
		{ "makedumpfile -i info", -EINVAL, "-i: not after the crash" },
		{ "makedumpfile --config c", -EINVAL, "--config: not after the crash" },
		{ "makedumpfile --eppic c", -EINVAL, "--eppic: programs inside" },
		{ "makedumpfile -c --level 77", -EINVAL, "--level 77: zlib has" },
		{ "", -EINVAL, "no command" },
		{ "   ", -EINVAL, "no command" },
		{ "cp --sparse=always", -ENOTSUP, "is not makedumpfile" },
		{ "scp", -ENOTSUP, "is not makedumpfile" },
		{ "/bin/makedumpfile.sh", -ENOTSUP, "is not makedumpfile" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct kd_dump_options o = { .n_levels = 77 };
		struct kd_error err = { 0 };

		CHECK_INT(t, kd_options_parse_collector(rows[i].line, &o, &err),
			  rows[i].r);
		CHECK(t, strncmp(err.message, "core_collector: ", 16) == 0);
		if (!strstr(err.message, rows[i].says))
			CHECK_STR(t, err.message, rows[i].says);
		CHECK_INT(t, o.n_levels, 77);
	}
}

static void many_words(struct test *t)
{
	struct kd_dump_options o;
	char line[1024] = "makedumpfile";

	for (int i = 0; i < 200; i++)
		strcat(line, " -c");
	CHECK_INT(t, kd_options_parse_collector(line, &o, NULL), -EINVAL);
}

static const struct test_case cases[] = {
	{ "lines that dump", collector },
	{ "what it may not have", collector_refused },
	{ "a line of many words", many_words },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * options: makedumpfile's command lines, and core_collector lines.
 */
#include "tests/unit/test.h"

#include "makedumpfile/format/kdump-writer.h"
#include "makedumpfile/options.h"

#define WORDS 16

/* Split at blanks and parse; *ret borrows from @line. */
static int parse(char *line, struct kd_dump_options *ret, struct kd_error *err)
{
	char *argv[WORDS] = { 0 }, *save = NULL, *word;
	int argc = 0;

	for (word = strtok_r(line, " ", &save); word && argc < WORDS;
	     word = strtok_r(NULL, " ", &save))
		argv[argc++] = word;
	return kd_options_parse(argc, argv, ret, err);
}

static void accepted(struct test *t)
{
	static const struct {
		const char *line;
		enum kd_codec_id codec;
		size_t n_levels;
		unsigned int first, last, messages;
	} rows[] = {
		{ "m in out", KD_CODEC_ZSTD, 1, 0, 0, 7 },
		{ "m -c -d 31 in out", KD_CODEC_ZLIB, 1, 31, 31, 7 },
		{ "m -zd31 in out", KD_CODEC_ZSTD, 1, 31, 31, 7 },
		{ "m in -d 11,31 out", KD_CODEC_ZSTD, 2, 11, 31, 7 },
		{ "m -d 1,2,3,4,5,6,7,8 in out", KD_CODEC_ZSTD, 8, 1, 8, 7 },
		{ "m -l -c in out", KD_CODEC_ZLIB, 1, 0, 0, 7 },
		{ "m --message-level 1 in out", KD_CODEC_ZSTD, 1, 0, 0, 1 },
		{ "m --message-level=31 in out", KD_CODEC_ZSTD, 1, 0, 0, 31 },
		{ "m --mess=4 in out", KD_CODEC_ZSTD, 1, 0, 0, 4 },
		{ "m --show-stats --message-level 0 in out", KD_CODEC_ZSTD, 1, 0, 0, 16 },
		{ "m -D in out", KD_CODEC_ZSTD, 1, 0, 0, 15 },
		{ "m -d 31 -- in out", KD_CODEC_ZSTD, 1, 31, 31, 7 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct kd_dump_options o;
		struct kd_error err = { 0 };
		char line[128];

		(void)snprintf(line, sizeof(line), "%s", rows[i].line);
		CHECK_INT(t, parse(line, &o, &err), 0);
		CHECK_STR(t, err.message, "");
		CHECK_INT(t, o.mode, KD_MODE_DUMP);
		CHECK_INT(t, o.codec, rows[i].codec);
		CHECK_INT(t, o.codec_level, KD_CODEC_LEVEL_DEFAULT);
		CHECK_INT(t, o.n_levels, rows[i].n_levels);
		CHECK_INT(t, o.levels[0], rows[i].first);
		CHECK_INT(t, o.levels[o.n_levels - 1], rows[i].last);
		CHECK_INT(t, o.message_level, rows[i].messages);
		CHECK_STR(t, o.input, "in");
		CHECK_STR(t, o.output, "out");
	}
}

static void modes_and_flags(struct test *t)
{
	struct kd_dump_options o;
	char dmesg[] = "m --dump-dmesg -f in log", help[] = "m -h", version[] = "m -v x",
	     dry[] = "m --dry-run --non-mmap in", check[] = "m --check-params -d 31";

	CHECK_INT(t, parse(dmesg, &o, NULL), 0);
	CHECK_INT(t, o.mode, KD_MODE_DMESG);
	CHECK(t, o.force && !o.dry_run);
	CHECK_INT(t, parse(help, &o, NULL), 0);
	CHECK_INT(t, o.mode, KD_MODE_HELP);
	CHECK_INT(t, parse(version, &o, NULL), 0);
	CHECK_INT(t, o.mode, KD_MODE_VERSION);
	CHECK_INT(t, parse(dry, &o, NULL), 0);
	CHECK(t, o.dry_run && o.non_mmap && !o.force && !o.output);
	CHECK_INT(t, parse(check, &o, NULL), 0);
	CHECK(t, o.check_params && !o.input);
}

static void refused(struct test *t)
{
	static const struct {
		const char *line, *says;
	} rows[] = {
		{ "m", "the vmcore to read is missing; see --help" },
		{ "m in", "the file to write is missing; see --help" },
		{ "m in out more", "one file too many: more" },
		{ "m -q in out", "unknown option -q" },
		{ "m --nope in out", "unknown option --nope" },
		{ "m --=3 in out", "unknown option --" },
		{ "m in out -d", "-d needs a value" },
		{ "m -d 32 in out", "-d 32: dump levels are numbers from 0 to 31" },
		{ "m -d -1 in out", "-d -1: dump levels are numbers from 0 to 31" },
		{ "m -d 31, in out", "-d 31,: dump levels are numbers from 0 to 31" },
		{ "m -d 0000031 in out",
		  "-d 0000031: dump levels are numbers from 0 to 31" },
		{ "m -d 1,2,3,4,5,6,7,8,9 in out",
		  "-d 1,2,3,4,5,6,7,8,9: more than 8 dump levels" },
		{ "m --message-level 32 in out",
		  "--message-level 32: not a number from 0 to 31" },
		{ "m --message-level", "--message-level needs a value" },
		{ "m --dump-dmesg=1 in out", "--dump-dmesg takes no value" },
		{ "m --d in out", "--d could be --diskset or --dump-dmesg" },
		{ "m --dry-run --dump-dmesg in out",
		  "--dry-run and --dump-dmesg exclude each other" },
		{ "m -p in out", "-p: this build does not have that codec" },
		{ "m --num-threads 4 in out", "--num-threads is not supported yet" },
		{ "m --split in out", "--split is not supported yet" },
		{ "m -cE in out", "-E is not supported yet" },
		{ "m -x vmlinux in out", "-x is not supported yet" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct kd_dump_options o = { .n_levels = 77 };
		struct kd_error err = { 0 };
		char line[128];

		(void)snprintf(line, sizeof(line), "%s", rows[i].line);
		CHECK_INT(t, parse(line, &o, &err), -EINVAL);
		CHECK_STR(t, err.message, rows[i].says);
		CHECK_INT(t, o.n_levels, 77);
	}
}

/* Each option of the original's getopt table: known, one way or the other. */
static void every_option_is_known(struct test *t)
{
	static const char letters[] = "bcDdeEFfghilLpRvXxz";
	static const char *const names[] = {
		"split",	  "reassemble",	     "xen-syms",   "xen-vmcoreinfo",
		"xen_phys_start", "message-level",   "vtop",	   "dump-dmesg",
		"partial-dmesg",  "config",	     "help",	   "diskset",
		"cyclic-buffer",  "eppic",	     "extension",  "non-mmap",
		"mem-usage",	  "splitblock-size", "work-dir",   "num-threads",
		"check-params",	  "dry-run",	     "show-stats",
	};
	struct kd_dump_options o;
	char line[64];

	for (size_t i = 0; i < sizeof(letters) - 1; i++) {
		struct kd_error err = { 0 };

		(void)snprintf(line, sizeof(line), "m -%c 1 in out", letters[i]);
		(void)parse(line, &o, &err);
		CHECK(t, !strstr(err.message, "unknown"));
	}
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		struct kd_error err = { 0 };

		(void)snprintf(line, sizeof(line), "m --%s 1 in out", names[i]);
		(void)parse(line, &o, &err);
		CHECK(t, !strstr(err.message, "unknown"));
	}
}

static void collector(struct test *t)
{
	static const struct {
		const char *line;
		int r;
		enum kd_codec_id codec;
		unsigned int level;
	} rows[] = {
		{ "makedumpfile -l --message-level 7 -d 31", 0, KD_CODEC_LZO, 31 },
		{ "makedumpfile", 0, KD_CODEC_ZSTD, 0 },
		{ "  /usr/sbin/makedumpfile\t-c  -d 17 ", 0, KD_CODEC_ZLIB, 17 },
		{ "makedumpfile -d '31'", 0, KD_CODEC_ZSTD, 31 },
		{ "makedumpfile \"-d\" 3\"1\"", 0, KD_CODEC_ZSTD, 31 },
		{ "makedumpfile -d 3\\1", 0, KD_CODEC_ZSTD, 31 },
		{ "makedumpfile -d '31", -EINVAL, 0, 0 },
		{ "makedumpfile -F -l -d 31", -EINVAL, 0, 0 },
		{ "makedumpfile -d 31 vmcore", -EINVAL, 0, 0 },
		{ "makedumpfile --dump-dmesg", -EINVAL, 0, 0 },
		{ "makedumpfile --dry-run", -EINVAL, 0, 0 },
		{ "makedumpfile -h", -EINVAL, 0, 0 },
		{ "makedumpfile -d \"31\\\"\"", -EINVAL, 0, 0 },
		{ "", -EINVAL, 0, 0 },
		{ "   ", -EINVAL, 0, 0 },
		{ "cp --sparse=always", -ENOTSUP, 0, 0 },
		{ "scp", -ENOTSUP, 0, 0 },
		{ "/bin/makedumpfile.sh", -ENOTSUP, 0, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct kd_dump_options o = { .n_levels = 77 };
		struct kd_error err = { 0 };

		CHECK_INT(t, kd_options_parse_collector(rows[i].line, &o, &err),
			  rows[i].r);
		if (rows[i].r < 0) {
			CHECK(t, strncmp(err.message, "core_collector", 14) == 0);
			CHECK_INT(t, o.n_levels, 77);
			continue;
		}
		CHECK_INT(t, o.codec, rows[i].codec);
		CHECK_INT(t, o.levels[0], rows[i].level);
		CHECK(t, !o.input && !o.output);
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
	{ "command lines that dump", accepted },
	{ "modes and flags", modes_and_flags },
	{ "what is wrong is told in one line", refused },
	{ "every option of makedumpfile is known", every_option_is_known },
	{ "core_collector", collector },
	{ "a line of many words", many_words },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}

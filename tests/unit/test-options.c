/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * options: makedumpfile's command lines.
 */
#include "tests/unit/test.h"

#include "makedumpfile/format/kdump-writer.h"
#include "makedumpfile/options.h"

#define WORDS 80
#define LINE  256

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
		{ "m -d 31, in out", KD_CODEC_ZSTD, 1, 31, 31, 7 },
		{ "m -d 11,,31 in out", KD_CODEC_ZSTD, 2, 11, 31, 7 },
		{ "m -d 031 in out", KD_CODEC_ZSTD, 1, 31, 31, 7 },
		{ "m -zd31 in out", KD_CODEC_ZSTD, 1, 31, 31, 7 },
		{ "m --uncompressed -d31 in out", KD_CODEC_NONE, 1, 31, 31, 7 },
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

/* What every command line of the original that asks for something we do becomes. */
static void forms(struct test *t)
{
	static const struct {
		const char *line;
		enum kd_dump_mode mode;
		size_t n_files;
		const char *input, *output;
	} rows[] = {
		{ "m in out", KD_MODE_DUMP, 2, "in", "out" },
		{ "m -- - -x", KD_MODE_DUMP, 2, "-", "-x" },
		{ "m -F in", KD_MODE_DUMP, 1, "in", NULL },
		{ "m -F -E -d 31 in", KD_MODE_DUMP, 1, "in", NULL },
		{ "m --split in a b", KD_MODE_DUMP, 3, "in", "a" },
		{ "m in a --split b c d", KD_MODE_DUMP, 5, "in", "a" },
		{ "m --dry-run in", KD_MODE_DUMP, 1, "in", NULL },
		{ "m --dry-run in out", KD_MODE_DUMP, 2, "in", "out" },
		{ "m --dry-run --split in", KD_MODE_DUMP, 1, "in", NULL },
		{ "m --dry-run -F in", KD_MODE_DUMP, 1, "in", NULL },
		{ "m --dump-dmesg -f in log", KD_MODE_DMESG, 2, "in", "log" },
		{ "m --dump-dmesg --partial-dmesg in log", KD_MODE_DMESG, 2, "in",
		  "log" },
		{ "m --dump-dmesg -x v in log", KD_MODE_DMESG, 2, "in", "log" },
		{ "m -R out", KD_MODE_REARRANGE, 1, NULL, "out" },
		{ "m -f -R out", KD_MODE_REARRANGE, 1, NULL, "out" },
		{ "m --reassemble a b out", KD_MODE_REASSEMBLE, 3, "a", "out" },
		{ "m --reassemble a out", KD_MODE_REASSEMBLE, 2, "a", "out" },
		{ "m -g info -x vmlinux", KD_MODE_GENERATE, 0, NULL, "info" },
		{ "m --mem-usage /proc/kcore", KD_MODE_MEM_USAGE, 1, "/proc/kcore",
		  NULL },
		{ "m --vtop 0xffffffff81000000 in", KD_MODE_VTOP, 1, "in", NULL },
		{ "m --vtop ffffffff81000000 in out", KD_MODE_VTOP, 2, "in", "out" },
		{ "m --info in", KD_MODE_INFO, 1, "in", NULL },
		{ "m --verify in", KD_MODE_VERIFY, 1, "in", NULL },
		{ "m --verify a b c", KD_MODE_VERIFY, 3, "a", NULL },
		{ "m --salvage in out", KD_MODE_SALVAGE, 2, "in", "out" },
		{ "m --diff a b", KD_MODE_DIFF, 2, "a", NULL },
		{ "m -h", KD_MODE_HELP, 0, NULL, NULL },
		{ "m --help -R -E -c", KD_MODE_HELP, 0, NULL, NULL },
		{ "m -v x", KD_MODE_VERSION, 1, NULL, NULL },
		{ "m -v -h", KD_MODE_HELP, 0, NULL, NULL },
		{ "m -h -v", KD_MODE_HELP, 0, NULL, NULL },
		{ "m -v --dump-dmesg", KD_MODE_VERSION, 0, NULL, NULL },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct kd_dump_options o;
		struct kd_error err = { 0 };
		char line[128];

		(void)snprintf(line, sizeof(line), "%s", rows[i].line);
		CHECK_INT(t, parse(line, &o, &err), 0);
		CHECK_STR(t, err.message, "");
		CHECK_INT(t, o.mode, rows[i].mode);
		CHECK_INT(t, o.n_files, rows[i].n_files);
		CHECK_STR(t, o.input ? o.input : "", rows[i].input ? rows[i].input : "");
		CHECK_STR(t, o.output ? o.output : "",
			  rows[i].output ? rows[i].output : "");
	}
}

/* @line: what *ret borrows from afterwards */
static void parse_text(struct test *t, const char *text, char line[LINE],
		       struct kd_dump_options *ret)
{
	struct kd_error err = { 0 };

	(void)snprintf(line, LINE, "%s", text);
	CHECK_INT(t, parse(line, ret, &err), 0);
	CHECK_STR(t, err.message, "");
}

static void values(struct test *t)
{
	struct kd_dump_options o;
	char text[LINE];

	parse_text(t, "m -E -f --non-mmap -e in out", text, &o);
	CHECK_INT(t, o.format, KD_FORMAT_ELF);
	CHECK(t, o.force && o.non_mmap && o.exclude_vmemmap && !o.dry_run && !o.json);
	parse_text(t, "m -L 12k in out", text, &o);
	CHECK_INT(t, o.size_limit, 12 << 10);
	parse_text(t, "m -L 0x10 --memory 24M in out", text, &o);
	CHECK_INT(t, o.size_limit, 16);
	CHECK_INT(t, o.memory_limit, 24 << 20);
	parse_text(t, "m --cyclic-buffer 1024 --split --splitblock-size 2048 in a b",
		   text, &o);
	CHECK_INT(t, o.bitmap_limit, 1 << 20);
	CHECK_INT(t, o.split_block, 2 << 20);
	CHECK(t, o.split && !o.threads);
	CHECK_STR(t, o.files[2], "b");
	parse_text(t, "m in out", text, &o);
	CHECK_INT(t, o.split_block, 0);
	parse_text(t, "m -b 4 --work-dir /tmp -x v --config c in out", text, &o);
	CHECK_STR(t, o.work_dir, "/tmp");
	CHECK_STR(t, o.vmlinux, "v");
	CHECK_STR(t, o.erase_config, "c");
	parse_text(t, "m --config c in out", text, &o);
	CHECK_STR(t, o.erase_config, "c");
	parse_text(t, "m -i info in out", text, &o);
	CHECK_STR(t, o.vmcoreinfo, "info");
}

static void numbers(struct test *t)
{
	static const struct {
		const char *words;
		unsigned int threads;
	} threads[] = {
		{ "--num-threads 4", 4 },
		{ "--num-threads 0", 1 },
		{ "--threads auto", 0 },
		{ "--threads 3", 3 },
		{ "--num-threads 4 --threads auto", 0 },
		{ "-E --num-threads 2", 2 },
	};
	static const struct {
		const char *text;
		uint64_t address;
	} vtops[] = {
		{ "0xffffffff81000000", 0xffffffff81000000 },
		{ "ffffffff81000000", 0xffffffff81000000 },
		{ "4096", 4096 },
		{ "0x1000", 4096 },
	};
	struct kd_dump_options o;
	char line[LINE], text[LINE];

	for (size_t i = 0; i < ARRAY_SIZE(threads); i++) {
		(void)snprintf(line, sizeof(line), "m %s in out", threads[i].words);
		parse_text(t, line, text, &o);
		CHECK_INT(t, o.threads, threads[i].threads);
	}
	parse_text(t, "m --split --num-threads 2 in a b", text, &o);
	CHECK_INT(t, o.threads, 2);
	parse_text(t, "m -F --num-threads 2 in", text, &o);
	CHECK_INT(t, o.threads, 2);
	for (size_t i = 0; i < ARRAY_SIZE(vtops); i++) {
		(void)snprintf(line, sizeof(line), "m --vtop %s in", vtops[i].text);
		parse_text(t, line, text, &o);
		CHECK_INT(t, o.vtop, vtops[i].address);
	}
	parse_text(t, "m -c --level 9 --time-budget 60 --exclude gpu,zram in out", text,
		   &o);
	CHECK_INT(t, o.codec_level, 9);
	CHECK_INT(t, o.time_budget, 60);
	CHECK_INT(t, o.exclude, KD_EXCLUDE_ZRAM | KD_EXCLUDE_GPU);
	parse_text(t, "m --exclude guest --exclude gpu --json in out", text, &o);
	CHECK_INT(t, o.exclude, KD_EXCLUDE_GUEST | KD_EXCLUDE_GPU);
	CHECK(t, o.json);
	/* only what is wrong with the line is told, whatever it asks for */
	parse_text(t, "m --message-level 0 -D --check-params in out", text, &o);
	CHECK_INT(t, o.message_level, KD_MESSAGE_DEFAULT);
	CHECK(t, o.check_params);
}

/* Abbreviations that the original takes are not made ambiguous by options of ours. */
static void short_forms(struct test *t)
{
	struct kd_dump_options o;
	char text[LINE];

	parse_text(t, "m --mem /proc/kcore", text, &o);
	CHECK_INT(t, o.mode, KD_MODE_MEM_USAGE);
	parse_text(t, "m --v 4096 in", text, &o);
	CHECK_INT(t, o.mode, KD_MODE_VTOP);
	parse_text(t, "m --memo 8M in out", text, &o);
	CHECK_INT(t, o.memory_limit, 8 << 20);
	parse_text(t, "m --splitb 8 --rea a out", text, &o);
	CHECK_INT(t, o.split_block, 8 << 10);
	CHECK_INT(t, o.mode, KD_MODE_REASSEMBLE);
}

/** @says: the whole of what is said */
struct refusal {
	const char *line, *says;
};

static void refuse_all(struct test *t, const struct refusal *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct kd_dump_options o = { .n_levels = 77 };
		struct kd_error err = { 0 };
		char line[LINE];

		(void)snprintf(line, sizeof(line), "%s", rows[i].line);
		CHECK_INT(t, parse(line, &o, &err), -EINVAL);
		CHECK_STR(t, err.message, rows[i].says);
		CHECK_INT(t, o.n_levels, 77);
	}
}

static void refused(struct test *t)
{
	static const struct refusal rows[] = {
		{ "m", "the vmcore to read is missing; see --help" },
		{ "m in", "the file to write is missing; see --help" },
		{ "m in out more", "one file too many: more" },
		{ "m -F in out", "one file too many: out" },
		{ "m --split in a", "the second file to write is missing; see --help" },
		{ "m -R", "the file to write is missing; see --help" },
		{ "m -R a b", "one file too many: b" },
		{ "m --reassemble", "the first part is missing; see --help" },
		{ "m --reassemble a", "the file to write is missing; see --help" },
		{ "m --dump-dmesg in", "the file to write is missing; see --help" },
		{ "m --mem-usage",
		  "the core to read (/proc/kcore) is missing; see --help" },
		{ "m -g info -x v in", "one file too many: in" },
		{ "m --salvage in", "the file to write is missing; see --help" },
		{ "m --diff a", "the dump to compare with is missing; see --help" },
		{ "m --check-params -d 31", "the vmcore to read is missing; see --help" },
		{ "m -q in out", "unknown option -q" },
		{ "m --nope in out", "unknown option --nope" },
		{ "m --=3 in out", "unknown option --" },
		{ "m in out -d", "-d needs a value" },
		{ "m -d 32 in out", "-d 32: dump levels are numbers from 0 to 31" },
		{ "m -d -1 in out", "-d -1: dump levels are numbers from 0 to 31" },
		{ "m -d 3a in out", "-d 3a: dump levels are numbers from 0 to 31" },
		{ "m -d , in out", "-d ,: no dump level" },
		{ "m -d 00000000000000031 in out",
		  "-d 00000000000000031: dump levels are numbers from 0 to 31" },
		{ "m --message-level 32 in out",
		  "--message-level 32: not a number from 0 to 31" },
		{ "m --message-level", "--message-level needs a value" },
		{ "m --dump-dmesg=1 in out", "--dump-dmesg takes no value" },
		{ "m --d in out", "--d could be --dump-dmesg or --diskset" },
		{ "m -L 0 in out", "-L 0: not a size (bytes, or with K, M, G or T)" },
		{ "m -L 12Q in out", "-L 12Q: not a size (bytes, or with K, M, G or T)" },
		{ "m -b x in out", "-b x: not a number from 0 to 31" },
		{ "m --num-threads -3 in out",
		  "--num-threads -3: not a number from 0 to 4096" },
		{ "m --threads 0 in out", "--threads 0: not a number from 1 to 4096" },
		{ "m --cyclic-buffer 0 in out",
		  "--cyclic-buffer 0: not a number from 1 to 4294967295" },
		{ "m --time-budget 0 in out",
		  "--time-budget 0: not a number from 1 to 604800" },
		{ "m --exclude zram, in out",
		  "--exclude zram,: a list of zram, guest and gpu" },
		{ "m --exclude zra in out",
		  "--exclude zra: a list of zram, guest and gpu" },
		{ "m --exclude= in out", "--exclude : a list of zram, guest and gpu" },
		{ "m --config= in out", "--config: the value is empty" },
		{ "m --vtop 0xg in", "--vtop 0xg: not an address" },
		{ "m -c --level 10 in out", "--level 10: zlib has levels from 1 to 9" },
		{ "m --level 10 -c in out", "--level 10: zlib has levels from 1 to 9" },
		{ "m --level x in out", "--level x: not a number" },
	};

	refuse_all(t, rows, ARRAY_SIZE(rows));
}

static void excluded(struct test *t)
{
	static const struct refusal rows[] = {
		{ "m -E -c in out",
		  "-E and -c exclude each other: an ELF core has no compressed pages" },
		{ "m -zE in out",
		  "-E and -z exclude each other: an ELF core has no compressed pages" },
		{ "m -E --split in a b",
		  "-E and --split exclude each other: an ELF core is one file" },
		{ "m -F --split in a b",
		  "-F and --split exclude each other: a stream is one file" },
		{ "m -x v -i info in out",
		  "-x and -i exclude each other: one source of types at a time" },
		{ "m -R --reassemble a b",
		  "-R and --reassemble exclude each other: one mode at a time" },
		{ "m --info --verify a",
		  "--info and --verify exclude each other: one mode at a time" },
		{ "m --dry-run --dump-dmesg in out",
		  "--dump-dmesg and --dry-run exclude each other" },
		{ "m -F --dump-dmesg in", "--dump-dmesg and -F exclude each other" },
		{ "m --dry-run --reassemble a b",
		  "--reassemble and --dry-run exclude each other" },
		{ "m --split --reassemble a b c",
		  "--reassemble and --split exclude each other" },
		{ "m -R -d 31 out", "-R and -d exclude each other" },
		{ "m -R -x v out", "-R and -x exclude each other" },
		{ "m -c -R out", "-R and -c exclude each other" },
		{ "m -F -R out", "-R and -F exclude each other" },
		{ "m -g info -x v --dry-run", "-g and --dry-run exclude each other" },
		{ "m -g info -x v -d 31", "-g and -d exclude each other" },
		{ "m -g info", "-g needs -x" },
		{ "m --vtop 1 -F in", "--vtop and -F exclude each other" },
		{ "m --vtop 1 --json in out", "--vtop and --json exclude each other" },
		{ "m --partial-dmesg in out", "--partial-dmesg needs --dump-dmesg" },
	};

	refuse_all(t, rows, ARRAY_SIZE(rows));
}

/* What is for other systems, each by its name and with what to do. */
static void elsewhere(struct test *t)
{
	static const char xen[] =
		"Xen dumps are not supported; use the makedumpfile of your distribution";
	static const struct {
		const char *words, *name, *why;
	} rows[] = {
		{ "-X", "-X", xen },
		{ "--xen-syms a", "--xen-syms", xen },
		{ "--xen-vmcoreinfo=a", "--xen-vmcoreinfo", xen },
		{ "--xen_phys_start 0", "--xen_phys_start", xen },
		{ "--diskset=a", "--diskset",
		  "sadump images are not supported; convert them with makedumpfile first" },
		{ "--eppic a", "--eppic",
		  "programs inside of the filter are not supported; erase by type with "
		  "--config" },
		{ "--ext a.so", "--extension",
		  "programs inside of the filter are not supported; --exclude and "
		  "--config do what is built in" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char line[LINE], says[2 * LINE];
		const struct refusal row = { line, says };

		(void)snprintf(line, sizeof(line), "m %s in out", rows[i].words);
		(void)snprintf(says, sizeof(says), "%s: %s", rows[i].name, rows[i].why);
		refuse_all(t, &row, 1);
	}
}

/* A codec the build has or has not: either is said. */
static void codecs(struct test *t)
{
	static const struct {
		const char *line;
		enum kd_codec_id id;
	} rows[] = {
		{ "m -c in out", KD_CODEC_ZLIB },
		{ "m -l in out", KD_CODEC_LZO },
		{ "m -p in out", KD_CODEC_SNAPPY },
		{ "m -z in out", KD_CODEC_ZSTD },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct kd_dump_options o = { .codec = KD_CODEC_NONE };
		struct kd_error err = { 0 };
		bool there = kd_codec_find(rows[i].id) != NULL;
		char line[LINE];

		(void)snprintf(line, sizeof(line), "%s", rows[i].line);
		CHECK_INT(t, parse(line, &o, &err), there ? 0 : -EINVAL);
		CHECK_INT(t, o.codec, there ? rows[i].id : KD_CODEC_NONE);
		CHECK_INT(t, strstr(err.message, "does not have that codec") != NULL,
			  !there);
	}
}

static void too_many(struct test *t)
{
	struct kd_dump_options o;
	struct kd_error err = { 0 };
	char name[] = "m", split[] = "--split", file[] = "f";
	char *argv[KD_DUMP_FILES + 3] = { name, split };
	char line[LINE] = "m in out -d 0";
	int n = KD_DUMP_FILES + 2;

	for (int i = 2; i <= n; i++)
		argv[i] = file;
	CHECK_INT(t, kd_options_parse(n, argv, &o, &err), 0);
	CHECK_INT(t, o.n_files, KD_DUMP_FILES);
	CHECK_INT(t, kd_options_parse(n + 1, argv, &o, &err), -EINVAL);
	CHECK_STR(t, err.message, "more than 64 files");

	for (int i = 1; i < KD_DUMP_LEVELS; i++)
		strcat(line, ",1");
	CHECK_INT(t, parse(line, &o, NULL), 0);
	CHECK_INT(t, o.n_levels, KD_DUMP_LEVELS);
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

static const struct test_case cases[] = {
	{ "command lines that dump", accepted },
	{ "modes and their operands", forms },
	{ "values", values },
	{ "numbers", numbers },
	{ "names cut short", short_forms },
	{ "what is wrong is told in one line", refused },
	{ "what excludes or needs what", excluded },
	{ "what is for other systems is refused by name", elsewhere },
	{ "codecs", codecs },
	{ "as many files and levels as there may be", too_many },
	{ "every option of makedumpfile is known", every_option_is_known },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What goes with what on makedumpfile's command line: tables of the forms a command can
 * have, of options that exclude or need each other, and of those a core_collector may
 * not have. What the original refuses and we can do is no error. Called by options.c
 * and collector.c.
 */
#include <string.h>

#include "makedumpfile/options-private.h"

#define SET    KD_OPT_SET
#define CODECS (SET(ZLIB) | SET(LZO) | SET(SNAPPY) | SET(ZSTD) | SET(NONE))
#define DUMP_ALONE \
	(CODECS | SET(LEVELS) | SET(ELF) | SET(FLAT) | SET(SPLIT) | SET(DRY_RUN))
#define NO_DUMP_MADE (SET(FLAT) | SET(SPLIT) | SET(DRY_RUN))
#define MODES                                                                  \
	(SET(REARRANGE) | SET(REASSEMBLE) | SET(GENERATE) | SET(DMESG) |       \
	 SET(MEM_USAGE) | SET(VTOP) | SET(INFO) | SET(VERIFY) | SET(SALVAGE) | \
	 SET(DIFF))

/**
 * @with:   options that make this form of the mode; the first form that fits is taken
 * @names:  what the operands are, to say which is missing
 * @output: whether the last operand is written, when there are @output of them at least
 */
struct form {
	enum kd_dump_mode mode;
	uint64_t with;
	size_t min, max;
	const char *names[3];
	size_t output;
};

#define IN   "the vmcore to read"
#define DUMP "the dump to read"
#define OUT  "the file to write"
#define MANY KD_DUMP_FILES

static const struct form forms[] = {
	{ KD_MODE_DUMP, SET(FLAT), 1, 1, { IN }, 0 },
	{ KD_MODE_DUMP, SET(SPLIT) | SET(DRY_RUN), 1, MANY, { IN }, 2 },
	{ KD_MODE_DUMP, SET(SPLIT), 3, MANY, { IN, OUT, "the second file to write" }, 3 },
	{ KD_MODE_DUMP, SET(DRY_RUN), 1, 2, { IN }, 2 },
	{ KD_MODE_DUMP, 0, 2, 2, { IN, OUT }, 2 },
	{ KD_MODE_DMESG, 0, 2, 2, { IN, OUT }, 2 },
	{ KD_MODE_REARRANGE, 0, 1, 1, { OUT }, 1 },
	{ KD_MODE_REASSEMBLE, 0, 2, MANY, { "the first part", OUT }, 2 },
	{ KD_MODE_GENERATE, 0, 0, 0, { NULL }, 0 },
	{ KD_MODE_MEM_USAGE, 0, 1, 1, { "the core to read (/proc/kcore)" }, 0 },
	{ KD_MODE_VTOP, 0, 1, 2, { IN }, 2 },
	{ KD_MODE_INFO, 0, 1, 1, { DUMP }, 0 },
	{ KD_MODE_VERIFY, 0, 1, MANY, { DUMP }, 0 },
	{ KD_MODE_SALVAGE, 0, 2, 2, { "the file to salvage", OUT }, 2 },
	{ KD_MODE_DIFF, 0, 2, 2, { DUMP, "the dump to compare with" }, 0 },
};

/* Any option of @one with any of @other. */
static const struct {
	uint64_t one, other;
	const char *why;
} exclusions[] = {
	{ SET(ELF), CODECS, "an ELF core has no compressed pages" },
	{ SET(ELF), SET(SPLIT), "an ELF core is one file" },
	{ SET(FLAT), SET(SPLIT), "a stream is one file" },
	{ SET(VMLINUX), SET(VMCOREINFO), "one source of types at a time" },
	{ SET(MINI), SET(LEVELS) | SET(VMEMMAP) | MODES, NULL },
	{ SET(GENERATE), DUMP_ALONE | SET(VMCOREINFO), NULL },
	{ SET(REARRANGE), DUMP_ALONE | SET(VMLINUX) | SET(VMCOREINFO), NULL },
	{ SET(REASSEMBLE), DUMP_ALONE | SET(VMLINUX) | SET(VMCOREINFO), NULL },
	{ SET(VTOP), NO_DUMP_MADE | SET(JSON), NULL },
	{ MODES & ~SET(VTOP), NO_DUMP_MADE, NULL },
};

static const struct {
	uint64_t option, needed;
} needs[] = {
	{ SET(PARTIAL), SET(DMESG) },
	{ SET(GENERATE), SET(VMLINUX) },
};

static const struct {
	uint64_t options;
	const char *why;
} collector_refuses[] = {
	{ MODES | SET(HELP) | SET(VERSION) | SET(DRY_RUN) | SET(CHECK) | SET(PARTIAL),
	  "no dump is written with it" },
	{ SET(SPLIT), "the target is one file" },
	{ SET(MINI), "a capture makes one before the whole dump" },
	{ SET(ELF), "what was written is read back and checked, for which it has to be "
		    "in the compressed format" },
	{ SET(VMLINUX) | SET(VMCOREINFO),
	  "not after the crash: kdumpd finds the kernel's types while arming" },
	{ SET(CONFIG),
	  "not after the crash: erase with makedumpfile from the saved dump" },
};

static int exclude(struct kd_option_parser *p, uint64_t one, uint64_t other,
		   const char *why)
{
	char a[32], b[32];

	kd_option_spell(one, a, sizeof(a));
	kd_option_spell(other, b, sizeof(b));
	return kd_fail_msg(p->err, -EINVAL, "%s and %s exclude each other%s%s", a, b,
			   why ? ": " : "", why ? why : "");
}

static int check_sets(struct kd_option_parser *p)
{
	uint64_t modes = p->seen & MODES;

	/* more bits than one */
	if (modes & (modes - 1))
		return exclude(p, modes, modes & (modes - 1), "one mode at a time");
	for (size_t i = 0; i < ARRAY_SIZE(exclusions); i++) {
		uint64_t one = p->seen & exclusions[i].one;
		uint64_t other = p->seen & exclusions[i].other;

		if (one && other)
			return exclude(p, one, other, exclusions[i].why);
	}
	for (size_t i = 0; i < ARRAY_SIZE(needs); i++) {
		char a[32], b[32];

		if (!(p->seen & needs[i].option) || (p->seen & needs[i].needed))
			continue;
		kd_option_spell(needs[i].option, a, sizeof(a));
		kd_option_spell(needs[i].needed, b, sizeof(b));
		return kd_fail_msg(p->err, -EINVAL, "%s needs %s", a, b);
	}
	return 0;
}

static int check_operands(struct kd_option_parser *p)
{
	struct kd_dump_options *o = &p->options;
	const struct form *form = forms;

	while (form->mode != o->mode || (p->seen & form->with) != form->with)
		form++;
	if (o->n_files < form->min)
		return kd_fail_msg(p->err, -EINVAL, "%s is missing; see --help",
				   form->names[o->n_files]);
	if (o->n_files > form->max)
		return kd_fail_msg(p->err, -EINVAL, "one file too many: %s",
				   o->files[form->max]);
	if (form->output != 1 && o->n_files)
		o->input = o->files[0];
	/* of a split dump it is the first part */
	if (form->output && o->n_files >= form->output)
		o->output = o->files[o->mode == KD_MODE_DUMP ? 1 : o->n_files - 1];
	return 0;
}

static int check_codec_level(struct kd_option_parser *p)
{
	const struct kd_dump_options *o = &p->options;
	const struct kd_codec_ops *codec = kd_codec_find(o->codec);

	if (!(p->seen & SET(CODEC_LEVEL)) || !codec)
		return 0;
	if (o->codec_level < codec->level_min || o->codec_level > codec->level_max)
		return kd_fail_msg(
			p->err, -EINVAL, "--level %d: %s has levels from %d to %d",
			o->codec_level, codec->name, codec->level_min, codec->level_max);
	return 0;
}

static void settle_messages(struct kd_option_parser *p)
{
	struct kd_dump_options *o = &p->options;

	if (o->show_stats)
		p->message_bits |= KD_MESSAGE_REPORT;
	o->message_level |= p->message_bits;
	/* what is wrong is to be told, whatever level is being checked */
	if (o->check_params)
		o->message_level = KD_MESSAGE_DEFAULT;
}

int kd_option_rules(struct kd_option_parser *p)
{
	int r = 0;

	if (p->options.mode < KD_MODE_HELP) {
		r = check_sets(p);
		if (r == 0)
			r = check_operands(p);
		if (r == 0)
			r = check_codec_level(p);
	}
	if (r == 0)
		settle_messages(p);
	return r;
}

int kd_option_collector_rules(struct kd_option_parser *p)
{
	struct kd_dump_options *o = &p->options;
	int r;

	if (o->n_files)
		return kd_fail_msg(p->err, -EINVAL, "\"%s\": files are not named here",
				   o->files[0]);
	for (size_t i = 0; i < ARRAY_SIZE(collector_refuses); i++) {
		uint64_t given = p->seen & collector_refuses[i].options;
		char name[32];

		if (!given)
			continue;
		kd_option_spell(given, name, sizeof(name));
		return kd_fail_msg(p->err, -EINVAL, "%s: %s", name,
				   collector_refuses[i].why);
	}
	r = check_sets(p);
	if (r == 0)
		r = check_codec_level(p);
	if (r < 0)
		return r;
	settle_messages(p);
	/* what -F is for, a pipe, is not there: the file is to open as it is */
	o->flattened = false;
	/* nor is the folder of --work-dir: bitmaps are bounded without one */
	o->work_dir = NULL;
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * makedumpfile's options in one table: every one it knows has a line, so that none can
 * be mistaken for another or pass unseen. Own parser: getopt(3) keeps its state in
 * globals and prints by itself, and the daemon calls this too.
 */
#include "makedumpfile/options-private.h"

#include <string.h>

#include "base/parse.h"
#include "makedumpfile/format/kdump-writer.h"

#define LEVEL_MAX   31
#define SPLIT_BLOCK (UINT64_C(1) << 30) /* makedumpfile(8) --splitblock-size */

enum action {
	REFUSE, /* makedumpfile has it, this program not yet */
	CODEC,
	LEVELS,
	MESSAGE_LEVEL,
	MESSAGE_BIT,
	MODE,
	FLAG,
};

/** @value: what @action needs: codec, mode, bit, or a flag's offset in the options */
struct option_def {
	char short_name;
	const char *long_name;
	bool has_value;
	enum action action;
	size_t value;
};

#define FLAG_AT(member) offsetof(struct kd_dump_options, member)

/* In the order of makedumpfile(8). */
static const struct option_def table[] = {
	{ 'c', NULL, false, CODEC, KD_CODEC_ZLIB },
	{ 'l', NULL, false, CODEC, KD_CODEC_LZO },
	{ 'p', NULL, false, CODEC, KD_CODEC_SNAPPY },
	{ 'z', NULL, false, CODEC, KD_CODEC_ZSTD },
	{ 'd', NULL, true, LEVELS, 0 },
	{ 'e', NULL, false, REFUSE, 0 },
	{ 'E', NULL, false, REFUSE, 0 },
	{ 'F', NULL, false, REFUSE, 0 },
	{ 'R', NULL, false, REFUSE, 0 },
	{ 'L', NULL, true, REFUSE, 0 },
	{ 'b', NULL, true, REFUSE, 0 },
	{ 'x', NULL, true, REFUSE, 0 },
	{ 'i', NULL, true, REFUSE, 0 },
	{ 'g', NULL, true, REFUSE, 0 },
	{ 'X', NULL, false, REFUSE, 0 },
	{ 0, "config", true, REFUSE, 0 },
	{ 0, "eppic", true, REFUSE, 0 },
	{ 0, "extension", true, REFUSE, 0 },
	{ 0, "split", false, REFUSE, 0 },
	{ 0, "splitblock-size", true, REFUSE, 0 },
	{ 0, "reassemble", false, REFUSE, 0 },
	{ 0, "num-threads", true, REFUSE, 0 },
	{ 0, "cyclic-buffer", true, REFUSE, 0 },
	{ 0, "work-dir", true, REFUSE, 0 },
	{ 0, "xen-syms", true, REFUSE, 0 },
	{ 0, "xen-vmcoreinfo", true, REFUSE, 0 },
	{ 0, "xen_phys_start", true, REFUSE, 0 },
	{ 0, "diskset", true, REFUSE, 0 },
	{ 0, "vtop", true, REFUSE, 0 },
	{ 0, "partial-dmesg", false, REFUSE, 0 },
	{ 0, "mem-usage", false, REFUSE, 0 },
	{ 0, "message-level", true, MESSAGE_LEVEL, 0 },
	{ 0, "dump-dmesg", false, MODE, KD_MODE_DMESG },
	{ 0, "non-mmap", false, FLAG, FLAG_AT(non_mmap) },
	{ 0, "dry-run", false, FLAG, FLAG_AT(dry_run) },
	{ 0, "check-params", false, FLAG, FLAG_AT(check_params) },
	{ 0, "show-stats", false, FLAG, FLAG_AT(show_stats) },
	{ 'D', NULL, false, MESSAGE_BIT, KD_MESSAGE_DEBUG },
	{ 'f', NULL, false, FLAG, FLAG_AT(force) },
	{ 'h', "help", false, MODE, KD_MODE_HELP },
	{ 'v', NULL, false, MODE, KD_MODE_VERSION },
};

/** @next: index of the word to look at next; @spelled: the option as it was written */
struct parser {
	int argc;
	char *const *argv;
	int next;
	const char *operands[2];
	unsigned int n_operands;
	unsigned int message_bits;
	char spelled[64];
	struct kd_dump_options options;
	struct kd_error *err;
};

void kd_options_init(struct kd_dump_options *ret)
{
	*ret = (struct kd_dump_options) {
		.mode = KD_MODE_DUMP,
		.n_levels = 1,
		.codec = KD_CODEC_ZSTD,
		.codec_level = KD_CODEC_LEVEL_DEFAULT,
		.split_block = SPLIT_BLOCK,
		.message_level = KD_MESSAGE_PROGRESS | KD_MESSAGE_COMMON |
				 KD_MESSAGE_ERROR,
	};
}

static int parse_levels(struct parser *p, const char *value)
{
	struct kd_dump_options *o = &p->options;
	const char *at = value;
	char number[4];

	o->n_levels = 0;
	for (;;) {
		size_t length = strcspn(at, ",");
		uint64_t level;

		if (o->n_levels == KD_DUMP_LEVELS)
			return kd_fail_msg(p->err, -EINVAL,
					   "-d %s: more than %d dump levels", value,
					   KD_DUMP_LEVELS);
		memcpy(number, at, MIN(length, sizeof(number) - 1));
		number[MIN(length, sizeof(number) - 1)] = '\0';
		if (length >= sizeof(number) || kd_parse_u64(number, &level) < 0 ||
		    level > LEVEL_MAX)
			return kd_fail_msg(p->err, -EINVAL,
					   "-d %s: dump levels are numbers from 0 to %d",
					   value, LEVEL_MAX);
		o->levels[o->n_levels++] = (unsigned int)level;
		if (!at[length])
			return 0;
		at += length + 1;
	}
}

static int apply(struct parser *p, const struct option_def *def, const char *value)
{
	uint64_t number;

	switch (def->action) {
	case CODEC:
		if (!kd_codec_find((enum kd_codec_id)def->value))
			return kd_fail_msg(p->err, -EINVAL,
					   "%s: this build does not have that codec",
					   p->spelled);
		p->options.codec = (enum kd_codec_id)def->value;
		return 0;
	case LEVELS:
		return parse_levels(p, value);
	case MESSAGE_LEVEL:
		if (kd_parse_u64(value, &number) < 0 || number > KD_MESSAGE_ALL)
			return kd_fail_msg(
				p->err, -EINVAL,
				"--message-level %s: not a number from 0 to %d", value,
				KD_MESSAGE_ALL);
		p->options.message_level = (unsigned int)number;
		return 0;
	case MESSAGE_BIT:
		p->message_bits |= (unsigned int)def->value;
		return 0;
	case MODE:
		p->options.mode = (enum kd_dump_mode)def->value;
		return 0;
	case FLAG:
		*(bool *)((char *)&p->options + def->value) = true;
		return 0;
	case REFUSE:
		break;
	}
	return kd_fail_msg(p->err, -EINVAL, "%s is not supported yet", p->spelled);
}

/* The word after an option that needs a value and did not carry one. */
static int take_value(struct parser *p, const char **ret)
{
	if (p->next >= p->argc)
		return kd_fail_msg(p->err, -EINVAL, "%s needs a value", p->spelled);
	*ret = p->argv[p->next++];
	return 0;
}

/* @word is "-abc": each letter an option, until one takes the rest as its value. */
static int parse_short(struct parser *p, const char *word)
{
	for (const char *at = word + 1; *at; at++) {
		const struct option_def *def = NULL;
		const char *value = NULL;
		int r;

		for (size_t i = 0; i < ARRAY_SIZE(table) && !def; i++)
			if (table[i].short_name == *at)
				def = &table[i];
		(void)snprintf(p->spelled, sizeof(p->spelled), "-%c", *at);
		if (!def)
			return kd_fail_msg(p->err, -EINVAL, "unknown option %s",
					   p->spelled);
		if (def->has_value) {
			value = at + 1;
			if (!*value) {
				r = take_value(p, &value);
				if (r < 0)
					return r;
			}
		}
		r = apply(p, def, value);
		if (r < 0 || def->has_value)
			return r;
	}
	return 0;
}

/* The option whose name is @name, or starts with it when no other does. */
static int find_long(struct parser *p, const char *name, size_t length,
		     const struct option_def **ret)
{
	const struct option_def *found = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		const char *candidate = table[i].long_name;

		if (!candidate || !length || strncmp(candidate, name, length) != 0)
			continue;
		if (!candidate[length]) {
			*ret = &table[i];
			return 0;
		}
		if (found)
			return kd_fail_msg(p->err, -EINVAL,
					   "--%.*s could be --%s or --%s", (int)length,
					   name, found->long_name, candidate);
		found = &table[i];
	}
	if (!found)
		return kd_fail_msg(p->err, -EINVAL, "unknown option --%.*s", (int)length,
				   name);
	*ret = found;
	return 0;
}

static int parse_long(struct parser *p, const char *word)
{
	const char *name = word + 2, *value = NULL;
	size_t length = strcspn(name, "=");
	const struct option_def *def = NULL;
	int r;

	r = find_long(p, name, length, &def);
	if (r < 0)
		return r;
	(void)snprintf(p->spelled, sizeof(p->spelled), "--%s", def->long_name);
	if (name[length] && !def->has_value)
		return kd_fail_msg(p->err, -EINVAL, "%s takes no value", p->spelled);
	if (name[length])
		value = name + length + 1;
	else if (def->has_value)
		r = take_value(p, &value);
	return r < 0 ? r : apply(p, def, value);
}

static int parse_words(struct parser *p)
{
	bool options_end = false;
	int r = 0;

	while (r == 0 && p->next < p->argc) {
		const char *word = p->argv[p->next++];

		if (!options_end && strcmp(word, "--") == 0)
			options_end = true;
		else if (!options_end && strncmp(word, "--", 2) == 0)
			r = parse_long(p, word);
		else if (!options_end && word[0] == '-' && word[1])
			r = parse_short(p, word);
		else if (p->n_operands == ARRAY_SIZE(p->operands))
			r = kd_fail_msg(p->err, -EINVAL, "one file too many: %s", word);
		else
			p->operands[p->n_operands++] = word;
	}
	return r;
}

/* Options that need others, or exclude them. */
static int finish(struct parser *p, struct kd_dump_options *ret)
{
	struct kd_dump_options *o = &p->options;

	if (o->mode == KD_MODE_DMESG && o->dry_run)
		return kd_fail_msg(p->err, -EINVAL,
				   "--dry-run and --dump-dmesg exclude each other");
	if (o->show_stats)
		p->message_bits |= KD_MESSAGE_REPORT;
	o->message_level |= p->message_bits;
	o->input = p->operands[0];
	o->output = p->operands[1];
	*ret = *o;
	return 0;
}

int kd_options_parse(int argc, char *const argv[], struct kd_dump_options *ret,
		     struct kd_error *err)
{
	struct parser p = { .argc = argc, .argv = argv, .next = 1, .err = err };
	struct kd_dump_options *o = &p.options;
	unsigned int needed;
	int r;

	kd_options_init(o);
	r = parse_words(&p);
	if (r < 0)
		return r;
	needed = o->mode > KD_MODE_DMESG || o->check_params ? 0 : o->dry_run ? 1 : 2;
	if (p.n_operands < needed)
		return kd_fail_msg(err, -EINVAL, "%s is missing; see --help",
				   p.n_operands ? "the file to write"
						: "the vmcore to read");
	return finish(&p, ret);
}

int kd_options_parse_words(int argc, char *const argv[], struct kd_dump_options *ret,
			   struct kd_error *err)
{
	struct parser p = { .argc = argc, .argv = argv, .next = 1, .err = err };
	struct kd_dump_options *o = &p.options;
	int r;

	kd_options_init(o);
	r = parse_words(&p);
	if (r < 0)
		return r;
	if (p.n_operands)
		return kd_fail_msg(err, -EINVAL,
				   "\"%s\": files are not named in core_collector",
				   p.operands[0]);
	if (o->mode != KD_MODE_DUMP || o->dry_run || o->check_params)
		return kd_fail_msg(err, -EINVAL,
				   "core_collector has an option that writes no dump");
	return finish(&p, ret);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * makedumpfile's command line: words into options and operands. Own parser: getopt(3)
 * keeps its state in globals and prints by itself, and the daemon calls this too. Called
 * by main.c; collector.c starts from here.
 */
#include <string.h>

#include "makedumpfile/format/kdump-writer.h"
#include "makedumpfile/options-private.h"

void kd_options_init(struct kd_dump_options *ret)
{
	*ret = (struct kd_dump_options) {
		.mode = KD_MODE_DUMP,
		.n_levels = 1,
		.codec = KD_CODEC_ZSTD,
		.codec_level = KD_CODEC_LEVEL_DEFAULT,
		.message_level = KD_MESSAGE_DEFAULT,
	};
}

/* The word after an option that needs a value and did not carry one. */
static int take_value(struct kd_option_parser *p, const char **ret)
{
	if (p->next >= p->argc)
		return kd_fail_msg(p->err, -EINVAL, "%s needs a value", p->spelled);
	*ret = p->argv[p->next++];
	return 0;
}

static int apply(struct kd_option_parser *p, const struct kd_option_def *def,
		 const char *value)
{
	p->seen |= UINT64_C(1) << def->id;
	return def->apply(p, def, value);
}

static const struct kd_option_def *find_letter(char letter)
{
	const struct kd_option_def *table;
	size_t n;

	table = kd_option_table(&n);
	for (size_t i = 0; i < n; i++)
		if (table[i].short_name == letter)
			return &table[i];
	return NULL;
}

/* @word is "-abc": each letter an option, until one takes the rest as its value. */
static int parse_short(struct kd_option_parser *p, const char *word)
{
	for (const char *at = word + 1; *at; at++) {
		const struct kd_option_def *def = find_letter(*at);
		const char *value = NULL;
		int r = 0;

		(void)snprintf(p->spelled, sizeof(p->spelled), "-%c", *at);
		if (!def)
			return kd_fail_msg(p->err, -EINVAL, "unknown option %s",
					   p->spelled);
		if (def->has_value && at[1])
			value = at + 1;
		else if (def->has_value)
			r = take_value(p, &value);
		if (r == 0)
			r = apply(p, def, value);
		if (r < 0 || def->has_value)
			return r;
	}
	return 0;
}

/* The option whose name is @name, or starts with it when no other does. What is short
 * enough for the original is for us: our own options do not make it ambiguous. */
static int find_long(struct kd_option_parser *p, const char *name, size_t length,
		     const struct kd_option_def **ret)
{
	const struct kd_option_def *found = NULL, *second = NULL, *table;
	size_t n;

	table = kd_option_table(&n);
	for (size_t i = 0; i < n; i++) {
		const char *candidate = table[i].long_name;

		if (!candidate || !length || strncmp(candidate, name, length) != 0)
			continue;
		if (!candidate[length]) {
			*ret = &table[i];
			return 0;
		}
		if (!found)
			found = &table[i];
		else if (found->id > KD_OPT_ELSEWHERE || table[i].id <= KD_OPT_ELSEWHERE)
			second = &table[i];
	}
	if (!found)
		return kd_fail_msg(p->err, -EINVAL, "unknown option --%.*s", (int)length,
				   name);
	if (second)
		return kd_fail_msg(p->err, -EINVAL, "--%.*s could be --%s or --%s",
				   (int)length, name, found->long_name,
				   second->long_name);
	*ret = found;
	return 0;
}

static int parse_long(struct kd_option_parser *p, const char *word)
{
	const char *name = word + 2, *value = NULL;
	size_t length = strcspn(name, "=");
	const struct kd_option_def *def = NULL;
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

int kd_option_words(struct kd_option_parser *p)
{
	struct kd_dump_options *o = &p->options;
	bool options_end = false;
	int r = 0;

	kd_options_init(o);
	p->next = 1;
	while (r == 0 && p->next < p->argc) {
		const char *word = p->argv[p->next++];

		if (!options_end && strcmp(word, "--") == 0)
			options_end = true;
		else if (!options_end && strncmp(word, "--", 2) == 0)
			r = parse_long(p, word);
		else if (!options_end && word[0] == '-' && word[1])
			r = parse_short(p, word);
		else if (o->n_files == KD_DUMP_FILES)
			r = kd_fail_msg(p->err, -EINVAL, "more than %d files",
					KD_DUMP_FILES);
		else
			o->files[o->n_files++] = word;
	}
	return r;
}

int kd_options_parse(int argc, char *const argv[], struct kd_dump_options *ret,
		     struct kd_error *err)
{
	struct kd_option_parser p = { .argc = argc, .argv = argv, .err = err };
	int r;

	r = kd_option_words(&p);
	if (r == 0)
		r = kd_option_rules(&p);
	if (r == 0)
		*ret = p.options;
	return r;
}

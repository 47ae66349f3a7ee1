/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kexec command's line: words into options and the kernel's path. Own parser: getopt(3)
 * keeps its state in globals and prints by itself. Called by program.c.
 */
#include <string.h>

#include "kexec/program/options-private.h"

static int take_value(struct kd_kexec_parser *p, const char **ret)
{
	if (p->next >= p->argc)
		return kd_fail_msg(p->err, -EINVAL, "%s needs a value", p->spelled);
	*ret = p->argv[p->next++];
	return 0;
}

static const struct kd_kexec_option *find_letter(char letter)
{
	const struct kd_kexec_option *table;
	size_t n;

	table = kd_kexec_option_table(&n);
	for (size_t i = 0; i < n; i++)
		if (table[i].letter == letter)
			return &table[i];
	return NULL;
}

/* @word is "-abc": each letter an option, until one takes the rest as its value. */
static int parse_short(struct kd_kexec_parser *p, const char *word)
{
	for (const char *at = word + 1; *at; at++) {
		const struct kd_kexec_option *option = find_letter(*at);
		const char *value = NULL;
		bool needed;
		int r = 0;

		(void)snprintf(p->spelled, sizeof(p->spelled), "-%c", *at);
		if (!option)
			return kd_fail_msg(p->err, -EINVAL, "unknown option %s",
					   p->spelled);
		needed = option->value == KD_VALUE_NEEDED;
		if (needed && at[1])
			value = at + 1;
		else if (needed)
			r = take_value(p, &value);
		if (r == 0)
			r = option->apply(p, option, value);
		if (r < 0 || needed)
			return r;
	}
	return 0;
}

/* The option whose name is @name, or starts with it when no other does. */
static int find_long(struct kd_kexec_parser *p, const char *name, size_t length,
		     const struct kd_kexec_option **ret)
{
	const struct kd_kexec_option *found = NULL, *second = NULL, *table;
	size_t n;

	table = kd_kexec_option_table(&n);
	for (size_t i = 0; i < n && length; i++) {
		const char *candidate = table[i].name;

		if (!candidate || strncmp(candidate, name, length) != 0)
			continue;
		if (!candidate[length]) {
			*ret = &table[i];
			return 0;
		}
		second = found;
		found = &table[i];
		if (second)
			break;
	}
	if (!found)
		return kd_fail_msg(p->err, -EINVAL, "unknown option --%.*s", (int)length,
				   name);
	if (second)
		return kd_fail_msg(p->err, -EINVAL, "--%.*s could be --%s or --%s",
				   (int)length, name, second->name, found->name);
	*ret = found;
	return 0;
}

static int parse_long(struct kd_kexec_parser *p, const char *word)
{
	const struct kd_kexec_option *option = NULL;
	const char *name = word + 2, *value = NULL;
	size_t length = strcspn(name, "=");
	int r;

	r = find_long(p, name, length, &option);
	if (r < 0)
		return r;
	(void)snprintf(p->spelled, sizeof(p->spelled), "--%s", option->name);
	if (name[length] && option->value == KD_VALUE_NONE)
		return kd_fail_msg(p->err, -EINVAL, "%s takes no value", p->spelled);
	if (name[length])
		value = name + length + 1;
	else if (option->value == KD_VALUE_NEEDED)
		r = take_value(p, &value);
	return r < 0 ? r : option->apply(p, option, value);
}

static int add_operand(struct kd_kexec_parser *p, const char *word)
{
	if (p->command.kernel)
		return kd_fail_msg(p->err, -EINVAL,
				   "two kernels are named: %s and %s; a command line "
				   "goes into --append=\"…\"",
				   p->command.kernel, word);
	p->command.kernel = word;
	return 0;
}

static int parse_words(struct kd_kexec_parser *p)
{
	bool options_end = false;
	int r = 0;

	while (r == 0 && p->next < p->argc) {
		const char *word = p->argv[p->next++];

		if (!options_end && strcmp(word, "--") == 0)
			options_end = true;
		else if (options_end || word[0] != '-' || !word[1])
			r = add_operand(p, word);
		else if (word[1] == '-')
			r = parse_long(p, word);
		else
			r = parse_short(p, word);
	}
	return r;
}

int kd_kexec_command_parse(int argc, char *const argv[], struct kd_kexec_command *ret,
			   struct kd_error *err)
{
	struct kd_kexec_parser p = {
		.argc = argc,
		.argv = argv,
		.next = 1,
		.command = { .mem_max = UINT64_MAX },
		.err = err,
	};
	int r;

	r = parse_words(&p);
	if (r == 0)
		r = kd_kexec_option_rules(&p);
	if (r == 0)
		*ret = p.command;
	return r;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * core_collector of kdump.conf: a command line as the shell splits it, without the
 * shell. Quotes and backslashes are honoured; nothing is expanded. Called by kdumpd when
 * it checks a configuration and by pid 1.
 */
#include <string.h>

#include "makedumpfile/options-private.h"

#define WORDS_MAX 64

/* One word of *at into *to, NUL-terminated; both move on. -EINVAL for an open quote. */
static int take_word(const char **at, char **to)
{
	const char *s = *at;
	char *out = *to;
	char quote = 0;

	for (; *s && (quote || !strchr(" \t\n", *s)); s++) {
		if (quote == '\'' && *s != '\'') {
			*out++ = *s;
		} else if (*s == '\\' && s[1]) {
			/* within double quotes only these are special (sh(1)) */
			if (quote && !strchr("\"\\$`", s[1]))
				*out++ = *s;
			*out++ = *++s;
		} else if (quote ? *s == quote : *s == '"' || *s == '\'') {
			quote = quote ? 0 : *s;
		} else {
			*out++ = *s;
		}
	}
	*out++ = '\0';
	*at = s;
	*to = out;
	return quote ? -EINVAL : 0;
}

/* Splits @line into @argv, whose words point into @room, as large as @line at least. */
static int split(const char *line, char *room, char *argv[WORDS_MAX], int *ret,
		 struct kd_error *err)
{
	int n = 0;

	for (;;) {
		line += strspn(line, " \t\n");
		if (!*line)
			break;
		if (n == WORDS_MAX)
			return kd_fail_msg(err, -EINVAL, "more than %d words", WORDS_MAX);
		argv[n++] = room;
		if (take_word(&line, &room) < 0)
			return kd_fail_msg(err, -EINVAL, "a quote is not closed");
	}
	*ret = n;
	return 0;
}

int kd_options_parse_collector(const char *line, struct kd_dump_options *ret,
			       struct kd_error *err)
{
	_cleanup_(kd_freep) char *room = malloc(strlen(line) + 1);
	struct kd_option_parser p = { .err = err };
	char *argv[WORDS_MAX];
	const char *name;
	int argc = 0, r;

	if (!room)
		return kd_fail(err, -ENOMEM, "core_collector");
	r = split(line, room, argv, &argc, err);
	if (r < 0)
		return kd_fail(err, r, "core_collector");
	if (!argc)
		return kd_fail_msg(err, -EINVAL, "core_collector: no command");
	name = strrchr(argv[0], '/');
	name = name ? name + 1 : argv[0];
	if (strcmp(name, "makedumpfile") != 0)
		return kd_fail_msg(
			err, -ENOTSUP,
			"core_collector: only makedumpfile is supported, not %s",
			argv[0]);
	p.argc = argc;
	p.argv = argv;
	r = kd_option_words(&p);
	if (r == 0)
		r = kd_option_collector_rules(&p);
	if (r < 0)
		return kd_fail(err, r, "core_collector");
	*ret = p.options;
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * core_collector of kdump.conf: a command line as the shell splits it, without the
 * shell. Quotes and backslashes are honoured; nothing is expanded. Called by kdumpd when
 * it checks a configuration and by pid 1.
 */
#include <string.h>

#include "makedumpfile/options-private.h"

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

int kd_collector_words(const char *line, char *room,
		       char *argv[static KD_COLLECTOR_WORDS], struct kd_error *err)
{
	int n = 0;

	for (;;) {
		line += strspn(line, " \t\n");
		if (!*line)
			break;
		if (n == KD_COLLECTOR_WORDS)
			return kd_fail_msg(err, -EINVAL, "more than %d words",
					   KD_COLLECTOR_WORDS);
		argv[n++] = room;
		if (take_word(&line, &room) < 0)
			return kd_fail_msg(err, -EINVAL, "a quote is not closed");
	}
	return n;
}

static bool is_makedumpfile(const char *word)
{
	const char *name = strrchr(word, '/');

	return strcmp(name ? name + 1 : word, "makedumpfile") == 0;
}

bool kd_collector_is_command(const char *line)
{
	char word[256];
	size_t n;

	line += strspn(line, " \t\n");
	n = strcspn(line, " \t\n");
	if (n == 0)
		return false;
	(void)snprintf(word, sizeof(word), "%.*s", (int)MIN(n, sizeof(word) - 1), line);
	return !is_makedumpfile(word);
}

int kd_options_parse_collector(const char *line, struct kd_dump_options *ret,
			       struct kd_error *err)
{
	_cleanup_(kd_freep) char *room = malloc(strlen(line) + 1);
	struct kd_option_parser p = { .err = err };
	char *argv[KD_COLLECTOR_WORDS];
	int argc, r;

	if (!room)
		return kd_fail(err, -ENOMEM, "core_collector");
	argc = kd_collector_words(line, room, argv, err);
	if (argc < 0)
		return kd_fail(err, argc, "core_collector");
	if (!argc)
		return kd_fail_msg(err, -EINVAL, "core_collector: no command");
	if (!is_makedumpfile(argv[0]))
		return kd_fail_msg(err, -ENOTSUP,
				   "core_collector: %s is not makedumpfile", argv[0]);
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

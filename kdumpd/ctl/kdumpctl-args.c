/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Parsing kdumpctl's command line: see kdumpctl-args.h. Trusts nothing that was typed;
 * an option that a command does not take is refused by name, not ignored. Called by
 * kdumpctl.c.
 */
#include "kdumpd/ctl/kdumpctl-args.h"

#include <getopt.h>
#include <string.h>

#include "base/types.h"

#define FIRST_OPTION 256
#define HELP	     255
#define VERSION	     254

static const struct {
	enum kd_ctl_option bit;
	const char *name;
	const char *value; /* what it is called in help; NULL without one */
	const char *help;
} options[] = {
	{ KD_CTL_JSON, "json", NULL, "JSON on stdout" },
	{ KD_CTL_INIT, "init", "PATH", "pid 1 of the capture image" },
	{ KD_CTL_NO_PAGER, "no-pager", NULL, "write to stdout even when it is long" },
	{ KD_CTL_KERNEL, "kernel", "PATH", "a kernel's path, ALL or DEFAULT" },
	{ KD_CTL_INSTALLED, "installed", "RELEASE",
	  "the running kernel's value for one just installed" },
	{ KD_CTL_FADUMP, "fadump", "MODE", "on, off or nocma; POWER only" },
	{ KD_CTL_REBOOT, "reboot", NULL, "restart when something was changed" },
	{ KD_CTL_FORCE, "force", NULL, "do not ask" },
	{ KD_CTL_DRY_RUN, "dry-run", NULL, "say what would be done" },
	{ KD_CTL_WRITE, "write", NULL, "put it in place, and keep what was there" },
	{ KD_CTL_NO_LEGEND, "no-legend", NULL, "no line with the columns' names" },
	{ KD_CTL_REVERSE, "reverse", NULL, "the newest first (-r)" },
	{ KD_CTL_COUNT, "lines", "N", "so many of the newest (-n N)" },
	{ KD_CTL_BOOT, "boot", NULL, "only what is due after a start of the machine" },
};

static void fill(struct option to[static ARRAY_SIZE(options) + 3])
{
	size_t n = 0;

	for (; n < ARRAY_SIZE(options); n++)
		to[n] = (struct option) {
			.name = options[n].name,
			.has_arg = options[n].value ? required_argument : no_argument,
			.val = FIRST_OPTION + (int)n,
		};
	to[n++] = (struct option) { .name = "help", .val = HELP };
	to[n++] = (struct option) { .name = "version", .val = VERSION };
	to[n] = (struct option) { .name = NULL };
}

static void take(struct kd_ctl_args *args, enum kd_ctl_option bit, const char *value)
{
	args->options |= bit;
	if (bit == KD_CTL_INIT)
		args->init = value;
	else if (bit == KD_CTL_KERNEL)
		args->kernel = value;
	else if (bit == KD_CTL_FADUMP)
		args->fadump = value;
	else if (bit == KD_CTL_COUNT)
		args->count = value;
	else if (bit == KD_CTL_INSTALLED)
		args->installed = value;
}

static const struct kd_ctl_command *find(const struct kd_ctl_command *commands,
					 const char *name)
{
	for (const struct kd_ctl_command *c = commands; c->name; c++)
		if (strcmp(c->name, name) == 0)
			return c;
	return NULL;
}

static int check(const struct kd_ctl_command *c, const struct kd_ctl_args *args,
		 struct kd_error *err)
{
	unsigned int extra = args->options & ~c->options;

	for (size_t i = 0; i < ARRAY_SIZE(options); i++)
		if (extra & options[i].bit)
			return kd_fail_msg(err, -EINVAL, "%s takes no --%s", c->name,
					   options[i].name);
	if (args->n_words < c->least)
		return kd_fail_msg(err, -EINVAL,
				   "%s: expected %s; see kdumpctl %s --help", c->name,
				   c->words, c->name);
	if (args->n_words > c->most)
		return kd_fail_msg(err, -EINVAL,
				   "%s: \"%s\" is one word too many; see kdumpctl %s "
				   "--help",
				   c->name, args->words[c->most], c->name);
	return 0;
}

static int next_option(int argc, char *argv[], const struct option *table,
		       struct kd_error *err)
{
	int c = getopt_long(argc, argv, ":hrn:", table, NULL);

	if (c == ':')
		return kd_fail_msg(err, -EINVAL, "%s needs a value", argv[optind - 1]);
	if (c == '?')
		return kd_fail_msg(err, -EINVAL,
				   "%s: no such option; see kdumpctl --help",
				   argv[optind - 1]);
	return c == -1 ? 0 : c;
}

int kd_ctl_parse(int argc, char *argv[], const struct kd_ctl_command *commands,
		 const struct kd_ctl_command **ret_command, struct kd_ctl_args *ret,
		 struct kd_error *err)
{
	struct option table[ARRAY_SIZE(options) + 3];
	const struct kd_ctl_command *command;
	struct kd_ctl_args args = { 0 };
	bool help = false;
	int c, r;

	fill(table);
	optind = 0; /* from the beginning, whatever was parsed before */
	while ((c = next_option(argc, argv, table, err)) > 0) {
		if (c == VERSION)
			return KD_CTL_VERSION;
		if (c == HELP || c == 'h')
			help = true;
		else if (c == 'r')
			take(&args, KD_CTL_REVERSE, NULL);
		else if (c == 'n')
			take(&args, KD_CTL_COUNT, optarg);
		else
			take(&args, options[c - FIRST_OPTION].bit, optarg);
	}
	if (c < 0)
		return c;
	if (optind == argc && help)
		return KD_CTL_HELP;
	if (optind == argc)
		return kd_fail_msg(err, -EINVAL,
				   "expected a command; see kdumpctl --help");
	command = find(commands, argv[optind]);
	if (!command)
		return kd_fail_msg(err, -EINVAL,
				   "unknown command \"%s\"; see kdumpctl --help",
				   argv[optind]);
	if (!command->run)
		return kd_fail_msg(err, -EINVAL, "%s: not supported yet", command->name);
	args.words = &argv[optind + 1];
	args.n_words = (size_t)(argc - optind - 1);
	r = help ? 0 : check(command, &args, err);
	if (r < 0)
		return r;
	*ret_command = command;
	*ret = args;
	return help ? KD_CTL_COMMAND_HELP : KD_CTL_RUN;
}

static void put_option(FILE *out, size_t i)
{
	char left[32];

	(void)snprintf(left, sizeof(left), "--%s%s%s", options[i].name,
		       options[i].value ? "=" : "",
		       options[i].value ? options[i].value : "");
	(void)fprintf(out, "  %-14s %s\n", left, options[i].help);
}

void kd_ctl_help(FILE *out, const struct kd_ctl_command *commands)
{
	(void)fputs("Usage: kdumpctl [OPTION]... COMMAND [WORD]...\n\nCommands:\n", out);
	for (const struct kd_ctl_command *c = commands; c->name; c++)
		if (c->run)
			(void)fprintf(out, "  %-23s %s\n", c->name, c->help);
	(void)fputs(
		"\nkdumpctl COMMAND --help shows a command's options. --version shows "
		"the version.\n",
		out);
}

void kd_ctl_command_help(FILE *out, const struct kd_ctl_command *c)
{
	(void)fprintf(out, "Usage: kdumpctl %s%s%s%s\n\n%s\n%s", c->name,
		      c->options ? " [OPTION]..." : "", c->words[0] ? " " : "", c->words,
		      c->help, c->more);
	if (!c->options)
		return;
	(void)fputs("\nOptions:\n", out);
	for (size_t i = 0; i < ARRAY_SIZE(options); i++)
		if (c->options & options[i].bit)
			put_option(out, i);
}

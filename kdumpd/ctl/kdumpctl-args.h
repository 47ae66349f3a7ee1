/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kdumpctl's command line: which command, with which options and words. One table of
 * commands and one of options say it all; help texts are made from them. Pure. Called by
 * kdumpctl.c and its test.
 */
#pragma once

#include <stdio.h>

#include "base/error.h"

/** Options; a command says which of them it takes. */
enum kd_ctl_option {
	KD_CTL_JSON = 1 << 0,
	KD_CTL_INIT = 1 << 1,
	KD_CTL_NO_PAGER = 1 << 2,
	KD_CTL_KERNEL = 1 << 3,
	KD_CTL_FADUMP = 1 << 4,
	KD_CTL_REBOOT = 1 << 5,
	KD_CTL_FORCE = 1 << 6,
	KD_CTL_DRY_RUN = 1 << 7,
	KD_CTL_WRITE = 1 << 8,
	KD_CTL_NO_LEGEND = 1 << 16,
	KD_CTL_REVERSE = 1 << 17,
	KD_CTL_COUNT = 1 << 18,
	KD_CTL_BOOT = 1 << 19,
	KD_CTL_INSTALLED = 1 << 20,
};

/**
 * What was given.
 *
 * @options: bits of enum kd_ctl_option
 * @init, @kernel, @fadump, @count, @installed: their values; NULL when not given
 * @words:   what follows the command; borrowed from argv, NULL-terminated
 */
struct kd_ctl_args {
	unsigned int options;
	const char *init;
	const char *kernel;
	const char *fadump;
	const char *count;
	const char *installed;
	char **words;
	size_t n_words;
};

struct kd_ctl;

/**
 * @words: how the words that follow are called in help, "" for none
 * @least, @most: how many there may be
 * @help:  one line; @more: further lines of the command's own help, "" for none
 * @run:   NULL for a command that is known and not there yet
 */
struct kd_ctl_command {
	const char *name;
	const char *words;
	size_t least, most;
	unsigned int options;
	int (*run)(const struct kd_ctl *ctl);
	const char *help;
	const char *more;
};

/** What main() is to do. */
enum kd_ctl_what {
	KD_CTL_RUN,
	KD_CTL_HELP,	     /* of all commands */
	KD_CTL_COMMAND_HELP, /* of one */
	KD_CTL_VERSION,
};

/**
 * Read the command line. argv's words may be put into another order.
 *
 * @commands: the table, ended by a name of NULL
 * @ret_command: for KD_CTL_RUN and KD_CTL_COMMAND_HELP
 * Returns enum kd_ctl_what; -EINVAL with one sentence.
 */
int kd_ctl_parse(int argc, char *argv[], const struct kd_ctl_command *commands,
		 const struct kd_ctl_command **ret_command, struct kd_ctl_args *ret,
		 struct kd_error *err);

void kd_ctl_help(FILE *out, const struct kd_ctl_command *commands);
void kd_ctl_command_help(FILE *out, const struct kd_ctl_command *command);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Between the files of the command line: options.c splits words, options-table.c knows
 * every option and reads its value, options-rules.c says what goes with what. Nobody else
 * includes this.
 */
#pragma once

#include "kexec/program/options.h"

/* One bit each: what was seen decides what is done. */
enum kd_kexec_seen {
	KD_SEEN_LOAD = 1 << 0,
	KD_SEEN_PANIC = 1 << 1,
	KD_SEEN_UNLOAD = 1 << 2,
	KD_SEEN_EXECUTE = 1 << 3,
	KD_SEEN_FORCE = 1 << 4,
	KD_SEEN_STATUS = 1 << 5,
	KD_SEEN_SIZE = 1 << 6,
	KD_SEEN_PLAN = 1 << 7,
	KD_SEEN_CHECK = 1 << 8,
	KD_SEEN_HELP = 1 << 9,
	KD_SEEN_VERSION = 1 << 10,
	KD_SEEN_MEM_MAX = 1 << 11,
	KD_SEEN_CONSOLE = 1 << 12, /* --console-serial */
};

/** @spelled: the option at hand, for messages; @next: index of the word to come */
struct kd_kexec_parser {
	int argc;
	char *const *argv;
	int next;
	unsigned int seen;
	char spelled[48];
	struct kd_kexec_command command;
	struct kd_error *err;
};

enum kd_kexec_value {
	KD_VALUE_NONE,
	KD_VALUE_NEEDED,
	KD_VALUE_OPTIONAL, /* behind '=' only */
};

/**
 * @letter:    0 for none; @name: NULL for none
 * @apply:     @value is NULL without one. 0, or -EINVAL in words
 * @argument:  for @apply: a bit, an offset, an enum
 * @why:       for what is refused
 */
struct kd_kexec_option {
	char letter;
	const char *name;
	enum kd_kexec_value value;
	int (*apply)(struct kd_kexec_parser *p, const struct kd_kexec_option *option,
		     const char *value);
	size_t argument;
	const char *why;
};

const struct kd_kexec_option *kd_kexec_option_table(size_t *ret_n);

/** What the bits seen come to, and what does not go together. 0 or -EINVAL. */
int kd_kexec_option_rules(struct kd_kexec_parser *p);

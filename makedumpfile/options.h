/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * makedumpfile's command line, and core_collector in kdump.conf, which is the same.
 * What is not there yet is refused by name, never ignored. Called by main.c, by kdumpd
 * to check a configuration and by pid 1.
 */
#pragma once

#include "base/error.h"
#include "makedumpfile/codec/codec.h"
#include "makedumpfile/pages/policy.h"

#define KD_DUMP_LEVELS 8

enum kd_dump_mode {
	KD_MODE_DUMP,
	KD_MODE_DMESG, /* --dump-dmesg */
	KD_MODE_HELP,
	KD_MODE_VERSION,
};

/* --message-level bits; makedumpfile's own default is 7 */
enum kd_message_level {
	KD_MESSAGE_PROGRESS = 1,
	KD_MESSAGE_COMMON = 2,
	KD_MESSAGE_ERROR = 4,
	KD_MESSAGE_DEBUG = 8,
	KD_MESSAGE_REPORT = 16,
	KD_MESSAGE_ALL = 31,
};

/**
 * @levels:        tried in order (-d 11,31); at least one
 * @codec:         zstd unless a flag names another
 * @codec_level:   KD_CODEC_LEVEL_DEFAULT
 * @message_level: enum kd_message_level; --show-stats and -D are in it already
 * @input, @output: NULL when not named (core_collector has neither); borrowed from argv
 */
struct kd_dump_options {
	enum kd_dump_mode mode;
	unsigned int levels[KD_DUMP_LEVELS];
	size_t n_levels;
	enum kd_codec_id codec;
	int codec_level;
	unsigned int message_level;
	bool force, dry_run, check_params, show_stats, non_mmap;
	const char *input;
	const char *output;
};

/** What no option at all means: level 0, zstd, messages 7. */
void kd_options_init(struct kd_dump_options *ret);

/**
 * Parse argv (argv[0] is the program) as getopt_long(3) would: options and files in any
 * order, "-d31", "--message-level=7", long names cut short while unambiguous, "--".
 * Returns 0, or -EINVAL with one clear line in @err, *ret untouched.
 */
int kd_options_parse(int argc, char *const argv[], struct kd_dump_options *ret,
		     struct kd_error *err);

/**
 * Parse a core_collector line: words split at white space, quotes as the shell does.
 * It names no files: the capture kernel does. Nothing in *ret is borrowed from @line.
 * -ENOTSUP when the first word is no makedumpfile; -EINVAL, -ENOMEM.
 */
int kd_options_parse_collector(const char *line, struct kd_dump_options *ret,
			       struct kd_error *err);

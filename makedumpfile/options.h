/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * makedumpfile's command line, and core_collector in kdump.conf, which is the same.
 * What is not supported is refused by name, never ignored. Called by main.c, by kdumpd
 * to check a configuration and by pid 1.
 */
#pragma once

#include "base/error.h"
#include "makedumpfile/codec/codec.h"
#include "makedumpfile/pages/policy.h"

#define KD_DUMP_LEVELS 32 /* as makedumpfile */

#define KD_DUMP_FILES 64

enum kd_dump_mode {
	KD_MODE_DUMP,
	KD_MODE_DMESG,	    /* --dump-dmesg, --partial-dmesg */
	KD_MODE_REARRANGE,  /* -R: a flattened stream on stdin into a file */
	KD_MODE_REASSEMBLE, /* --reassemble: parts of a split dump into one */
	KD_MODE_GENERATE,   /* -g: vmcoreinfo as text out of debug information */
	KD_MODE_MEM_USAGE,  /* --mem-usage: pages of each class, of /proc/kcore too */
	KD_MODE_VTOP,	    /* --vtop: one address translated, level by level */
	KD_MODE_INFO,	    /* --info: what a file is */
	KD_MODE_VERIFY,	    /* --verify: whether every page of it can be had */
	KD_MODE_SALVAGE, /* --salvage: what a file cut short still holds, as one that opens */
	KD_MODE_DIFF, /* --diff: which pages two dumps do not share */
	KD_MODE_HELP,
	KD_MODE_VERSION,
};

enum kd_dump_format {
	KD_FORMAT_KDUMP, /* compressed, page by page */
	KD_FORMAT_ELF,	 /* -E */
};

/* --message-level bits */
enum kd_message_level {
	KD_MESSAGE_PROGRESS = 1,
	KD_MESSAGE_COMMON = 2,
	KD_MESSAGE_ERROR = 4,
	KD_MESSAGE_DEBUG = 8,
	KD_MESSAGE_REPORT = 16,
	KD_MESSAGE_DEFAULT = 7, /* makedumpfile's own */
	KD_MESSAGE_ALL = 31,
};

/**
 * @levels:        tried in order (-d 11,31); at least one
 * @format:        with @flattened as a stream that needs no seeking, on stdout
 * @codec:         zstd unless a flag names another
 * @codec_level:   --level, or KD_CODEC_LEVEL_DEFAULT
 * @threads:       --threads, --num-threads: 0 for as many as there are CPUs
 * @size_limit:    -L: bytes of output, 0 without
 * @memory_limit:  --memory: bytes of all buffers together, 0 for the default
 * @bitmap_limit:  --cyclic-buffer: bytes of bitmap held at a time, 0 for the default
 * @time_budget:   --time-budget: seconds, 0 without; past it the dump is closed as
 *                 incomplete
 * @split_block:   --splitblock-size in bytes: parts of a split dump begin at multiples;
 *                 0 for what makes them about equal
 * @exclude:       --exclude: enum kd_dump_exclude bits
 * @exclude_vmemmap: -e: leave out struct pages that describe excluded pages alone
 * @mini:          --mini: the frames that say most about the crash, and no others
 * @vtop:          --vtop's address
 * @work_dir:      --work-dir: where a bitmap too large for memory goes; NULL without
 * @vmlinux:       -x, also the input of -g
 * @vmcoreinfo:    -i
 * @erase_config:  --config
 * @message_level: enum kd_message_level; --show-stats and -D are in it already
 * @files:         operands in order: the input, then the outputs of --split; the parts,
 *                 then the output of --reassemble
 * @input, @output: what is read, and the (first) file that is written: of -g too, whose
 *                 input is @vmlinux. NULL when not named: core_collector has neither,
 *                 -F no output, -R no input. --vtop with an output also makes the dump,
 *                 as it does in the original
 * All strings are borrowed from argv.
 */
struct kd_dump_options {
	enum kd_dump_mode mode;
	enum kd_dump_format format;
	unsigned int levels[KD_DUMP_LEVELS];
	size_t n_levels;
	enum kd_codec_id codec;
	int codec_level;
	unsigned int threads;
	unsigned int message_level;
	unsigned int exclude;
	unsigned int time_budget;
	uint64_t size_limit;
	uint64_t memory_limit;
	uint64_t bitmap_limit;
	uint64_t split_block;
	kd_vaddr_t vtop;
	bool flattened, split, exclude_vmemmap, partial_dmesg, json;
	bool force, dry_run, check_params, show_stats, non_mmap, mini;
	const char *work_dir;
	const char *vmlinux;
	const char *vmcoreinfo;
	const char *erase_config;
	const char *files[KD_DUMP_FILES];
	size_t n_files;
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

/* The most that a core_collector line may have. */
#define KD_COLLECTOR_WORDS 64

/**
 * Split a core_collector line: at white space, quotes as the shell does.
 *
 * @room: as large as the line with its NUL; the words in @argv point into it
 * Returns how many there are, -EINVAL for an open quote or too many.
 */
int kd_collector_words(const char *line, char *room,
		       char *argv[static KD_COLLECTOR_WORDS], struct kd_error *err);

/** Whether the line names a program other than makedumpfile. */
bool kd_collector_is_command(const char *line);

/**
 * Parse a core_collector line: words split at white space, quotes as the shell does.
 * It names no files: the capture kernel does. Nothing in *ret is borrowed from @line.
 * What only the healthy system can do (-x, --config, …) is refused; -F is dropped, since
 * there is a file to write, which is to open as it is.
 * -ENOTSUP when the first word is no makedumpfile; -EINVAL, -ENOMEM.
 */
int kd_options_parse_collector(const char *line, struct kd_dump_options *ret,
			       struct kd_error *err);

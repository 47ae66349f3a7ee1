/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Between the files of the command line: options.c splits words, options-table.c knows
 * every option, options-values.c reads its value, options-rules.c says what goes with
 * what, collector.c takes a line that names no files. Nobody else includes this.
 */
#pragma once

#include "makedumpfile/options.h"

/* One bit each in sets of options; in the order of makedumpfile(8), ours at the end. */
enum kd_option_id {
	KD_OPT_ZLIB,
	KD_OPT_LZO,
	KD_OPT_SNAPPY,
	KD_OPT_ZSTD,
	KD_OPT_NONE,
	KD_OPT_LEVELS,
	KD_OPT_LIMIT,
	KD_OPT_ELF,
	KD_OPT_FLAT,
	KD_OPT_REARRANGE,
	KD_OPT_SPLIT,
	KD_OPT_SPLIT_BLOCK,
	KD_OPT_REASSEMBLE,
	KD_OPT_NUM_THREADS,
	KD_OPT_BLOCK_ORDER,
	KD_OPT_CYCLIC,
	KD_OPT_WORK_DIR,
	KD_OPT_NON_MMAP,
	KD_OPT_VMEMMAP,
	KD_OPT_VMLINUX,
	KD_OPT_VMCOREINFO,
	KD_OPT_GENERATE,
	KD_OPT_CONFIG,
	KD_OPT_DMESG,
	KD_OPT_PARTIAL,
	KD_OPT_MEM_USAGE,
	KD_OPT_VTOP,
	KD_OPT_MESSAGES,
	KD_OPT_DEBUG,
	KD_OPT_STATS,
	KD_OPT_CHECK,
	KD_OPT_DRY_RUN,
	KD_OPT_FORCE,
	KD_OPT_HELP,
	KD_OPT_VERSION,
	KD_OPT_ELSEWHERE, /* all that are refused by name */
	KD_OPT_CODEC_LEVEL,
	KD_OPT_THREADS,
	KD_OPT_MEMORY,
	KD_OPT_JSON,
	KD_OPT_TIME,
	KD_OPT_EXCLUDE,
	KD_OPT_INFO,
	KD_OPT_VERIFY,
	KD_OPT_SALVAGE,
	KD_OPT_DIFF,
	KD_OPT_MINI,
	KD_OPT_COUNT,
};

#define KD_OPT_SET(name) (UINT64_C(1) << KD_OPT_##name)

struct kd_option_parser;
struct kd_option_def;

/** Put an option's value where it belongs; @value is NULL for one without. -EINVAL. */
typedef int kd_option_apply(struct kd_option_parser *p, const struct kd_option_def *def,
			    const char *value);

/**
 * @value: what @apply needs: codec, mode, bit, or a member's offset in the options
 * @why:   for one that is refused: why, and what to do instead
 */
struct kd_option_def {
	enum kd_option_id id;
	char short_name;
	const char *long_name;
	bool has_value;
	kd_option_apply *apply;
	size_t value;
	const char *why;
};

/**
 * @next:    index of the word to look at next
 * @seen:    set of the options that were given
 * @spelled: the option being read, as it is written
 */
struct kd_option_parser {
	int argc;
	char *const *argv;
	int next;
	uint64_t seen;
	unsigned int message_bits;
	char spelled[32];
	struct kd_dump_options options;
	struct kd_error *err;
};

/** Every option there is; *ret_n of them. */
const struct kd_option_def *kd_option_table(size_t *ret_n);

/** "-d" or "--split": how the lowest option of @set is written, into @ret. */
void kd_option_spell(uint64_t set, char *ret, size_t size);

/* One function a kind of value: see the table for who has which. */
kd_option_apply kd_option_codec, kd_option_mode, kd_option_flag, kd_option_text,
	kd_option_size, kd_option_kilobytes, kd_option_elf, kd_option_levels,
	kd_option_codec_level, kd_option_threads, kd_option_order, kd_option_generate,
	kd_option_vtop, kd_option_messages, kd_option_message_bit, kd_option_seconds,
	kd_option_exclude, kd_option_refuse;

/** Split the words of @p into options and operands, values read. -EINVAL. */
int kd_option_words(struct kd_option_parser *p);

/** What needs or excludes what, and whether the operands are those of the mode; then
 *  whatever depends on several options at once is settled. -EINVAL. */
int kd_option_rules(struct kd_option_parser *p);

/** The rules of core_collector: no files, nothing that only a healthy system can do;
 *  nothing in the options is borrowed afterwards. -EINVAL. */
int kd_option_collector_rules(struct kd_option_parser *p);

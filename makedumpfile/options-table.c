/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * makedumpfile's options in one table: every one it knows has a line, so that none can
 * be mistaken for another or pass unseen. Called by options.c and options-rules.c.
 */
#include "makedumpfile/options-private.h"

#define AT(member) offsetof(struct kd_dump_options, member)
#define XEN	   "Xen dumps are not supported; use the makedumpfile of your distribution"
#define SADUMP	   "sadump images are not supported; convert them with makedumpfile first"
#define PLUGIN	   "programs inside of the filter are not supported; "

#define OPTION(id, letter, name, has_value, apply, value)                            \
	{                                                                            \
		KD_OPT_##id, letter, name, has_value, kd_option_##apply, value, NULL \
	}
#define REFUSED(letter, name, has_value, why)                                       \
	{                                                                           \
		KD_OPT_ELSEWHERE, letter, name, has_value, kd_option_refuse, 0, why \
	}

static const struct kd_option_def table[] = {
	OPTION(ZLIB, 'c', NULL, false, codec, KD_CODEC_ZLIB),
	OPTION(LZO, 'l', NULL, false, codec, KD_CODEC_LZO),
	OPTION(SNAPPY, 'p', NULL, false, codec, KD_CODEC_SNAPPY),
	OPTION(ZSTD, 'z', NULL, false, codec, KD_CODEC_ZSTD),
	OPTION(NONE, 0, "uncompressed", false, codec, KD_CODEC_NONE),
	OPTION(LEVELS, 'd', NULL, true, levels, 0),
	OPTION(LIMIT, 'L', NULL, true, size, AT(size_limit)),
	OPTION(ELF, 'E', NULL, false, elf, 0),
	OPTION(FLAT, 'F', NULL, false, flag, AT(flattened)),
	OPTION(REARRANGE, 'R', NULL, false, mode, KD_MODE_REARRANGE),
	OPTION(SPLIT, 0, "split", false, flag, AT(split)),
	OPTION(SPLIT_BLOCK, 0, "splitblock-size", true, kilobytes, AT(split_block)),
	OPTION(REASSEMBLE, 0, "reassemble", false, mode, KD_MODE_REASSEMBLE),
	OPTION(NUM_THREADS, 0, "num-threads", true, threads, 0),
	OPTION(BLOCK_ORDER, 'b', NULL, true, order, 0),
	OPTION(CYCLIC, 0, "cyclic-buffer", true, kilobytes, AT(bitmap_limit)),
	OPTION(WORK_DIR, 0, "work-dir", true, text, AT(work_dir)),
	OPTION(NON_MMAP, 0, "non-mmap", false, flag, AT(non_mmap)),
	OPTION(VMEMMAP, 'e', NULL, false, flag, AT(exclude_vmemmap)),
	OPTION(VMLINUX, 'x', NULL, true, text, AT(vmlinux)),
	OPTION(VMCOREINFO, 'i', NULL, true, text, AT(vmcoreinfo)),
	OPTION(GENERATE, 'g', NULL, true, generate, AT(output)),
	OPTION(CONFIG, 0, "config", true, text, AT(erase_config)),
	OPTION(DMESG, 0, "dump-dmesg", false, mode, KD_MODE_DMESG),
	OPTION(PARTIAL, 0, "partial-dmesg", false, flag, AT(partial_dmesg)),
	OPTION(MEM_USAGE, 0, "mem-usage", false, mode, KD_MODE_MEM_USAGE),
	OPTION(VTOP, 0, "vtop", true, vtop, 0),
	OPTION(MESSAGES, 0, "message-level", true, messages, 0),
	OPTION(DEBUG, 'D', NULL, false, message_bit, KD_MESSAGE_DEBUG),
	OPTION(STATS, 0, "show-stats", false, flag, AT(show_stats)),
	OPTION(CHECK, 0, "check-params", false, flag, AT(check_params)),
	OPTION(DRY_RUN, 0, "dry-run", false, flag, AT(dry_run)),
	OPTION(FORCE, 'f', NULL, false, flag, AT(force)),
	OPTION(HELP, 'h', "help", false, mode, KD_MODE_HELP),
	OPTION(VERSION, 'v', NULL, false, mode, KD_MODE_VERSION),

	REFUSED('X', NULL, false, XEN),
	REFUSED(0, "xen-syms", true, XEN),
	REFUSED(0, "xen-vmcoreinfo", true, XEN),
	REFUSED(0, "xen_phys_start", true, XEN),
	REFUSED(0, "diskset", true, SADUMP),
	REFUSED(0, "eppic", true, PLUGIN "erase by type with --config"),
	REFUSED(0, "extension", true,
		PLUGIN "--exclude and --config do what is built in"),

	OPTION(CODEC_LEVEL, 0, "level", true, codec_level, 0),
	OPTION(THREADS, 0, "threads", true, threads, 0),
	OPTION(MEMORY, 0, "memory", true, size, AT(memory_limit)),
	OPTION(JSON, 0, "json", false, flag, AT(json)),
	OPTION(TIME, 0, "time-budget", true, seconds, 0),
	OPTION(EXCLUDE, 0, "exclude", true, exclude, 0),
	OPTION(INFO, 0, "info", false, mode, KD_MODE_INFO),
	OPTION(VERIFY, 0, "verify", false, mode, KD_MODE_VERIFY),
	OPTION(SALVAGE, 0, "salvage", false, mode, KD_MODE_SALVAGE),
	OPTION(DIFF, 0, "diff", false, mode, KD_MODE_DIFF),
	OPTION(MINI, 0, "mini", false, flag, AT(mini)),
};

_Static_assert(KD_OPT_COUNT <= 64, "options are bits of a set");

const struct kd_option_def *kd_option_table(size_t *ret_n)
{
	*ret_n = ARRAY_SIZE(table);
	return table;
}

void kd_option_spell(uint64_t set, char *ret, size_t size)
{
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		const struct kd_option_def *def = &table[i];

		if (!(set & UINT64_C(1) << def->id))
			continue;
		if (def->short_name)
			(void)snprintf(ret, size, "-%c", def->short_name);
		else
			(void)snprintf(ret, size, "--%s", def->long_name);
		return;
	}
	(void)snprintf(ret, size, "an option");
}

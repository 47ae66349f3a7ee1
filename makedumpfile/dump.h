/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The façade: a vmcore, what is known of its kernel, and options go in; a filtered,
 * compressed dump comes out of a sink. The only code that sees all stages. Called by
 * the makedumpfile program and by pid 1. Memory is sized before the first page.
 */
#pragma once

#include "makedumpfile/erase/erase.h"
#include "makedumpfile/input.h"
#include "makedumpfile/layout/layout.h"
#include "makedumpfile/options.h"
#include "makedumpfile/pages/keepstore.h"
#include "makedumpfile/pages/selfcheck.h"
#include "makedumpfile/sink/sink.h"

/** How good our knowledge of the dead kernel turned out to be. */
enum kd_dump_knowledge {
	KD_KNOW_LAYOUT,	    /* a layout file that matches the build ID */
	KD_KNOW_VMCOREINFO, /* vmcoreinfo alone */
	KD_KNOW_NOTHING,    /* every page kept, zero pages excepted */
};

/**
 * @input:    borrowed
 * @layout:   resolved while the system was healthy; NULL or a mismatch falls back
 * @options:  levels, format, codec, threads and limits; borrowed
 * @unfiltered: keep all that the input has, without a look at the memory map
 * @attempt:  which of options->levels to use. A caller that got -ENOSPC may give fresh
 *            sinks and the next one (-d 11,31): a sink cannot be started over from here
 * @memory_limit: bytes of buffers in all; overrides options->memory_limit unless 0
 * @room:     bytes there are for the dump: one that cannot fit, by an estimate, ends with
 *            -ENOSPC before anything is written. 0 for no such look: the last level, of
 *            which a part is better than nothing
 * @erase:    what to patch, sealed; NULL for nothing; borrowed
 * @sinks:    one, or one for each part of a split dump; borrowed, not closed. None for a
 *            dry run: filter and count, write nothing
 * @spill:    where bitmaps go that do not fit memory and cannot be read back from the
 *            dump; NULL without: then they are made anew where they are needed
 * @progress: may be NULL; called about once a second with pages done and to do
 * @note:     may be NULL; told each degradation in words
 */
struct kd_dump_request {
	const struct kd_input *input;
	const struct kd_layout *layout;
	const struct kd_dump_options *options;
	bool unfiltered;
	size_t attempt;
	uint64_t memory_limit;
	uint64_t room;
	const struct kd_erase *erase;
	struct kd_sink *const *sinks;
	size_t n_sinks;
	const struct kd_keep_spill *spill;
	void (*progress)(void *context, const char *what, uint64_t done, uint64_t all);
	void (*note)(void *context, const char *text);
	void *context;
};

#define KD_DUMP_CLASSES 24

/**
 * @level:        the one that was used
 * @threads:      that copied
 * @max_pfn:      one past the highest page frame
 * @pages_total:  that exist; @pages_kept: that got a descriptor, zero pages included
 * @pages_memmap: of the memory map that -e left out
 * @check:        found against counted, where the kernel's counts could be read
 * @pages_absent: that the input, filtered already, did not have
 * @pages_zero, @pages_shared, @pages_raw: as in format/writer.h
 * @bytes:        of all outputs together
 * @memory:       bytes of buffers planned
 * Classes in the order of pages/classify.h; names come from there.
 */
struct kd_dump_stats {
	enum kd_dump_knowledge knowledge;
	unsigned int level;
	unsigned int threads;
	uint64_t max_pfn;
	uint64_t pages_total, pages_kept, pages_absent, pages_memmap;
	uint64_t pages_zero, pages_shared, pages_raw, pages_unreadable;
	uint64_t bytes;
	uint64_t memory;
	struct kd_selfcheck check;
	size_t n_classes;
	struct {
		const char *name;
		uint64_t seen, kept;
	} classes[KD_DUMP_CLASSES];
};

/**
 * Write the dump. On failure what the sinks hold still opens where anything was written
 * at all, and says INCOMPLETE; that is so for -ENOSPC, -L and --time-budget too. Pages
 * that cannot be read are marked and counted, and never an error.
 *
 * @ret: filled as far as it went, also on failure
 * Errors: -EINVAL for an attempt beyond the levels, -ENOMEM, -ENODATA for an input without
 * memory, -ETIME, those of the sinks.
 */
int kd_dump_write(const struct kd_dump_request *request, struct kd_dump_stats *ret,
		  struct kd_error *err);

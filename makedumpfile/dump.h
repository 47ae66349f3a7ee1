/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The façade: a vmcore, what is known of its kernel, and options go in; a filtered,
 * compressed dump comes out of a sink. The only code that sees all stages. Called by
 * the makedumpfile program and by pid 1. Memory is sized before the first page.
 */
#pragma once

#include "makedumpfile/input.h"
#include "makedumpfile/layout/layout.h"
#include "makedumpfile/options.h"
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
 * @options:  levels, codec; borrowed
 * @attempt:  which of options->levels to use. A caller that got -ENOSPC may give a fresh
 *            sink and the next one (-d 11,31): a sink cannot be started over from here
 * @memory_limit: bytes of buffers in all, 0 for the default of 32 MiB. When bitmaps of
 *            all memory do not fit, the memory map is walked three times, range by
 *            range
 * @progress: may be NULL; called about once a second with pages done and to do
 * @note:     may be NULL; told each degradation in words
 */
struct kd_dump_request {
	const struct kd_input *input;
	const struct kd_layout *layout;
	const struct kd_dump_options *options;
	size_t attempt;
	uint64_t memory_limit;
	void (*progress)(void *context, const char *what, uint64_t done, uint64_t all);
	void (*note)(void *context, const char *text);
	void *context;
};

#define KD_DUMP_CLASSES 24

/** @pages_total: that exist; @pages_kept: that got a descriptor, zero pages included.
 *  Classes in the order of pages/classify.h; names come from there. */
struct kd_dump_stats {
	enum kd_dump_knowledge knowledge;
	unsigned int level; /* the one that was used */
	uint64_t max_pfn;   /* one past the highest page frame */
	uint64_t pages_total, pages_kept, pages_zero, pages_unreadable;
	uint64_t bytes;
	size_t n_classes;
	struct {
		const char *name;
		uint64_t seen, kept;
	} classes[KD_DUMP_CLASSES];
};

/**
 * Write the dump. On failure what the sink holds still opens where anything was
 * written at all, and says INCOMPLETE; that is so for -ENOSPC too. Pages that cannot be
 * read are marked and counted, and never an error.
 * @sink: borrowed, not closed; NULL for a dry run: filter and count, write nothing
 * @ret:  filled as far as it went, also on failure
 * Errors: -EINVAL for an attempt beyond the levels, -ENOMEM, -ENODATA for an input without
 * memory, those of the sink.
 */
int kd_dump_write(const struct kd_dump_request *request, struct kd_sink *sink,
		  struct kd_dump_stats *ret, struct kd_error *err);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What there is to tell of a dump that was made, or was not: as the original's report
 * (--show-stats) and as one JSON object (--json, docs/dump-json.md). Filled by run-dump.c.
 */
#pragma once

#include "base/strbuf.h"
#include "base/strlist.h"
#include "makedumpfile/dump.h"

/**
 * @options:   borrowed
 * @page_size: bytes, 0 when no input was opened
 * @stats:     of the last attempt
 * @notes:     each degradation and remark of a self-check, in words; owned
 * @wall_ms, @cpu_ms, @peak_rss_kib: of the whole program
 * @result:    0 or a negative errno, then with @error, borrowed
 * @written:   something of the dump is in its files
 */
struct kd_report {
	const struct kd_dump_options *options;
	uint32_t page_size;
	struct kd_dump_stats stats;
	struct kd_strlist notes;
	uint64_t wall_ms, cpu_ms, peak_rss_kib;
	int result;
	const char *error;
	bool written;
};

void kd_report_done(struct kd_report *r);

/** Bytes of kept pages a second, 0 when no time went by. */
uint64_t kd_report_speed(const struct kd_report *r);

/** Print the report of --show-stats, in the original's words as far as these go. */
void kd_report_print(const struct kd_report *r, FILE *out);

/** One JSON object, newline included. Errors are the buffer's. */
void kd_report_json(const struct kd_report *r, struct kd_strbuf *out);

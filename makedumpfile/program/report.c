/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The report of a dump as text: the lines of the original first, since people and
 * scripts know them, then what it does not tell. Trusts its arguments; called by
 * run-dump.c.
 */
#include "makedumpfile/program/report.h"

#include <inttypes.h>

#include "makedumpfile/pages/classify.h"

void kd_report_done(struct kd_report *r)
{
	kd_strlist_done(&r->notes);
}

uint64_t kd_report_speed(const struct kd_report *r)
{
	double bytes = (double)r->stats.pages_kept * r->page_size;

	return r->wall_ms ? (uint64_t)(bytes * 1000 / (double)r->wall_ms) : 0;
}

static uint64_t dropped(const struct kd_dump_stats *s, enum kd_page_class class)
{
	return s->classes[class].seen - s->classes[class].kept;
}

static void print_classes(const struct kd_dump_stats *s, FILE *out)
{
	static const struct {
		const char *label;
		enum kd_page_class classes[2];
	} lines[] = {
		{ "Non-private cache pages", { KD_CLASS_CACHE, KD_CLASS_CACHE } },
		{ "Private cache pages",
		  { KD_CLASS_CACHE_PRIVATE, KD_CLASS_CACHE_PRIVATE } },
		{ "User process data pages", { KD_CLASS_USER, KD_CLASS_HUGETLB } },
		{ "Free pages", { KD_CLASS_FREE, KD_CLASS_UNACCEPTED } },
		{ "Hwpoison pages", { KD_CLASS_HWPOISON, KD_CLASS_HWPOISON } },
		{ "Offline pages", { KD_CLASS_OFFLINE, KD_CLASS_OFFLINE } },
	};

	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		uint64_t n = dropped(s, lines[i].classes[0]);

		if (lines[i].classes[1] != lines[i].classes[0])
			n += dropped(s, lines[i].classes[1]);
		(void)fprintf(out, "    %-24s: 0x%016" PRIx64 "\n", lines[i].label, n);
	}
}

/* Where the kernel's own count is known. */
static void print_check(const struct kd_selfcheck *check, FILE *out)
{
	for (unsigned int i = 0; i < KD_VMSTAT_COUNT; i++) {
		const struct kd_selfcheck_row *row = &check->rows[i];

		if (row->result != KD_SELFCHECK_UNKNOWN)
			(void)fprintf(out,
				      "Self-check      : %s: %" PRIu64 " found, %" PRIu64
				      " counted by the kernel\n",
				      kd_selfcheck_name((enum kd_vmstat_item)i),
				      row->found, row->counted);
	}
}

static void print_ours(const struct kd_report *r, FILE *out)
{
	const struct kd_dump_stats *s = &r->stats;

	(void)fprintf(out, "Unreadable pages: 0x%016" PRIx64 "\n", s->pages_unreadable);
	(void)fprintf(out, "Shared pages    : 0x%016" PRIx64 "\n", s->pages_shared);
	(void)fprintf(out, "Raw pages       : 0x%016" PRIx64 "\n", s->pages_raw);
	(void)fprintf(out, "Threads         : %u\n", s->threads);
	(void)fprintf(out,
		      "Time            : %" PRIu64 ".%03" PRIu64 " s (CPU: %" PRIu64
		      ".%03" PRIu64 " s)\n",
		      r->wall_ms / 1000, r->wall_ms % 1000, r->cpu_ms / 1000,
		      r->cpu_ms % 1000);
	(void)fprintf(out, "Speed           : %" PRIu64 " MB/s\n",
		      kd_report_speed(r) / 1000000);
	(void)fprintf(out, "Peak memory     : %" PRIu64 " KiB\n", r->peak_rss_kib);
	print_check(&s->check, out);
	for (size_t i = 0; i < r->notes.n; i++)
		(void)fprintf(out, "Remark          : %s\n", r->notes.items[i]);
	(void)fprintf(out, "\n");
}

void kd_report_print(const struct kd_report *r, FILE *out)
{
	const struct kd_dump_stats *s = &r->stats;
	/* zero pages count as excluded only where the level says so */
	uint64_t zero = s->level & KD_EXCLUDE_ZERO ? s->pages_zero : 0;
	uint64_t excluded = s->pages_total - s->pages_kept + zero;

	(void)fprintf(out, "\nOriginal pages  : 0x%016" PRIx64 "\n", s->pages_total);
	(void)fprintf(out, "  Excluded pages   : 0x%016" PRIx64 "\n", excluded);
	(void)fprintf(out, "    Pages filled with zero  : 0x%016" PRIx64 "\n", zero);
	print_classes(s, out);
	(void)fprintf(out, "  Remaining pages  : 0x%016" PRIx64 "\n",
		      s->pages_total - excluded);
	if (s->pages_total)
		(void)fprintf(out,
			      "  (The number of pages is reduced to %" PRIu64 "%%.)\n",
			      (s->pages_total - excluded) * 100 / s->pages_total);
	(void)fprintf(out, "Memory Hole     : 0x%016" PRIx64 "\n",
		      s->max_pfn - s->pages_total);
	(void)fprintf(out, "--------------------------------------------------\n");
	(void)fprintf(out, "Total pages     : 0x%016" PRIx64 "\n", s->max_pfn);
	(void)fprintf(out, "Write bytes     : %" PRIu64 "\n\n", s->bytes);
	print_ours(r, out);
}

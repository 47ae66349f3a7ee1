/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Found against counted, with a tolerance for each class. See selfcheck.h and
 * docs/filtering.md.
 */
#include "makedumpfile/pages/selfcheck.h"

#include <inttypes.h>
#include <stdio.h>

/* stat_threshold is at most 125 pages a CPU and zone (mm/vmstat.c,
 * calculate_normal_threshold()): each CPU holds back up to that many. */
#define HELD_BACK 125

/*
 * What a kind is made of, and how far off it may be, in percent of what was counted:
 * - free pages are counted where they are linked into the buddy lists: 1;
 * - slab pages where they are allocated, but large allocations of kmalloc() count as
 *   unreclaimable slab without being any: more than counted is as exact, fewer is not;
 * - anonymous pages count when mapped: those in the swap cache, of huge pages mapped in
 *   part, and merged ones (KSM) are found and not counted;
 * - page cache counts when it is in a file's tree: truncated pages that somebody holds are
 *   found and not counted, those that wait for a place on the LRU lists the other way,
 *   and so is swap cache.
 */
static const struct {
	const char *name;
	unsigned int classes;
	unsigned int more, fewer;
} kinds[KD_VMSTAT_COUNT] = {
	[KD_VMSTAT_FREE] = { "free", 1U << KD_CLASS_FREE, 1, 1 },
	[KD_VMSTAT_SLAB] = { "slab", 1U << KD_CLASS_SLAB, 5, 25 },
	[KD_VMSTAT_ANON] = { "anonymous", 1U << KD_CLASS_USER, 100, 50 },
	[KD_VMSTAT_CACHE] = { "page cache",
			      1U << KD_CLASS_CACHE | 1U << KD_CLASS_CACHE_PRIVATE |
				      1U << KD_CLASS_GUEST,
			      25, 50 },
};

const char *kd_selfcheck_name(enum kd_vmstat_item item)
{
	return (size_t)item < KD_VMSTAT_COUNT ? kinds[item].name : "";
}

static void check_row(struct kd_selfcheck_row *row, unsigned int more, unsigned int fewer,
		      uint64_t slack)
{
	uint64_t high = row->counted + row->counted / 100 * more + slack;
	uint64_t low = row->counted / 100 * (100 - fewer);

	if (row->found > high)
		row->result = KD_SELFCHECK_MORE;
	else if (row->found + slack < low)
		row->result = KD_SELFCHECK_FEWER;
	else
		row->result = KD_SELFCHECK_FITS;
}

void kd_selfcheck(const struct kd_scan_counts *counts, const struct kd_vmstat *stat,
		  unsigned int n_cpus, struct kd_selfcheck *ret)
{
	uint64_t all = 0;

	*ret = (struct kd_selfcheck) { 0 };
	for (size_t c = 0; c < KD_CLASS_COUNT; c++) {
		all += counts->seen[c];
		for (size_t i = 0; i < KD_VMSTAT_COUNT; i++)
			if (kinds[i].classes & (1U << c))
				ret->rows[i].found += counts->seen[c];
	}
	for (size_t i = 0; stat && i < KD_VMSTAT_COUNT; i++) {
		struct kd_selfcheck_row *row = &ret->rows[i];
		uint64_t slack = (uint64_t)HELD_BACK * MAX(n_cpus, 1U) *
				 MAX(stat->n_zones, 1U);

		row->counted = stat->pages[i];
		/* memory a vmcore leaves out is counted, but there is not that much of
		 * it (the crash kernel's own is reserved, not free) */
		if (!stat->known[i] || row->counted > all + all / 4)
			continue;
		check_row(row, kinds[i].more, kinds[i].fewer, slack);
		if (row->result == KD_SELFCHECK_MORE)
			ret->keep |= kinds[i].classes;
	}
}

bool kd_selfcheck_text(const struct kd_selfcheck *check, enum kd_vmstat_item item,
		       unsigned int kept, char *buf, size_t size)
{
	const struct kd_selfcheck_row *row = &check->rows[item];
	const char *what = "this kernel's pages may not be understood";

	buf[0] = '\0';
	if (row->result != KD_SELFCHECK_MORE && row->result != KD_SELFCHECK_FEWER)
		return false;
	if (row->result == KD_SELFCHECK_MORE && (kinds[item].classes & kept))
		what = "they are all kept";
	(void)snprintf(buf, size,
		       "%" PRIu64 " %s pages were found, the kernel counted %" PRIu64
		       ": %s",
		       row->found, kinds[item].name, row->counted, what);
	return true;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How many pages of some kinds the dead kernel itself counted: sums over its zones and
 * nodes. Trusts no pointer and no count; what cannot be read is left out. Called by the
 * façade, for selfcheck.h.
 */
#pragma once

#include "makedumpfile/layout/layout.h"
#include "makedumpfile/vmcore/xlat.h"

enum kd_vmstat_item {
	KD_VMSTAT_FREE,	 /* NR_FREE_PAGES, of zones */
	KD_VMSTAT_SLAB,	 /* NR_SLAB_RECLAIMABLE_B and _UNRECLAIMABLE_B, pages in spite of
			    their names (mm/vmstat.c, vmstat_item_in_bytes()) */
	KD_VMSTAT_ANON,	 /* NR_ANON_MAPPED */
	KD_VMSTAT_CACHE, /* NR_FILE_PAGES */
	KD_VMSTAT_COUNT,
};

/** @known: whether @pages, in frames, could be read of all nodes; @n_zones: that have
 *  counters, for how far these may lag behind */
struct kd_vmstat {
	bool known[KD_VMSTAT_COUNT];
	uint64_t pages[KD_VMSTAT_COUNT];
	unsigned int n_zones;
};

/**
 * Read what @layout knows the place of: with vmcoreinfo alone that is the free pages.
 * Returns 0, or -ENODATA when no node could be found.
 */
int kd_vmstat_read(struct kd_vmstat *ret, const struct kd_xlat *xlat,
		   const struct kd_layout *layout);

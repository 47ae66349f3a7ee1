/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether the pages that were found fit what the dead kernel counted: pure. A class of
 * which clearly more was found than there is may be something else that a new kernel
 * marks alike: it is kept then. Called by the façade, between two scans.
 */
#pragma once

#include "makedumpfile/pages/scan.h"
#include "makedumpfile/pages/vmstat.h"

enum kd_selfcheck_result {
	KD_SELFCHECK_UNKNOWN, /* the kernel's count is not to be had, or makes no sense */
	KD_SELFCHECK_FITS,
	KD_SELFCHECK_FEWER, /* pages of the class went by as something else: kept */
	KD_SELFCHECK_MORE,  /* pages may go that should stay */
};

/** @found, @counted: frames */
struct kd_selfcheck_row {
	enum kd_selfcheck_result result;
	uint64_t found, counted;
};

/** @rows: by enum kd_vmstat_item
 *  @keep: 1U << class for kd_policy.keep: those of which too many were found */
struct kd_selfcheck {
	struct kd_selfcheck_row rows[KD_VMSTAT_COUNT];
	unsigned int keep;
};

/**
 * @stat:   NULL when it could not be read: nothing is known then
 * @n_cpus: of the dead machine, 0 when unknown: each may hold back a part of a count
 */
void kd_selfcheck(const struct kd_scan_counts *counts, const struct kd_vmstat *stat,
		  unsigned int n_cpus, struct kd_selfcheck *ret);

/**
 * One row as a sentence: "120 free pages were found, the kernel counted 100: …".
 * @kept: classes, 1U << class, that are kept now and would have been left out
 * Returns false, and "" in @buf, for a row of which there is nothing to say.
 */
bool kd_selfcheck_text(const struct kd_selfcheck *check, enum kd_vmstat_item item,
		       unsigned int kept, char *buf, size_t size);

/** "free", "slab", "anonymous", "page cache". */
const char *kd_selfcheck_name(enum kd_vmstat_item item);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which classes of pages are left out: a table and nothing else. Called by scan.c; the
 * level's bits are also those of makedumpfile's -d.
 */
#pragma once

#include "makedumpfile/pages/classify.h"

/** Dump level bits, as makedumpfile(8) -d. Zero pages are found while copying. */
enum kd_dump_level {
	KD_EXCLUDE_ZERO = 1,
	KD_EXCLUDE_CACHE = 2,
	KD_EXCLUDE_PRIVATE_CACHE = 4,
	KD_EXCLUDE_USER = 8,
	KD_EXCLUDE_FREE = 16,
	KD_EXCLUDE_ALL = 31,
};

/** --exclude: classes of pages beyond those of the dump level. */
enum kd_dump_exclude {
	KD_EXCLUDE_ZRAM = 1,  /* compressed swap: zsmalloc */
	KD_EXCLUDE_GUEST = 2, /* memory of virtual machines: guest_memfd */
	KD_EXCLUDE_GPU = 4,   /* graphics buffers: no kernel marks them, see classify.h */
};

/**
 * @level:   enum kd_dump_level bits
 * @exclude: enum kd_dump_exclude bits
 * @keep:    1U << class: classes that stay whatever the bits say, since what was found
 *           of them does not fit the kernel's own count (selfcheck.h)
 */
struct kd_policy {
	unsigned int level;
	unsigned int exclude;
	unsigned int keep;
};

/** Whether pages of @class are kept. Broken and offline memory never is. */
bool kd_policy_keep(const struct kd_policy *policy, enum kd_page_class class);

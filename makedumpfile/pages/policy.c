/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Class against dump level. A class that is not in the table is kept, and so is a number
 * that is no class. Called by scan.c.
 */
#include "makedumpfile/pages/policy.h"

#define ALWAYS (1U << 31)

bool kd_policy_keep(enum kd_page_class class, unsigned int level)
{
	/* any of these bits drops the class */
	static const unsigned int dropped_by[KD_CLASS_COUNT] = {
		[KD_CLASS_FREE] = KD_EXCLUDE_FREE,
		[KD_CLASS_UNACCEPTED] = KD_EXCLUDE_FREE,
		/* makedumpfile(8): level 4 takes the cache with and without private */
		[KD_CLASS_CACHE] = KD_EXCLUDE_CACHE | KD_EXCLUDE_PRIVATE_CACHE,
		[KD_CLASS_CACHE_PRIVATE] = KD_EXCLUDE_PRIVATE_CACHE,
		[KD_CLASS_USER] = KD_EXCLUDE_USER,
		[KD_CLASS_HUGETLB] = KD_EXCLUDE_USER,
		/* there is nothing to read there, and trying may hang or kill */
		[KD_CLASS_OFFLINE] = ALWAYS,
		[KD_CLASS_HWPOISON] = ALWAYS,
	};

	if ((size_t) class >= KD_CLASS_COUNT)
		return true;
	return !(dropped_by[class] & (level | ALWAYS));
}

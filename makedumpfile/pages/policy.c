/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Class against dump level. A class that is not in the table is kept, and so is a number
 * that is no class. Called by scan.c.
 */
#include "makedumpfile/pages/policy.h"

bool kd_policy_keep(const struct kd_policy *policy, enum kd_page_class class)
{
	/* any of these bits drops the class */
	static const struct {
		unsigned int level, exclude;
		bool always;
	} dropped_by[KD_CLASS_COUNT] = {
		[KD_CLASS_FREE] = { .level = KD_EXCLUDE_FREE },
		[KD_CLASS_UNACCEPTED] = { .level = KD_EXCLUDE_FREE },
		/* makedumpfile(8): level 4 takes the cache with and without private */
		[KD_CLASS_CACHE] = { .level = KD_EXCLUDE_CACHE |
					      KD_EXCLUDE_PRIVATE_CACHE },
		[KD_CLASS_CACHE_PRIVATE] = { .level = KD_EXCLUDE_PRIVATE_CACHE },
		[KD_CLASS_USER] = { .level = KD_EXCLUDE_USER },
		[KD_CLASS_HUGETLB] = { .level = KD_EXCLUDE_USER },
		[KD_CLASS_ZRAM] = { .exclude = KD_EXCLUDE_ZRAM },
		/* it is page cache, whatever is asked beyond that */
		[KD_CLASS_GUEST] = { .level = KD_EXCLUDE_CACHE | KD_EXCLUDE_PRIVATE_CACHE,
				     .exclude = KD_EXCLUDE_GUEST },
		/* there is nothing to read there, and trying may hang or kill */
		[KD_CLASS_OFFLINE] = { .always = true },
		[KD_CLASS_HWPOISON] = { .always = true },
	};

	if ((size_t) class >= KD_CLASS_COUNT)
		return true;
	if (dropped_by[class].always)
		return false;
	return (policy->keep & (1U << class)) ||
	       !((dropped_by[class].level & policy->level) ||
		 (dropped_by[class].exclude & policy->exclude));
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pages/policy: the table of makedumpfile(8), row by row, over all 32 levels.
 */
#include "tests/unit/test.h"

#include "makedumpfile/pages/policy.h"

static void whole_table(struct test *t)
{
	for (unsigned int level = 0; level <= KD_EXCLUDE_ALL; level++) {
		CHECK_INT(t, kd_policy_keep(KD_CLASS_FREE, level), !(level & 16));
		CHECK_INT(t, kd_policy_keep(KD_CLASS_UNACCEPTED, level), !(level & 16));
		CHECK_INT(t, kd_policy_keep(KD_CLASS_USER, level), !(level & 8));
		CHECK_INT(t, kd_policy_keep(KD_CLASS_HUGETLB, level), !(level & 8));
		CHECK_INT(t, kd_policy_keep(KD_CLASS_CACHE_PRIVATE, level), !(level & 4));
		CHECK_INT(t, kd_policy_keep(KD_CLASS_CACHE, level), !(level & 6));
	}
}

static void always_and_never(struct test *t)
{
	static const enum kd_page_class kept[] = { KD_CLASS_KERNEL, KD_CLASS_UNKNOWN,
						   KD_CLASS_TAIL, KD_CLASS_SLAB,
						   KD_CLASS_COUNT };

	for (unsigned int level = 0; level <= KD_EXCLUDE_ALL; level++) {
		CHECK(t, !kd_policy_keep(KD_CLASS_HWPOISON, level));
		CHECK(t, !kd_policy_keep(KD_CLASS_OFFLINE, level));
		for (size_t i = 0; i < ARRAY_SIZE(kept); i++)
			CHECK(t, kd_policy_keep(kept[i], level));
	}
}

static const struct test_case cases[] = {
	{ "each class goes with its bits", whole_table },
	{ "poisoned and offline never stay, doubt always does", always_and_never },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}

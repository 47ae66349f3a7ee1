/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pages/policy: the table of makedumpfile(8), row by row, over all 32 levels.
 */
#include "tests/unit/test.h"

#include "makedumpfile/pages/policy.h"

static void whole_table(struct test *t)
{
	for (unsigned int level = 0; level <= KD_EXCLUDE_ALL; level++) {
		struct kd_policy policy = { .level = level };

		CHECK_INT(t, kd_policy_keep(&policy, KD_CLASS_FREE), !(level & 16));
		CHECK_INT(t, kd_policy_keep(&policy, KD_CLASS_UNACCEPTED), !(level & 16));
		CHECK_INT(t, kd_policy_keep(&policy, KD_CLASS_USER), !(level & 8));
		CHECK_INT(t, kd_policy_keep(&policy, KD_CLASS_HUGETLB), !(level & 8));
		CHECK_INT(t, kd_policy_keep(&policy, KD_CLASS_CACHE_PRIVATE),
			  !(level & 4));
		CHECK_INT(t, kd_policy_keep(&policy, KD_CLASS_CACHE), !(level & 6));
	}
}

static void always_and_never(struct test *t)
{
	static const enum kd_page_class kept[] = { KD_CLASS_KERNEL, KD_CLASS_UNKNOWN,
						   KD_CLASS_TAIL,   KD_CLASS_SLAB,
						   KD_CLASS_ZRAM,   KD_CLASS_COUNT };

	for (unsigned int level = 0; level <= KD_EXCLUDE_ALL; level++) {
		struct kd_policy policy = { .level = level };

		CHECK(t, !kd_policy_keep(&policy, KD_CLASS_HWPOISON));
		CHECK(t, !kd_policy_keep(&policy, KD_CLASS_OFFLINE));
		for (size_t i = 0; i < ARRAY_SIZE(kept); i++)
			CHECK(t, kd_policy_keep(&policy, kept[i]));
	}
}

static void excluded_by_name(struct test *t)
{
	struct kd_policy policy = { .exclude = KD_EXCLUDE_ZRAM };

	CHECK(t, !kd_policy_keep(&policy, KD_CLASS_ZRAM));
	CHECK(t, kd_policy_keep(&policy, KD_CLASS_GUEST));
	policy.exclude = KD_EXCLUDE_GUEST;
	CHECK(t, kd_policy_keep(&policy, KD_CLASS_ZRAM));
	CHECK(t, !kd_policy_keep(&policy, KD_CLASS_GUEST));
	/* it is page cache in the first place */
	policy = (struct kd_policy) { .level = KD_EXCLUDE_CACHE };
	CHECK(t, !kd_policy_keep(&policy, KD_CLASS_GUEST));
}

/* A class that does not fit the kernel's count stays, broken memory does not. */
static void kept_on_doubt(struct test *t)
{
	struct kd_policy policy = { .level = KD_EXCLUDE_ALL,
				    .exclude = ~0U,
				    .keep = ~0U };

	for (unsigned int c = 0; c < KD_CLASS_COUNT; c++)
		CHECK_INT(t, kd_policy_keep(&policy, (enum kd_page_class)c),
			  c != KD_CLASS_OFFLINE && c != KD_CLASS_HWPOISON);
	policy.keep = 1U << KD_CLASS_FREE;
	CHECK(t, kd_policy_keep(&policy, KD_CLASS_FREE));
	CHECK(t, !kd_policy_keep(&policy, KD_CLASS_USER));
}

static const struct test_case cases[] = {
	{ "each class goes with its bits", whole_table },
	{ "poisoned and offline never stay, doubt always does", always_and_never },
	{ "further classes go by name", excluded_by_name },
	{ "an override keeps a class, but no broken memory", kept_on_doubt },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}

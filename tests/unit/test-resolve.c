/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * layout/resolve: who wins, what is said about it, and which kernel a layout is for.
 */
#include "makedumpfile/layout/resolve.h"

#include "tests/unit/test.h"

static void set(struct kd_layout *l, enum kd_field f, int64_t value, enum kd_source s)
{
	l->values[f] = (struct kd_layout_value) { .value = value, .source = (uint8_t)s };
}

static void fills_gaps(struct test *t)
{
	struct kd_layout a = { .release = "6.1" };
	struct kd_layout b = { .release = "other", .build_id = "ab" };
	struct kd_remarks remarks = { 0 };

	set(&a, KD_F_PAGE_SIZEOF, 64, KD_SOURCE_VMCOREINFO);
	set(&b, KD_F_PAGE_SIZEOF, 64, KD_SOURCE_BTF);
	set(&b, KD_F_PAGE_FLAGS, 0, KD_SOURCE_BTF);
	CHECK_INT(t, kd_resolve_merge(&a, &b, &remarks), 0);
	CHECK_INT(t, remarks.n, 0);
	CHECK_STR(t, a.release, "6.1");
	CHECK_STR(t, a.build_id, "ab");
	CHECK_INT(t, a.values[KD_F_PAGE_SIZEOF].source, KD_SOURCE_VMCOREINFO);
	CHECK_INT(t, a.values[KD_F_PAGE_FLAGS].source, KD_SOURCE_BTF);
	CHECK(t, !kd_layout_has(&a, KD_F_PAGE_LRU));
}

static void first_one_wins(struct test *t)
{
	struct kd_layout a = { 0 }, b = { 0 };
	struct kd_remarks remarks = { 0 };

	set(&a, KD_F_PAGE_LRU, 8, KD_SOURCE_VMCOREINFO);
	set(&b, KD_F_PAGE_LRU, 16, KD_SOURCE_BTF);
	CHECK_INT(t, kd_resolve_merge(&a, &b, &remarks), 1);
	CHECK_INT(t, kd_layout_get(&a, KD_F_PAGE_LRU), 8);
	CHECK_INT(t, remarks.n, 1);
	CHECK_STR(t, remarks.texts[0],
		  "OFFSET(page.lru) is 8 by vmcoreinfo but 16 by btf");
	CHECK_INT(t, kd_resolve_merge(&a, &b, NULL), 1);
}

static void many_remarks(struct test *t)
{
	struct kd_remarks remarks = { 0 };
	char longest[2 * KD_REMARK_SIZE];

	memset(longest, 'x', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	for (int i = 0; i < KD_REMARKS + 5; i++)
		kd_remark(&remarks, "%d %s", i, longest);
	kd_remark(NULL, "nobody listens");
	CHECK_INT(t, remarks.n, KD_REMARKS + 5);
	CHECK_INT(t, strlen(remarks.texts[KD_REMARKS - 1]), KD_REMARK_SIZE - 1);
}

static void matches(struct test *t)
{
	static const struct {
		const char *info, *release, *build_id;
		bool want;
	} table[] = {
		{ "OSRELEASE=6.1\nBUILD-ID=ab\n", "6.1", "ab", true },
		{ "OSRELEASE=6.1\nBUILD-ID=ab\n", "6.1", "cd", false },
		/* a rebuild under another name, and one under the same */
		{ "OSRELEASE=6.2\nBUILD-ID=ab\n", "6.1", "ab", true },
		{ "OSRELEASE=6.1\nBUILD-ID=abcd\n", "6.1", "ab", false },
		/* one side does not know its build ID */
		{ "OSRELEASE=6.1\n", "6.1", "ab", true },
		{ "OSRELEASE=6.1\nBUILD-ID=\n", "6.1", "ab", true },
		{ "OSRELEASE=6.1\nBUILD-ID=ab\n", "6.1", "", true },
		{ "OSRELEASE=6.2\n", "6.1", "ab", false },
		{ "OSRELEASE=\n", "", "", false },
		{ "A=1\n", "6.1", "ab", false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		_cleanup_(kd_vmcoreinfo_freep) struct kd_vmcoreinfo *info = NULL;
		struct kd_layout l = { 0 };

		CHECK_INT(t,
			  kd_vmcoreinfo_new(table[i].info, strlen(table[i].info), &info,
					    NULL),
			  0);
		(void)snprintf(l.release, sizeof(l.release), "%s", table[i].release);
		(void)snprintf(l.build_id, sizeof(l.build_id), "%s", table[i].build_id);
		if (kd_layout_matches(&l, info) != table[i].want)
			test_failed(t, __FILE__, __LINE__, "line %zu", i);
	}
}

static const struct test_case cases[] = {
	{ "gaps are filled", fills_gaps },
	{ "the first one wins, and it is said", first_one_wins },
	{ "many remarks", many_remarks },
	{ "which kernel a layout is for", matches },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}

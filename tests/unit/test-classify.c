/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pages/classify: one row a page, as the kernels of two generations leave them.
 */
#include "tests/unit/pages.h"

#include "makedumpfile/pages/classify.h"

#define LRU	   (1ULL << 4)
#define SLAB	   (1ULL << 9)
#define SWAPCACHE  (1ULL << 10)
#define PRIVATE	   (1ULL << 13)
#define HEAD	   (1ULL << 16)
#define SWAPBACKED (1ULL << 19)
#define POISON	   (1ULL << 22)
#define IN_USE	   0xffffffff /* _mapcount -1 */
#define ANON	   0xffff888000001001
#define FILE_OF	   0xffff888000001000

struct row {
	const char *what;
	struct kd_page page;
	struct kd_page next;
	kd_pfn_t pfn;
	enum kd_page_class class;
	unsigned int order;
	bool poisoned;
};

static void check_rows(struct test *t, const struct kd_layout *layout,
		       const struct row *rows, size_t n)
{
	struct kd_class_rules rules;

	kd_class_rules_init(&rules, layout, 12);
	for (size_t i = 0; i < n; i++) {
		const struct row *row = &rows[i];
		struct kd_verdict v;

		v = kd_classify(&rules, row->pfn, &row->page, &row->next);
		if (v.class != row->class || v.order != row->order ||
		    v.poisoned != row->poisoned)
			test_failed(t, __FILE__, __LINE__, "%s: %s, order %u%s",
				    row->what, kd_class_name(v.class), v.order,
				    v.poisoned ? ", poisoned" : "");
	}
}

static void any_kernel(struct test *t)
{
	static const struct row rows[] = {
		{ "kernel", { .mapcount = IN_USE }, .class = KD_CLASS_KERNEL },
		{ "all ones", { .flags = 0, .mapcount = 3 }, .class = KD_CLASS_KERNEL },
		{ "cache",
		  { .flags = LRU, .mapping = FILE_OF, .mapcount = IN_USE },
		  .class = KD_CLASS_CACHE },
		{ "cache with buffers",
		  { .flags = LRU | PRIVATE, .mapping = FILE_OF, .mapcount = IN_USE },
		  .class = KD_CLASS_CACHE_PRIVATE },
		{ "anonymous",
		  { .flags = LRU, .mapping = ANON },
		  .class = KD_CLASS_USER },
		{ "anonymous, isolated", { .mapping = ANON }, .class = KD_CLASS_USER },
		{ "KSM", { .flags = LRU, .mapping = ANON | 2 }, .class = KD_CLASS_USER },
		{ "movable, not anonymous",
		  { .mapping = FILE_OF | 2, .mapcount = IN_USE },
		  .class = KD_CLASS_KERNEL },
		{ "swap cache",
		  { .flags = SWAPCACHE | SWAPBACKED, .mapcount = IN_USE },
		  .class = KD_CLASS_CACHE },
		{ "that flag without swapbacked",
		  { .flags = SWAPCACHE },
		  .class = KD_CLASS_KERNEL },
		{ "private, but not cache",
		  { .flags = PRIVATE },
		  .class = KD_CLASS_KERNEL },
		{ "tail",
		  { .flags = LRU, .mapping = ANON, .compound = FILE_OF | 1 },
		  .class = KD_CLASS_TAIL },
		{ "poisoned tail",
		  { .flags = POISON, .compound = 1 },
		  .class = KD_CLASS_TAIL,
		  .poisoned = true },
		{ "poisoned",
		  { .flags = POISON, .mapcount = IN_USE },
		  .class = KD_CLASS_KERNEL,
		  .poisoned = true },
	};
	struct kd_layout old = layout_6_1(), new = layout_6_12();

	check_rows(t, &old, rows, ARRAY_SIZE(rows));
	check_rows(t, &new, rows, ARRAY_SIZE(rows));
}

static void types_6_1(struct test *t)
{
	static const struct row rows[] = {
		{ "free",
		  { .mapcount = (uint32_t)-129, .private = 3 },
		  .pfn = 8,
		  .class = KD_CLASS_FREE,
		  .order = 3 },
		{ "free, largest",
		  { .mapcount = (uint32_t)-129, .private = 10 },
		  .pfn = 1024,
		  .class = KD_CLASS_FREE,
		  .order = 10 },
		{ "free, order too large",
		  { .mapcount = (uint32_t)-129, .private = 11 },
		  .pfn = 2048,
		  .class = KD_CLASS_KERNEL },
		{ "free, order absurd",
		  { .mapcount = (uint32_t)-129, .private = 1ULL << 40 },
		  .class = KD_CLASS_KERNEL },
		{ "free, not aligned",
		  { .mapcount = (uint32_t)-129, .private = 3 },
		  .pfn = 12,
		  .class = KD_CLASS_KERNEL },
		{ "nearly free",
		  { .mapcount = (uint32_t)-130 },
		  .class = KD_CLASS_KERNEL },
		{ "slab that looks free",
		  { .flags = SLAB, .mapcount = (uint32_t)-129 },
		  .class = KD_CLASS_SLAB },
		{ "slab, odd word at mapping",
		  { .flags = SLAB, .mapping = ANON },
		  .class = KD_CLASS_SLAB },
		{ "offline", { .mapcount = (uint32_t)-257 }, .class = KD_CLASS_OFFLINE },
		{ "slab that looks offline",
		  { .flags = SLAB, .mapcount = (uint32_t)-257 },
		  .class = KD_CLASS_SLAB },
		{ "a low value of 6.12's is none",
		  { .mapcount = 0xf0000000 },
		  .class = KD_CLASS_KERNEL },
	};
	struct kd_layout layout = layout_6_1();

	check_rows(t, &layout, rows, ARRAY_SIZE(rows));
}

static void types_6_12(struct test *t)
{
	static const struct row rows[] = {
		{ "free",
		  { .mapcount = 0xf0000000, .private = 2 },
		  .pfn = 4,
		  .class = KD_CLASS_FREE,
		  .order = 2 },
		{ "free, owner's bits set",
		  { .mapcount = 0xf0abcdef, .private = 2 },
		  .pfn = 4,
		  .class = KD_CLASS_FREE,
		  .order = 2 },
		{ "slab",
		  { .mapcount = 0xf5000010, .mapping = ANON },
		  .class = KD_CLASS_SLAB },
		{ "offline", { .mapcount = 0xf1000000 }, .class = KD_CLASS_OFFLINE },
		{ "unaccepted",
		  { .mapcount = 0xf7000000 },
		  .pfn = 1024,
		  .class = KD_CLASS_UNACCEPTED,
		  .order = 10 },
		{ "unaccepted, not aligned",
		  { .mapcount = 0xf7000000 },
		  .pfn = 512,
		  .class = KD_CLASS_KERNEL },
		{ "a type nobody exports",
		  { .mapcount = 0xf6000000 },
		  .class = KD_CLASS_KERNEL },
		{ "6.1's free is none",
		  { .mapcount = (uint32_t)-129 },
		  .class = KD_CLASS_KERNEL },
	};
	struct kd_layout layout = layout_6_12();

	check_rows(t, &layout, rows, ARRAY_SIZE(rows));
}

static const struct row compound_rows[] = {
	{ "huge page",
	  { .flags = HEAD | LRU, .mapping = ANON },
	  { .compound = 1, .order = 9, .dtor = 1 },
	  512,
	  KD_CLASS_USER,
	  9,
	  false },
	{ "hugetlb",
	  { .flags = HEAD },
	  { .compound = 1, .order = 9, .dtor = 2 },
	  512,
	  KD_CLASS_HUGETLB,
	  9,
	  false },
	{ "1 GiB",
	  { .flags = HEAD },
	  { .compound = 1, .order = 18, .dtor = 2 },
	  1 << 18,
	  KD_CLASS_HUGETLB,
	  18,
	  false },
	{ "slab",
	  { .flags = HEAD | SLAB },
	  { .compound = 1, .order = 3 },
	  8,
	  KD_CLASS_SLAB,
	  3,
	  false },
	{ "order beyond any folio",
	  { .flags = HEAD | LRU, .mapping = ANON },
	  { .compound = 1, .order = 52 },
	  0,
	  KD_CLASS_USER,
	  0,
	  false },
	{ "not aligned",
	  { .flags = HEAD | LRU, .mapping = ANON },
	  { .compound = 1, .order = 9 },
	  256,
	  KD_CLASS_USER,
	  0,
	  false },
	{ "no tail behind it",
	  { .flags = HEAD | LRU, .mapping = ANON },
	  { .compound = 0, .order = 9 },
	  512,
	  KD_CLASS_USER,
	  0,
	  false },
	{ "destructor without a head",
	  { .flags = 0 },
	  { .compound = 1, .order = 9, .dtor = 2 },
	  512,
	  KD_CLASS_KERNEL,
	  0,
	  false },
};

static void compound_6_1(struct test *t)
{
	struct kd_layout layout = layout_6_1();
	struct kd_class_rules rules;
	struct kd_page page = { .flags = HEAD | LRU, .mapping = ANON };

	check_rows(t, &layout, compound_rows, ARRAY_SIZE(compound_rows));
	kd_class_rules_init(&rules, &layout, 12);
	CHECK_INT(t, kd_classify(&rules, 512, &page, NULL).order, 0);
}

static void hugetlb_since_6_6(struct test *t)
{
	static const struct row by_type[] = {
		{ "hugetlb",
		  { .flags = HEAD, .mapcount = 0xf4000000 },
		  { .compound = 1, .order = 9 },
		  512,
		  KD_CLASS_HUGETLB,
		  9,
		  false },
		/* vmemmap optimisation: struct page 64 shows the head again */
		{ "fake head",
		  { .flags = HEAD, .mapcount = 0xf4000000 },
		  { .compound = 1, .order = 9 },
		  512 + 64,
		  KD_CLASS_HUGETLB,
		  0,
		  false },
		{ "the type without a head",
		  { .mapcount = 0xf4000000 },
		  { .compound = 0 },
		  512,
		  KD_CLASS_KERNEL,
		  0,
		  false },
	};
	static const struct row by_flag[] = {
		{ "hugetlb",
		  { .flags = HEAD, .mapcount = IN_USE },
		  { .compound = 1, .order = 9, .flags = 1 << 8 | 9 },
		  512,
		  KD_CLASS_HUGETLB,
		  9,
		  false },
		{ "other compound page",
		  { .flags = HEAD, .mapcount = IN_USE },
		  { .compound = 1, .order = 9, .flags = 9 },
		  512,
		  KD_CLASS_KERNEL,
		  9,
		  false },
	};
	struct kd_layout layout = layout_6_12();

	check_rows(t, &layout, by_type, ARRAY_SIZE(by_type));
	drop(&layout, KD_F_TYPE_HUGETLB);
	set(&layout, KD_F_PG_HUGETLB, 8);
	check_rows(t, &layout, by_flag, ARRAY_SIZE(by_flag));
}

/* Nothing known matches nothing: every page is the kernel's, or a tail. */
static void nothing_known(struct test *t)
{
	static const struct kd_layout empty;
	struct kd_class_rules rules;
	struct kd_page page = { .flags = UINT64_MAX, .mapcount = 0 };

	kd_class_rules_init(&rules, &empty, 12);
	CHECK_INT(t, kd_classify(&rules, 0, &page, &page).class, KD_CLASS_KERNEL);
	CHECK(t, !kd_classify(&rules, 0, &page, &page).poisoned);
	page.compound = 1;
	CHECK_INT(t, kd_classify(&rules, 0, &page, &page).class, KD_CLASS_TAIL);
}

static void nonsense_fields(struct test *t)
{
	struct kd_layout layout = layout_6_1();
	struct kd_class_rules rules;

	set(&layout, KD_F_PG_LRU, 64);
	set(&layout, KD_F_PG_SLAB, -1);
	set(&layout, KD_F_TYPE_BUDDY, 0);
	set(&layout, KD_F_FREE_AREA_LENGTH, 1000);
	kd_class_rules_init(&rules, &layout, 40);
	CHECK_INT(t, rules.lru, 0);
	CHECK_INT(t, rules.slab, 0);
	CHECK_INT(t, rules.buddy.mask, 0);
	CHECK(t, rules.free_orders <= 17);
	CHECK_INT(t, rules.max_order, 0);
}

static void names(struct test *t)
{
	CHECK_STR(t, kd_class_name(KD_CLASS_FREE), "free");
	CHECK_STR(t, kd_class_name(KD_CLASS_HWPOISON), "hwpoison");
	CHECK_STR(t, kd_class_name(KD_CLASS_COUNT), "unknown");
}

static const struct test_case cases[] = {
	{ "flags and mapping, any kernel", any_kernel },
	{ "page types of 6.1", types_6_1 },
	{ "page types of 6.12", types_6_12 },
	{ "compound pages of 6.1", compound_6_1 },
	{ "hugetlb pages since 6.6", hugetlb_since_6_6 },
	{ "what is not known matches nothing", nothing_known },
	{ "fields without sense are dropped", nonsense_fields },
	{ "classes have names", names },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}

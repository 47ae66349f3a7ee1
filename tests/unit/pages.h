/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Layouts of two kernels by hand, as their vmcoreinfo gives them (Debian's 6.1.176 and
 * 6.12), for the tests of pages/.
 */
#pragma once

#include "makedumpfile/layout/layout.h"
#include "tests/unit/test.h"

static inline void set(struct kd_layout *l, enum kd_field field, int64_t value)
{
	l->values[field] = (struct kd_layout_value) { .value = value,
						      .source = KD_SOURCE_VMCOREINFO };
}

static inline _unused_ void drop(struct kd_layout *l, enum kd_field field)
{
	l->values[field] = (struct kd_layout_value) { 0 };
}

static inline struct kd_layout layout_common(void)
{
	static const struct {
		enum kd_field field;
		int64_t value;
	} fields[] = {
		{ KD_F_PAGE_SIZEOF, 64 },	{ KD_F_PAGE_FLAGS, 0 },
		{ KD_F_PAGE_COMPOUND_HEAD, 8 }, { KD_F_PAGE_MAPPING, 24 },
		{ KD_F_PAGE_PRIVATE, 40 },	{ KD_F_PAGE_MAPCOUNT, 48 },
		{ KD_F_FREE_AREA_LENGTH, 11 },	{ KD_F_PG_LRU, 4 },
		{ KD_F_PG_SWAPCACHE, 10 },	{ KD_F_PG_PRIVATE, 13 },
		{ KD_F_PG_SWAPBACKED, 19 },	{ KD_F_PG_HWPOISON, 22 },
		{ KD_F_PG_HEAD_MASK, 1 << 16 },
	};
	struct kd_layout l = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(fields); i++)
		set(&l, fields[i].field, fields[i].value);
	return l;
}

/* slab a flag, types whole values, order and destructor bytes of the second page */
static inline struct kd_layout layout_6_1(void)
{
	struct kd_layout l = layout_common();

	set(&l, KD_F_PAGE_COMPOUND_DTOR, 16);
	set(&l, KD_F_PAGE_COMPOUND_ORDER, 17);
	set(&l, KD_F_PG_SLAB, 9);
	set(&l, KD_F_TYPE_BUDDY, -129);
	set(&l, KD_F_TYPE_OFFLINE, -257);
	set(&l, KD_F_HUGETLB_DTOR, 2);
	return l;
}

/* types in the top byte, the order in the low byte of the second page's flags */
static inline struct kd_layout layout_6_12(void)
{
	struct kd_layout l = layout_common();

	set(&l, KD_F_TYPE_BUDDY, -268435456);	   /* 0xf0000000 */
	set(&l, KD_F_TYPE_OFFLINE, -251658240);	   /* 0xf1000000 */
	set(&l, KD_F_TYPE_HUGETLB, -201326592);	   /* 0xf4000000 */
	set(&l, KD_F_TYPE_SLAB, -184549376);	   /* 0xf5000000 */
	set(&l, KD_F_TYPE_UNACCEPTED, -150994944); /* 0xf7000000 */
	return l;
}

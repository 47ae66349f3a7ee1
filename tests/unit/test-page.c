/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pages/page: members found by what a layout has, never outside of the structure.
 */
#include "tests/unit/pages.h"

#include "makedumpfile/pages/page.h"

static void decodes(struct test *t)
{
	struct kd_layout layout = layout_6_1();
	struct kd_page_format format;
	uint8_t raw[64];
	struct kd_page page;

	for (size_t i = 0; i < sizeof(raw); i++)
		raw[i] = (uint8_t)i;
	CHECK_INT(t, kd_page_format_init(&format, &layout, NULL), 0);
	kd_page_decode(&format, raw, &page);
	CHECK_INT(t, page.flags, 0x0706050403020100);
	CHECK_INT(t, page.mapping, 0x1f1e1d1c1b1a1918);
	CHECK_INT(t, page.private, 0x2f2e2d2c2b2a2928);
	CHECK_INT(t, page.compound, 0x0f0e0d0c0b0a0908);
	CHECK_INT(t, page.mapcount, 0x33323130);
	CHECK_INT(t, page.dtor, 16);
	CHECK_INT(t, page.order, 17);
}

/* Where the order of a compound page is, by the fields a kernel has. */
static void order_by_fields(struct test *t)
{
	struct kd_page_format format;
	struct kd_layout layout = layout_6_1();

	drop(&layout, KD_F_PAGE_COMPOUND_ORDER);
	drop(&layout, KD_F_PAGE_COMPOUND_DTOR);
	set(&layout, KD_F_FOLIO_DTOR, 80);
	set(&layout, KD_F_FOLIO_ORDER, 81);
	CHECK_INT(t, kd_page_format_init(&format, &layout, NULL), 0);
	CHECK_INT(t, format.dtor, 16);
	CHECK_INT(t, format.order, 17);

	/* 6.6: the low byte of the second page's flags */
	set(&layout, KD_F_PG_HUGETLB, 8);
	CHECK_INT(t, kd_page_format_init(&format, &layout, NULL), 0);
	CHECK_INT(t, format.order, 0);

	layout = layout_6_12();
	CHECK_INT(t, kd_page_format_init(&format, &layout, NULL), 0);
	CHECK_INT(t, format.order, 0);
	CHECK_INT(t, format.dtor, KD_PAGE_NO_MEMBER);
}

static void compound_info(struct test *t)
{
	struct kd_layout layout = layout_6_12();
	struct kd_page_format format;

	drop(&layout, KD_F_PAGE_COMPOUND_HEAD);
	CHECK_INT(t, kd_page_format_init(&format, &layout, NULL), -ENODATA);
	set(&layout, KD_F_PAGE_COMPOUND_INFO, 8);
	CHECK_INT(t, kd_page_format_init(&format, &layout, NULL), 0);
	CHECK_INT(t, format.compound, 8);
}

static void missing(struct test *t)
{
	static const enum kd_field fields[] = {
		KD_F_PAGE_SIZEOF,  KD_F_PAGE_FLAGS,    KD_F_PAGE_MAPPING,
		KD_F_PAGE_PRIVATE, KD_F_PAGE_MAPCOUNT, KD_F_PAGE_COMPOUND_HEAD,
	};

	for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
		struct kd_layout layout = layout_6_1();
		struct kd_page_format format = { .size = 7 };
		struct kd_error err = { 0 };

		drop(&layout, fields[i]);
		CHECK_INT(t, kd_page_format_init(&format, &layout, &err), -ENODATA);
		CHECK_INT(t, format.size, 7);
		CHECK(t, strstr(err.message, "unknown"));
	}
}

static void outside(struct test *t)
{
	static const struct {
		enum kd_field field;
		int64_t value;
	} bad[] = {
		{ KD_F_PAGE_SIZEOF, 0 },	  { KD_F_PAGE_SIZEOF, -64 },
		{ KD_F_PAGE_SIZEOF, 4096 },	  { KD_F_PAGE_SIZEOF, 63 },
		{ KD_F_PAGE_FLAGS, 57 },	  { KD_F_PAGE_MAPPING, -8 },
		{ KD_F_PAGE_MAPCOUNT, 61 },	  { KD_F_PAGE_PRIVATE, INT64_MAX },
		{ KD_F_PAGE_PRIVATE, INT64_MIN }, { KD_F_PAGE_COMPOUND_ORDER, 64 },
		{ KD_F_PAGE_COMPOUND_DTOR, -1 },  { KD_F_FOLIO_ORDER, 63 },
		{ KD_F_FOLIO_DTOR, 128 },	  { KD_F_FOLIO_ORDER, INT64_MIN },
	};

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct kd_layout layout = layout_6_1();
		struct kd_page_format format;

		set(&layout, bad[i].field, bad[i].value);
		CHECK_INT(t, kd_page_format_init(&format, &layout, NULL), -EBADMSG);
	}
}

static const struct test_case cases[] = {
	{ "members are loaded from their places", decodes },
	{ "the order's place follows from the fields there are", order_by_fields },
	{ "compound_info stands for compound_head", compound_info },
	{ "a missing member is named", missing },
	{ "members outside of the structure are refused", outside },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}

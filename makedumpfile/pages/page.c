/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * struct page: members' places checked against its size, then plain loads. Which
 * member holds what is told by the fields a kernel has, never by its version. All
 * kernels we read are 64-bit and of this machine's byte order.
 */
#include "makedumpfile/pages/page.h"

/* A struct page is 56 to 96 bytes as configured; anything far from that is a lie. */
#define PAGE_STRUCT_MIN 32
#define PAGE_STRUCT_MAX 256

static int member(const struct kd_layout *layout, enum kd_field field, size_t width,
		  int64_t base, uint16_t *ret, struct kd_error *err)
{
	int64_t size = kd_layout_get(layout, KD_F_PAGE_SIZEOF);
	int64_t at;

	if (!kd_layout_has(layout, field))
		return kd_fail_msg(err, -ENODATA, "%s is unknown", kd_field_key(field));
	if (__builtin_sub_overflow(kd_layout_get(layout, field), base, &at) || at < 0 ||
	    at > size - (int64_t)width)
		return kd_fail_msg(err, -EBADMSG, "%s lies outside of the structure",
				   kd_field_key(field));
	*ret = (uint16_t)at;
	return 0;
}

/*
 * Order and destructor of a compound page are in its second struct page:
 * - since 6.6 the order is the low byte of folio._flags_1 (kernel commit ebc1baf5c9b4
 *   "mm: free up a word in the first tail page"), which came with PG_hugetlb; since 6.9
 *   hugetlb is a page type (d99e3140a4d3) and the order still in that byte;
 * - 6.3 to 6.5: folio._folio_order, an offset within struct folio, whose second page
 *   starts at sizeof(struct page) (1c5509be58f6);
 * - before: page.compound_order. It was 16 bits wide until 4.15; its low byte comes
 *   first, and no order needs more.
 */
static int second_page(const struct kd_layout *layout, struct kd_page_format *format,
		       struct kd_error *err)
{
	int64_t size = kd_layout_get(layout, KD_F_PAGE_SIZEOF);
	int r = 0;

	if (kd_layout_has(layout, KD_F_TYPE_HUGETLB) ||
	    kd_layout_has(layout, KD_F_PG_HUGETLB)) {
		format->order = format->flags;
		return 0;
	}
	if (kd_layout_has(layout, KD_F_FOLIO_ORDER))
		r = member(layout, KD_F_FOLIO_ORDER, 1, size, &format->order, err);
	else if (kd_layout_has(layout, KD_F_PAGE_COMPOUND_ORDER))
		r = member(layout, KD_F_PAGE_COMPOUND_ORDER, 1, 0, &format->order, err);
	if (r < 0)
		return r;

	if (kd_layout_has(layout, KD_F_FOLIO_DTOR))
		r = member(layout, KD_F_FOLIO_DTOR, 1, size, &format->dtor, err);
	else if (kd_layout_has(layout, KD_F_PAGE_COMPOUND_DTOR))
		r = member(layout, KD_F_PAGE_COMPOUND_DTOR, 1, 0, &format->dtor, err);
	return r;
}

int kd_page_format_init(struct kd_page_format *ret, const struct kd_layout *layout,
			struct kd_error *err)
{
	struct kd_page_format format = { .order = KD_PAGE_NO_MEMBER,
					 .dtor = KD_PAGE_NO_MEMBER };
	/* compound_head until 7.0, renamed in 7.1 (d50569612c29); bit 0 means the same */
	enum kd_field compound = kd_layout_has(layout, KD_F_PAGE_COMPOUND_INFO)
					 ? KD_F_PAGE_COMPOUND_INFO
					 : KD_F_PAGE_COMPOUND_HEAD;
	const struct {
		enum kd_field field;
		size_t width;
		uint16_t *at;
	} members[] = {
		{ KD_F_PAGE_FLAGS, 8, &format.flags },
		{ KD_F_PAGE_MAPPING, 8, &format.mapping },
		{ KD_F_PAGE_PRIVATE, 8, &format.private },
		{ KD_F_PAGE_MAPCOUNT, 4, &format.mapcount },
		{ compound, 8, &format.compound },
	};
	int64_t size = kd_layout_get(layout, KD_F_PAGE_SIZEOF);
	int r;

	if (!kd_layout_has(layout, KD_F_PAGE_SIZEOF))
		return kd_fail_msg(err, -ENODATA, "the size of struct page is unknown");
	if (size < PAGE_STRUCT_MIN || size > PAGE_STRUCT_MAX || size % 8)
		return kd_fail_msg(err, -EBADMSG, "struct page of %lld bytes",
				   (long long)size);
	format.size = (uint16_t)size;

	for (size_t i = 0; i < ARRAY_SIZE(members); i++) {
		r = member(layout, members[i].field, members[i].width, 0, members[i].at,
			   err);
		if (r < 0)
			return kd_fail(err, r, "struct page");
	}
	r = second_page(layout, &format, err);
	if (r < 0)
		return kd_fail(err, r, "struct page");

	*ret = format;
	return 0;
}

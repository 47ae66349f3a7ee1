/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Numbers by enumerators: see numbers.h. Trusts no value. Called by source-btf.c and
 * source-dwarf.c.
 */
#include "makedumpfile/layout/numbers.h"

/* PG_head_mask is "1UL << PG_head" (include/linux/page-flags.h). Page types are
 * "PGTY_x << 24" since 6.12 (commit 4ffca5a96678, "mm: support only one page_type per
 * page"); kernels before that whose enum pagetype names PG_x export "~PG_x". */
static const struct {
	enum kd_field field;
	struct kd_number_source source;
} derived[] = {
	{ KD_F_PG_HEAD_MASK, { "pageflags", "PG_head", KD_NUMBER_MASK } },
	{ KD_F_TYPE_BUDDY, { "pagetype", "PGTY_buddy", KD_NUMBER_TOP_BYTE } },
	{ KD_F_TYPE_BUDDY, { "pagetype", "PG_buddy", KD_NUMBER_NOT } },
	{ KD_F_TYPE_OFFLINE, { "pagetype", "PGTY_offline", KD_NUMBER_TOP_BYTE } },
	{ KD_F_TYPE_OFFLINE, { "pagetype", "PG_offline", KD_NUMBER_NOT } },
	{ KD_F_TYPE_HUGETLB, { "pagetype", "PGTY_hugetlb", KD_NUMBER_TOP_BYTE } },
	{ KD_F_TYPE_HUGETLB, { "pagetype", "PG_hugetlb", KD_NUMBER_NOT } },
	{ KD_F_TYPE_SLAB, { "pagetype", "PGTY_slab", KD_NUMBER_TOP_BYTE } },
	{ KD_F_TYPE_SLAB, { "pagetype", "PG_slab", KD_NUMBER_NOT } },
	{ KD_F_TYPE_UNACCEPTED, { "pagetype", "PGTY_unaccepted", KD_NUMBER_TOP_BYTE } },
	{ KD_F_TYPE_UNACCEPTED, { "pagetype", "PG_unaccepted", KD_NUMBER_NOT } },
	{ KD_F_TYPE_ZSMALLOC, { "pagetype", "PGTY_zsmalloc", KD_NUMBER_TOP_BYTE } },
	{ KD_F_TYPE_ZSMALLOC, { "pagetype", "PG_zsmalloc", KD_NUMBER_NOT } },
	{ KD_F_NR_FREE_PAGES, { "zone_stat_item", "NR_FREE_PAGES", KD_NUMBER_SAME } },
	{ KD_F_NR_SLAB_RECLAIMABLE,
	  { "node_stat_item", "NR_SLAB_RECLAIMABLE_B", KD_NUMBER_SAME } },
	{ KD_F_NR_SLAB_UNRECLAIMABLE,
	  { "node_stat_item", "NR_SLAB_UNRECLAIMABLE_B", KD_NUMBER_SAME } },
	{ KD_F_NR_ANON_MAPPED, { "node_stat_item", "NR_ANON_MAPPED", KD_NUMBER_SAME } },
	{ KD_F_NR_FILE_PAGES, { "node_stat_item", "NR_FILE_PAGES", KD_NUMBER_SAME } },
	{ KD_F_AS_INACCESSIBLE, { "mapping_flags", "AS_INACCESSIBLE", KD_NUMBER_SAME } },
	/* enum compound_dtor_id, gone in 6.6 (commit 9c5ccf2db04b, "mm: remove
	 * HUGETLB_PAGE_DTOR") */
	{ KD_F_HUGETLB_DTOR,
	  { "compound_dtor_id", "HUGETLB_PAGE_DTOR", KD_NUMBER_SAME } },
};

bool kd_number_source(enum kd_field f, unsigned int i, struct kd_number_source *ret)
{
	unsigned int at = 0;

	for (size_t n = 0; n < ARRAY_SIZE(derived); n++)
		if (derived[n].field == f && at++ == i) {
			*ret = derived[n].source;
			return true;
		}
	/* from 6.10 on enum pagetype has names like PG_slab too: those are no bit
	 * numbers, so the enum is named */
	if (at != i)
		return false;
	*ret = (struct kd_number_source) { "pageflags", kd_field_key(f), KD_NUMBER_SAME };
	return true;
}

bool kd_number_compute(enum kd_number_how how, int64_t v, int64_t *ret)
{
	switch (how) {
	case KD_NUMBER_SAME:
		*ret = v;
		return true;
	case KD_NUMBER_MASK:
		if (v < 0 || v > 62)
			return false;
		*ret = INT64_C(1) << v;
		return true;
	case KD_NUMBER_TOP_BYTE:
		/* an int in the kernel, hence negative in vmcoreinfo */
		if (v < 0 || v > UINT8_MAX)
			return false;
		*ret = (int32_t)((uint32_t)v << 24);
		return true;
	case KD_NUMBER_NOT:
		*ret = ~v;
		return true;
	}
	return false;
}

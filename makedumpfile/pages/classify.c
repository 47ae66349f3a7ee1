/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The order of questions is makedumpfile's, which fifteen years of dumps rely on; what
 * differs is told in docs/filtering.md. Trusts neither flags nor orders: what fits no
 * pattern is the kernel's, and that is kept.
 */
#include "makedumpfile/pages/classify.h"

#define PAGE_MAPPING_ANON 0x1 /* include/linux/page-flags.h; KSM pages have it too */
#define COMPOUND_TAIL	  0x1 /* bit 0 of compound_head and of compound_info */

/* The largest folio of any architecture is 16 GiB (MAX_FOLIO_ORDER, mm.h). */
#define MAX_FOLIO_SHIFT 34U
/* MAX_PAGE_ORDER + 1 is 11 by default and never above 16 as Kconfig allows. */
#define MAX_FREE_ORDERS 17

static uint64_t flag(const struct kd_layout *layout, enum kd_field field)
{
	int64_t bit = kd_layout_get(layout, field);

	if (!kd_layout_has(layout, field) || bit < 0 || bit > 63)
		return 0;
	return UINT64_C(1) << bit;
}

/*
 * Until 6.11 a type is a whole value of _mapcount: ~0x80 for buddy. Since 6.12 it is
 * the top byte, and the owner may use the rest (kernel commit 4ffca5a96678 "mm: support
 * only one page_type per page"); the kernel then exports type << 24.
 */
static struct kd_page_type page_type(const struct kd_layout *layout, enum kd_field field)
{
	uint32_t value = (uint32_t)kd_layout_get(layout, field);

	if (!kd_layout_has(layout, field) || !value)
		return (struct kd_page_type) { 0 };
	return (struct kd_page_type) {
		.value = value,
		.mask = value & 0xffffff ? UINT32_MAX : 0xff000000,
	};
}

void kd_class_rules_init(struct kd_class_rules *ret, const struct kd_layout *layout,
			 unsigned int page_shift)
{
	int64_t orders = kd_layout_get(layout, KD_F_FREE_AREA_LENGTH);
	int64_t dtor = kd_layout_get(layout, KD_F_HUGETLB_DTOR);

	*ret = (struct kd_class_rules) {
		.lru = flag(layout, KD_F_PG_LRU),
		.cache_swap = flag(layout, KD_F_PG_SWAPCACHE),
		.private = flag(layout, KD_F_PG_PRIVATE),
		.slab = flag(layout, KD_F_PG_SLAB),
		.head = (uint64_t)kd_layout_get(layout, KD_F_PG_HEAD_MASK),
		.hwpoison = flag(layout, KD_F_PG_HWPOISON),
		.hugetlb_flag = flag(layout, KD_F_PG_HUGETLB),
		.buddy = page_type(layout, KD_F_TYPE_BUDDY),
		.offline = page_type(layout, KD_F_TYPE_OFFLINE),
		.hugetlb = page_type(layout, KD_F_TYPE_HUGETLB),
		.slab_type = page_type(layout, KD_F_TYPE_SLAB),
		.unaccepted = page_type(layout, KD_F_TYPE_UNACCEPTED),
		.zsmalloc = page_type(layout, KD_F_TYPE_ZSMALLOC),
		.dtor = -1,
		.max_order = MAX_FOLIO_SHIFT - MIN(page_shift, MAX_FOLIO_SHIFT),
		.free_orders = MAX_FREE_ORDERS,
	};
	/* the swap cache's flag is another's unless PG_swapbacked is set (4.10) */
	if (ret->cache_swap)
		ret->cache_swap |= flag(layout, KD_F_PG_SWAPBACKED);
	if (kd_layout_has(layout, KD_F_HUGETLB_DTOR) && dtor > 0 && dtor <= UINT8_MAX)
		ret->dtor = (int)dtor;
	if (kd_layout_has(layout, KD_F_FREE_AREA_LENGTH) && orders > 0 &&
	    orders < MAX_FREE_ORDERS)
		ret->free_orders = (unsigned int)orders;
}

static bool is_type(const struct kd_page *page, struct kd_page_type type)
{
	return type.mask && (page->mapcount & type.mask) == type.value;
}

static bool aligned(kd_pfn_t pfn, unsigned int order)
{
	return (pfn & ((UINT64_C(1) << order) - 1)) == 0;
}

/*
 * Order of the compound page that @page heads, 0 when it heads none that makes sense.
 * A vmemmap-optimised hugetlb page shows its head again as struct pages 64, 128 …
 * ("fake heads", mm/hugetlb_vmemmap.c): their alignment gives them away.
 */
static unsigned int compound_order(const struct kd_class_rules *rules, kd_pfn_t pfn,
				   const struct kd_page *page, const struct kd_page *next)
{
	if (!(page->flags & rules->head) || !next || !(next->compound & COMPOUND_TAIL))
		return 0;
	if (next->order > rules->max_order || !aligned(pfn, next->order))
		return 0;
	return next->order;
}

static bool is_hugetlb(const struct kd_class_rules *rules, const struct kd_page *page,
		       const struct kd_page *next)
{
	if (!(page->flags & rules->head))
		return false;
	if (rules->hugetlb.mask)
		return is_type(page, rules->hugetlb);
	if (!next)
		return false;
	if (rules->hugetlb_flag)
		return next->flags & rules->hugetlb_flag;
	return rules->dtor >= 0 && next->dtor == rules->dtor;
}

/* A free block; 1 when its order makes no sense: then it is kept. */
static struct kd_verdict free_block(const struct kd_class_rules *rules, kd_pfn_t pfn,
				    enum kd_page_class class, uint64_t order)
{
	if (order >= rules->free_orders || !aligned(pfn, (unsigned int)order))
		return (struct kd_verdict) { .class = KD_CLASS_KERNEL };
	return (struct kd_verdict) { .class = class, .order = (unsigned int)order };
}

static bool is_cache(const struct kd_class_rules *rules, const struct kd_page *page)
{
	return (page->flags & rules->lru) ||
	       (rules->cache_swap &&
		(page->flags & rules->cache_swap) == rules->cache_swap);
}

static enum kd_page_class used_class(const struct kd_class_rules *rules,
				     const struct kd_page *page,
				     const struct kd_page *next)
{
	bool slab = (page->flags & rules->slab) || is_type(page, rules->slab_type);
	/* struct slab has other things in the word of page.mapping since 6.2 */
	bool anon = (page->mapping & PAGE_MAPPING_ANON) && !slab;

	if (is_cache(rules, page) && !anon)
		return page->flags & rules->private ? KD_CLASS_CACHE_PRIVATE
						    : KD_CLASS_CACHE;
	if (is_hugetlb(rules, page, next))
		return KD_CLASS_HUGETLB;
	if (anon)
		return KD_CLASS_USER;
	if (slab)
		return KD_CLASS_SLAB;
	if (is_type(page, rules->offline))
		return KD_CLASS_OFFLINE;
	if (is_type(page, rules->zsmalloc))
		return KD_CLASS_ZRAM;
	return KD_CLASS_KERNEL;
}

struct kd_verdict kd_classify(const struct kd_class_rules *rules, kd_pfn_t pfn,
			      const struct kd_page *page, const struct kd_page *next)
{
	struct kd_verdict v = { .class = KD_CLASS_TAIL };

	if (!(page->compound & COMPOUND_TAIL)) {
		/* PG_slab pages keep object counts where a type would be */
		if (!(page->flags & rules->slab) && is_type(page, rules->buddy)) {
			v = free_block(rules, pfn, KD_CLASS_FREE, page->private);
		} else if (is_type(page, rules->unaccepted)) {
			/* only whole blocks of the largest order are on that list
			 * (mm/page_alloc.c, __free_unaccepted()) */
			v = free_block(rules, pfn, KD_CLASS_UNACCEPTED,
				       rules->free_orders - 1);
		} else {
			v.class = used_class(rules, page, next);
			v.order = compound_order(rules, pfn, page, next);
		}
	}
	v.poisoned = page->flags & rules->hwpoison;
	return v;
}

const char *kd_class_name(enum kd_page_class class)
{
	static const char *const names[] = {
		[KD_CLASS_KERNEL] = "kernel",
		[KD_CLASS_UNKNOWN] = "unknown",
		[KD_CLASS_TAIL] = "tail",
		[KD_CLASS_SLAB] = "slab",
		[KD_CLASS_FREE] = "free",
		[KD_CLASS_UNACCEPTED] = "unaccepted",
		[KD_CLASS_CACHE] = "cache",
		[KD_CLASS_CACHE_PRIVATE] = "cache-private",
		[KD_CLASS_USER] = "user",
		[KD_CLASS_HUGETLB] = "hugetlb",
		[KD_CLASS_ZRAM] = "zram",
		[KD_CLASS_GUEST] = "guest",
		[KD_CLASS_OFFLINE] = "offline",
		[KD_CLASS_HWPOISON] = "hwpoison",
	};

	return (size_t) class < ARRAY_SIZE(names) ? names[class] : "unknown";
}

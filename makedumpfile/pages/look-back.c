/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Compound pages are found by their tails' link, free blocks by trying the few places
 * where one could begin: both are aligned to their order. See look-back.h.
 */
#include "makedumpfile/pages/look-back.h"

/* A struct page and the one behind it. */
struct pair {
	struct kd_page page, next;
	bool has_next;
};

static bool read_pair(const struct kd_scan *scan, struct kd_memmap_view *view,
		      kd_pfn_t pfn, struct pair *ret)
{
	const uint8_t *raw;
	uint64_t n;

	if (kd_memmap_get(view, pfn, &raw, &n) < 0)
		return false;
	kd_page_decode(&scan->format, raw, &ret->page);
	ret->has_next = n > 1;
	if (ret->has_next)
		kd_page_decode(&scan->format, raw + scan->format.size, &ret->next);
	return true;
}

static kd_pfn_t start_of(kd_pfn_t pfn, unsigned int order)
{
	return kd_align_down(pfn, UINT64_C(1) << order);
}

static bool is_free(enum kd_page_class class)
{
	return class == KD_CLASS_FREE || class == KD_CLASS_UNACCEPTED;
}

/* Whether a span begins at @head that holds @pfn. */
static bool begins_at(const struct kd_scan *scan, struct kd_memmap_view *view,
		      kd_pfn_t head, kd_pfn_t pfn, struct kd_verdict *ret)
{
	struct pair p;

	if (!read_pair(scan, view, head, &p))
		return false;
	*ret = kd_classify(&scan->rules, head, &p.page, p.has_next ? &p.next : NULL);
	return ret->order && pfn - head < UINT64_C(1) << ret->order;
}

/*
 * A tail's link is its head's address with bit 0 set. Where the memory map of huge pages
 * is shared between them (mm/hugetlb_vmemmap.c) it is, since 7.1, a mask with bit 0 set
 * instead, that leaves the head's address of the tail's own: the folio's size is what
 * the mask leaves out. Returns false when no head before @pfn fits.
 */
static bool find_head(const struct kd_scan *scan, uint64_t link, kd_pfn_t pfn,
		      kd_pfn_t *ret)
{
	uint64_t value = link & ~UINT64_C(1);
	kd_vaddr_t at;

	for (unsigned int order = 1; order <= scan->rules.max_order; order++) {
		*ret = start_of(pfn, order);
		if (value == -((uint64_t)scan->format.size << order))
			return true;
		if (*ret != start_of(pfn, order - 1) &&
		    kd_memmap_address(scan->memmap, *ret, &at) == 0 && at == value)
			return true;
	}
	return false;
}

static bool in_compound(const struct kd_scan *scan, struct kd_memmap_view *view,
			kd_pfn_t first, kd_pfn_t pfn, kd_pfn_t *ret_head,
			struct kd_verdict *ret)
{
	uint64_t link = 0;
	struct pair p;

	if (!read_pair(scan, view, pfn, &p))
		return false;
	if (p.page.compound & 1)
		link = p.page.compound;
	else if (p.has_next && (p.page.flags & scan->rules.head))
		link = p.next.compound; /* the head shown again: its tail knows better */
	if (!(link & 1) || !find_head(scan, link, pfn, ret_head) || *ret_head >= first)
		return false;
	return begins_at(scan, view, *ret_head, pfn, ret) && !is_free(ret->class);
}

static bool in_free_block(const struct kd_scan *scan, struct kd_memmap_view *view,
			  kd_pfn_t first, kd_pfn_t pfn, kd_pfn_t *ret_head,
			  struct kd_verdict *ret)
{
	/* of overlapping blocks a scan from the start would have met the largest first */
	for (unsigned int order = scan->rules.free_orders - 1; order; order--) {
		kd_pfn_t head = start_of(pfn, order);

		if (head >= first || head == start_of(pfn, order - 1))
			continue;
		*ret_head = head;
		if (begins_at(scan, view, head, pfn, ret) && is_free(ret->class))
			return true;
	}
	return false;
}

bool kd_look_back(const struct kd_scan *scan, struct kd_memmap_view *view, kd_pfn_t first,
		  kd_pfn_t pfn, kd_pfn_t *ret_head, struct kd_verdict *ret)
{
	struct kd_verdict v;
	kd_pfn_t head;

	if (!in_compound(scan, view, first, pfn, &head, &v) &&
	    !in_free_block(scan, view, first, pfn, &head, &v))
		return false;
	*ret_head = head;
	*ret = v;
	return true;
}

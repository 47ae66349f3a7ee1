/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Struct pages: see memmap.h. What makes a page free, anonymous or slab differs per
 * kernel; each rule is written down with where it comes from. Called by build.c.
 */
#include "tests/tools/mkvmcore/memmap.h"

#include <string.h>

#include "base/parse.h"
#include "tests/tools/mkvmcore/presets.h"

/* A page before it is written; fields that were not set keep the default. */
struct page {
	uint64_t flags;
	uint64_t mapping;
	uint64_t private;
	uint64_t head; /* compound_head or compound_info */
	int32_t refcount;
	int32_t mapcount;
	bool compound;
};

/* Kernel-looking pointers; readers only look at the low bits. */
#define POINTER(n) (UINT64_C(0xffff888000100000) + (uint64_t)(n)*64)

#define MAPPING_ANON 1 /* PAGE_MAPPING_ANON, include/linux/page-flags.h */
#define MAPPING_KSM  3

#define COMPOUND_DTOR 1 /* COMPOUND_PAGE_DTOR until 6.5; HUGETLB_PAGE_DTOR is 2 */

static uint64_t bit(const struct mk *mk, enum kd_field f)
{
	return UINT64_C(1) << kd_layout_get(&mk->layout, f);
}

static int32_t type(const struct mk *mk, enum kd_field f)
{
	return (int32_t)kd_layout_get(&mk->layout, f);
}

static int need(const struct mk *mk, enum kd_field f, struct kd_error *err)
{
	if (!kd_layout_has(&mk->layout, f))
		return kd_fail_msg(err, -EINVAL, "preset %s has no %s",
				   mk->config.preset->name, kd_field_key(f));
	return 0;
}

static int make_free(struct mk *mk, struct page *p, unsigned int order,
		     struct kd_error *err)
{
	(void)err;
	/* __SetPageBuddy(), set_buddy_order(): only the block's first page */
	p->refcount = 0;
	p->mapcount = type(mk, KD_F_TYPE_BUDDY);
	p->private = order;
	return 0;
}

static int make_anon(struct mk *mk, struct page *p, unsigned int order,
		     struct kd_error *err)
{
	(void)err;
	p->flags = bit(mk, KD_F_PG_LRU) | bit(mk, KD_F_PG_SWAPBACKED);
	p->mapping = POINTER(1) | MAPPING_ANON;
	p->mapcount = 0;
	p->compound = order > 0;
	return 0;
}

static int make_ksm(struct mk *mk, struct page *p, unsigned int order,
		    struct kd_error *err)
{
	(void)make_anon(mk, p, order, err);
	p->mapping = POINTER(2) | MAPPING_KSM;
	return 0;
}

static int make_swapcache(struct mk *mk, struct page *p, unsigned int order,
			  struct kd_error *err)
{
	(void)err;
	p->flags = bit(mk, KD_F_PG_SWAPCACHE) | bit(mk, KD_F_PG_SWAPBACKED);
	p->compound = order > 0;
	return 0;
}

static int make_cache(struct mk *mk, struct page *p, unsigned int order,
		      struct kd_error *err)
{
	(void)err;
	p->flags = bit(mk, KD_F_PG_LRU);
	p->mapping = POINTER(3);
	p->compound = order > 0;
	return 0;
}

static int make_private_cache(struct mk *mk, struct page *p, unsigned int order,
			      struct kd_error *err)
{
	(void)make_cache(mk, p, order, err);
	p->flags |= bit(mk, KD_F_PG_PRIVATE);
	p->private = POINTER(4);
	return 0;
}

static int make_slab(struct mk *mk, struct page *p, unsigned int order,
		     struct kd_error *err)
{
	(void)err;
	if (mk->config.preset->slab_flag) {
		p->flags = bit(mk, KD_F_PG_SLAB);
	} else {
		p->mapcount = type(mk, KD_F_TYPE_SLAB);
		/* since 6.2 slab.slabs shares the word with page.mapping: an odd value
		 * there must not make a slab page anonymous */
		p->mapping = POINTER(5) | MAPPING_ANON;
	}
	p->compound = order > 0;
	return 0;
}

static int make_hugetlb(struct mk *mk, struct page *p, unsigned int order,
			struct kd_error *err)
{
	if (order == 0)
		return kd_fail_msg(err, -EINVAL, "a hugetlb page has an order");
	if (kd_layout_has(&mk->layout, KD_F_TYPE_HUGETLB))
		p->mapcount = type(mk, KD_F_TYPE_HUGETLB);
	p->mapping = POINTER(6);
	p->compound = true;
	return 0;
}

static int make_offline(struct mk *mk, struct page *p, unsigned int order,
			struct kd_error *err)
{
	(void)order;
	(void)err;
	p->mapcount = type(mk, KD_F_TYPE_OFFLINE);
	return 0;
}

static int make_unaccepted(struct mk *mk, struct page *p, unsigned int order,
			   struct kd_error *err)
{
	(void)order;
	p->mapcount = type(mk, KD_F_TYPE_UNACCEPTED);
	return need(mk, KD_F_TYPE_UNACCEPTED, err);
}

static int make_hwpoison(struct mk *mk, struct page *p, unsigned int order,
			 struct kd_error *err)
{
	(void)order;
	(void)err;
	p->flags = UINT64_C(1) << mk->config.preset->hwpoison;
	return 0;
}

static int make_kernel(struct mk *mk, struct page *p, unsigned int order,
		       struct kd_error *err)
{
	(void)mk;
	(void)err;
	p->compound = order > 0;
	return 0;
}

static const struct class
{
	const char *name;
	int (*make)(struct mk *mk, struct page *p, unsigned int order,
		    struct kd_error *err);
} classes[] = {
	{ "kernel", make_kernel },
	{ "free", make_free },
	{ "anon", make_anon },
	{ "ksm", make_ksm },
	{ "swapcache", make_swapcache },
	{ "cache", make_cache },
	{ "private-cache", make_private_cache },
	{ "slab", make_slab },
	{ "hugetlb", make_hugetlb },
	{ "offline", make_offline },
	{ "unaccepted", make_unaccepted },
	{ "hwpoison", make_hwpoison },
};

static kd_vaddr_t page_address(const struct mk *mk, kd_pfn_t pfn)
{
	return mk->vmemmap + pfn * (uint64_t)kd_layout_get(&mk->layout, KD_F_PAGE_SIZEOF);
}

/* Where a struct page lies, by our own page tables. */
static int page_place(struct mk *mk, kd_pfn_t pfn, kd_paddr_t *ret, struct kd_error *err)
{
	kd_vaddr_t va = page_address(mk, pfn);
	uint64_t entry = mk->root;
	int r;

	for (unsigned int level = mk->config.levels; level; level--) {
		unsigned int shift = 12 + 9 * (level - 1);
		kd_paddr_t slot = kd_align_down(entry & 0xffffffffff000, MK_PAGE) +
				  ((va >> shift) & 511) * 8;

		r = mk_read(mk, slot, &entry, sizeof(entry), err);
		if (r < 0)
			return r;
		if (!entry)
			return kd_fail_msg(err, -EINVAL, "page 0x%jx has no memmap",
					   (uintmax_t)pfn);
		if (level > 1 && (entry & 0x80)) {
			*ret = (entry & 0xfffffffe00000) + va % MK_LARGE;
			return 0;
		}
	}
	*ret = (entry & 0xffffffffff000) + va % MK_PAGE;
	return 0;
}

/* The word that makes a page a tail: include/linux/page-flags.h, set_compound_head(). */
static uint64_t tail_word(const struct mk *mk, kd_pfn_t head, unsigned int order)
{
	uint64_t size = (uint64_t)kd_layout_get(&mk->layout, KD_F_PAGE_SIZEOF);

	if (mk->config.preset->info_mask && !mk->config.tail_head)
		return ~((size << order) - 1) | 1;
	return page_address(mk, head) | 1;
}

static void put(uint8_t *raw, const struct mk *mk, enum kd_field f, const void *v,
		size_t size)
{
	if (kd_layout_has(&mk->layout, f))
		memcpy(raw + kd_layout_get(&mk->layout, f), v, size);
}

static int write_page(struct mk *mk, kd_pfn_t pfn, const struct page *p,
		      struct kd_error *err)
{
	uint8_t raw[256] = { 0 };
	size_t size = (size_t)kd_layout_get(&mk->layout, KD_F_PAGE_SIZEOF);
	kd_paddr_t at;
	int r;

	put(raw, mk, KD_F_PAGE_FLAGS, &p->flags, 8);
	put(raw, mk, KD_F_PAGE_MAPPING, &p->mapping, 8);
	put(raw, mk, KD_F_PAGE_PRIVATE, &p->private, 8);
	put(raw, mk, KD_F_PAGE_COMPOUND_HEAD, &p->head, 8);
	put(raw, mk, KD_F_PAGE_COMPOUND_INFO, &p->head, 8);
	put(raw, mk, KD_F_PAGE_REFCOUNT, &p->refcount, 4);
	put(raw, mk, KD_F_PAGE_MAPCOUNT, &p->mapcount, 4);
	r = page_place(mk, pfn, &at, err);
	return r < 0 ? r : mk_write(mk, at, raw, size, err);
}

/* What the second struct page of a folio tells about all of it. */
static int write_order(struct mk *mk, kd_pfn_t pfn, unsigned int order, bool hugetlb,
		       struct kd_error *err)
{
	uint8_t o = (uint8_t)order, dtor = hugetlb ? COMPOUND_DTOR + 1 : COMPOUND_DTOR;
	kd_paddr_t at;
	int r;

	r = page_place(mk, pfn + 1, &at, err);
	if (r < 0)
		return r;
	if (mk->config.preset->order_in_flags) /* folio._flags_1, since 6.6 */
		return mk_write(mk, at + kd_layout_get(&mk->layout, KD_F_PAGE_FLAGS), &o,
				1, err);
	r = mk_write(mk, at + kd_layout_get(&mk->layout, KD_F_PAGE_COMPOUND_ORDER), &o, 1,
		     err);
	if (r < 0)
		return r;
	return mk_write(mk, at + kd_layout_get(&mk->layout, KD_F_PAGE_COMPOUND_DTOR),
			&dtor, 1, err);
}

static int write_block(struct mk *mk, kd_pfn_t pfn, const struct page *head,
		       unsigned int order, bool hugetlb, struct kd_error *err)
{
	struct page first = *head, rest = { .mapcount = -1 };
	int r;

	if (head->compound) {
		first.flags |= (uint64_t)kd_layout_get(&mk->layout, KD_F_PG_HEAD_MASK);
		rest.head = tail_word(mk, pfn, order);
	}
	r = write_page(mk, pfn, &first, err);
	for (kd_pfn_t i = 1; r == 0 && i < UINT64_C(1) << order; i++)
		r = write_page(mk, pfn + i, &rest, err);
	if (r == 0 && head->compound)
		r = write_order(mk, pfn, order, hugetlb, err);
	return r;
}

/* "lru|private|0x40", names of the preset's bits or plain numbers. */
static int parse_flags(const struct mk *mk, const char *text, uint64_t *ret,
		       struct kd_error *err)
{
	static const struct {
		const char *name;
		enum kd_field field;
	} names[] = {
		{ "lru", KD_F_PG_LRU },
		{ "private", KD_F_PG_PRIVATE },
		{ "swapcache", KD_F_PG_SWAPCACHE },
		{ "swapbacked", KD_F_PG_SWAPBACKED },
		{ "slab", KD_F_PG_SLAB },
	};
	char words[128], *save = NULL;

	if (strlen(text) >= sizeof(words))
		return kd_fail_msg(err, -EINVAL, "flags too long");
	strcpy(words, text);
	for (char *w = strtok_r(words, "|", &save); w; w = strtok_r(NULL, "|", &save)) {
		uint64_t v = 0;

		for (size_t i = 0; i < ARRAY_SIZE(names); i++)
			if (strcmp(names[i].name, w) == 0 &&
			    kd_layout_has(&mk->layout, names[i].field))
				v = bit(mk, names[i].field);
		if (strcmp(w, "hwpoison") == 0)
			v = UINT64_C(1) << mk->config.preset->hwpoison;
		if (strcmp(w, "head") == 0)
			v = (uint64_t)kd_layout_get(&mk->layout, KD_F_PG_HEAD_MASK);
		if (!v && kd_parse_u64(w, &v) < 0)
			return kd_fail_msg(err, -EINVAL, "preset %s has no flag \"%s\"",
					   mk->config.preset->name, w);
		*ret |= v;
	}
	return 0;
}

/* Raw values, on top of what the class set. */
static int override(struct mk *mk, struct mk_line *line, struct page *p,
		    struct kd_error *err)
{
	const char *flags = mk_string(line, "flags");
	uint64_t refcount, mapcount;
	int r = 0;

	if (flags)
		r = parse_flags(mk, flags, &p->flags, err);
	if (r == 0)
		r = mk_number(line, "mapping", p->mapping, &p->mapping, err);
	if (r == 0)
		r = mk_number(line, "private", p->private, &p->private, err);
	if (r == 0)
		r = mk_number(line, "head", p->head, &p->head, err);
	if (r == 0)
		r = mk_number(line, "refcount", (uint64_t)p->refcount, &refcount, err);
	if (r == 0)
		r = mk_number(line, "mapcount", (uint64_t)p->mapcount, &mapcount, err);
	if (r < 0)
		return r;
	p->refcount = (int32_t)refcount;
	p->mapcount = (int32_t)mapcount;
	return 0;
}

static const struct class *find_class(const char *name)
{
	for (size_t i = 0; name && i < ARRAY_SIZE(classes); i++)
		if (strcmp(classes[i].name, name) == 0)
			return &classes[i];
	return name ? NULL : &classes[0];
}

int mk_page_directive(struct mk *mk, struct mk_line *line, struct kd_error *err)
{
	struct page p = { .refcount = 1, .mapcount = -1 };
	const struct class *class = find_class(mk_string(line, "class"));
	uint64_t pfn, count, order;
	int r;

	if (!class)
		return kd_fail_msg(err, -EINVAL, "no such page class");
	r = mk_number(line, "pfn", UINT64_MAX, &pfn, err);
	if (r == 0)
		r = mk_number(line, "count", 1, &count, err);
	if (r == 0)
		r = mk_number(line, "order", 0, &order, err);
	if (r < 0)
		return r;
	if (pfn == UINT64_MAX || order > 20 || !count)
		return kd_fail_msg(err, -EINVAL, "@page needs pfn=, order= up to 20");
	r = class->make(mk, &p, (unsigned int)order, err);
	if (r == 0)
		r = override(mk, line, &p, err);
	for (uint64_t i = 0; r == 0 && i < count; i++)
		r = write_block(mk, pfn + (i << order), &p, (unsigned int)order,
				class->make == make_hugetlb, err);
	return r;
}

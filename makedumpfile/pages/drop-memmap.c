/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * -e: pages of the memory map itself that describe nothing which is kept. A page of it is
 * found through the page tables, as the scan found it; its bit may be in any block, so a
 * second cursor holds the block that is being changed. Called by the façade after a fill.
 */
#include "makedumpfile/pages/keepstore-private.h"

/**
 * @source: for the frames described; @target: the block that is changed
 * @dirty:  frames cleared in it that the index does not know yet
 */
struct drop {
	struct kd_keepstore *store;
	const struct kd_scan *scan;
	struct kd_memmap_view view;
	struct kd_keep_cursor source, target;
	uint64_t dirty, dropped;
};

static void drop_done(struct drop *d)
{
	kd_memmap_view_done(&d->view);
	kd_keep_cursor_done(&d->source);
	kd_keep_cursor_done(&d->target);
}

static int flush(struct drop *d)
{
	struct kd_keepstore *s = d->store;
	int r = 0;

	if (!d->dirty)
		return 0;
	/* in memory the cursor's map is the store's own */
	if (s->place != KD_KEEP_IN_MEMORY)
		r = kd_keepstore_put(s, KD_KEEP_KEPT, d->target.block,
				     &d->target.maps[KD_KEEP_KEPT]);
	for (uint64_t b = d->target.block + 1; b <= s->n_blocks; b++)
		s->before[KD_KEEP_KEPT][b] -= d->dirty;
	d->dropped += d->dirty;
	d->dirty = 0;
	return r;
}

/* Leave the frame @pfn out. */
static int clear(struct drop *d, kd_pfn_t pfn)
{
	const uint8_t *bits[2];
	size_t n;
	int r;

	if (pfn >= d->store->max_pfn)
		return 0;
	if (pfn / d->store->block_frames != d->target.block) {
		r = flush(d);
		if (r == 0)
			r = kd_keep_cursor_block(&d->target, pfn, bits, &n);
		if (r < 0)
			return r;
	}
	if (!kd_keepmap_test(&d->target.maps[KD_KEEP_KEPT], pfn))
		return 0;
	kd_keepmap_clear(&d->target.maps[KD_KEEP_KEPT], pfn, pfn + 1);
	d->dirty++;
	return 0;
}

/* Whether any frame of [from, to) is kept: 1, 0, or an error. */
static int any_kept(struct drop *d, kd_pfn_t from, kd_pfn_t to)
{
	kd_pfn_t end;
	int r;

	r = kd_keep_cursor_next(&d->source, &from, &end);
	return r <= 0 ? r : from < to;
}

/*
 * Huge pages may share pages of their memory map (mm/hugetlb_vmemmap.c): the same page
 * may then describe others that are kept. It is mapped page by page, and begins with a
 * tail or a head.
 */
static bool may_be_shared(struct drop *d, kd_pfn_t pfn)
{
	const uint8_t *raw;
	uint64_t n;

	return kd_memmap_get(&d->view, pfn, &raw, &n) < 0 ||
	       kd_page_is_tail(&d->scan->format, raw) ||
	       (kd_page_flags(&d->scan->format, raw) & d->scan->rules.head);
}

/* The struct pages of frames from @pfn on, in @n pages from @at on. */
static int drop_leaf(struct drop *d, kd_pfn_t pfn, kd_paddr_t at, uint64_t n)
{
	uint64_t page_size = d->scan->memory->page_size;
	uint64_t per_page = page_size / d->scan->format.size;

	for (uint64_t i = 0; i < n; i++, pfn += per_page) {
		int r = any_kept(d, pfn, pfn + per_page);

		if (r == 0 && !(n == 1 && may_be_shared(d, pfn)))
			r = clear(d, at / page_size + i);
		if (r < 0)
			return r;
	}
	return 0;
}

static int drop_section(struct drop *d, kd_pfn_t pfn, kd_pfn_t end)
{
	const struct kd_memmap *m = d->scan->memmap;
	uint64_t page_size = d->scan->memory->page_size, size = d->scan->format.size;
	kd_vaddr_t at;

	if (kd_memmap_address(m, pfn, &at) < 0 || at % page_size)
		return 0;
	while (pfn < end) {
		uint64_t run, n;
		kd_paddr_t addr;
		int r;

		r = kd_xlat_vtop(m->xlat, at, &addr, &run);
		n = MIN(run, (end - pfn) * size) / page_size;
		if (r < 0 || !n) {
			run = page_size;
			n = 1;
		} else {
			r = drop_leaf(d, pfn, addr, n);
			if (r < 0)
				return r;
		}
		at += n * page_size;
		pfn += n * page_size / size;
	}
	return 0;
}

/* Only where there are frames: a machine has fewer sections than addresses. */
static int drop_all(struct drop *d)
{
	const struct kd_keepstore *s = d->store;
	uint64_t section = UINT64_C(1) << d->scan->memmap->section_shift;

	for (kd_pfn_t pfn = 0; pfn < s->max_pfn;) {
		uint64_t block = pfn / s->block_frames;
		int r;

		if (!kd_keepstore_in_block(s, KD_KEEP_EXISTS, block) &&
		    section <= s->block_frames) {
			pfn = (block + 1) * s->block_frames;
			continue;
		}
		r = drop_section(d, pfn, pfn + section);
		if (r < 0)
			return r;
		pfn += section;
	}
	return 0;
}

int kd_keepstore_drop_memmap(struct kd_keepstore *store, uint64_t *ret)
{
	_cleanup_(drop_done) struct drop d = { .store = store, .scan = store->scan };
	uint64_t *kernel = &store->counts.kept[KD_CLASS_KERNEL];
	int r, flushed;

	if (store->place == KD_KEEP_AGAIN || !d.scan || !d.scan->memmap ||
	    !kd_is_power_of_2(d.scan->format.size))
		return -ENOTSUP;
	r = kd_memmap_view_init(&d.view, d.scan->memmap);
	if (r == 0)
		r = kd_keep_cursor_init(&d.source, store);
	if (r == 0)
		r = kd_keep_cursor_init(&d.target, store);
	if (r < 0)
		return r;
	r = drop_all(&d);
	flushed = flush(&d);
	r = r < 0 ? r : flushed;
	/* the memory map is the kernel's */
	*kernel -= MIN(d.dropped, *kernel);
	if (r == 0)
		*ret = d.dropped;
	return r;
}

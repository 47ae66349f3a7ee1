/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Counting pages by kind: see mem-usage.h. Walks frames in ranges, so that its bitmaps
 * do not grow with memory. Called by run-mem-usage.c.
 */
#include "makedumpfile/program/mem-usage.h"

#include "base/zero.h"

/* Frames looked at in one go: 1 GiB of pages of 4 KiB, 64 KiB of bitmaps */
#define RANGE	 262144
#define LEVEL	 31
#define PAGE_MAX 262144

/** @page: a buffer of one page */
struct count {
	const struct kd_memory *memory;
	struct kd_scan scan;
	struct kd_scanner scanner;
	struct kd_keepmap exists, keep;
	uint8_t *page;
	struct kd_mem_usage usage;
};

static void count_done(struct count *c)
{
	free(c->page);
	kd_scanner_done(&c->scanner);
	kd_keepmap_done(&c->keep);
	kd_keepmap_done(&c->exists);
}

static int count_init(struct count *c, struct kd_know *know,
		      const struct kd_dump_request *request)
{
	c->memory = request->input->memory;
	if (c->memory->page_size > PAGE_MAX || kd_keepmap_init(&c->exists, RANGE) < 0 ||
	    kd_keepmap_init(&c->keep, RANGE) < 0)
		return -ENOMEM;
	c->page = malloc(c->memory->page_size);
	if (!c->page)
		return -ENOMEM;
	kd_know_scan(know, request, LEVEL, 0, &c->scan);
	return kd_scanner_init(&c->scanner, &c->scan);
}

static void count_zero(struct count *c, kd_pfn_t pfn)
{
	uint32_t size = c->memory->page_size;
	int r = kd_memory_read(c->memory, pfn * size, c->page, size);

	if (r < 0)
		c->usage.unreadable++;
	else if (kd_page_is_zero(c->page, size))
		c->usage.zero++;
}

static int count_range(struct count *c, kd_pfn_t first, kd_pfn_t end)
{
	kd_pfn_t pfn, run_end;
	int r;

	r = kd_scanner_range(&c->scanner, first, end, &c->exists, &c->keep);
	if (r < 0)
		return r;
	c->usage.total += kd_keepmap_count(&c->exists);
	for (pfn = first; kd_keepmap_next(&c->keep, &pfn, &run_end); pfn = run_end)
		for (kd_pfn_t at = pfn; at < run_end; at++)
			count_zero(c, at);
	return 0;
}

static void sum_up(const struct kd_scan_counts *counts, struct kd_mem_usage *ret)
{
	const uint64_t *seen = counts->seen;

	ret->cache = seen[KD_CLASS_CACHE];
	ret->cache_private = seen[KD_CLASS_CACHE_PRIVATE];
	ret->user = seen[KD_CLASS_USER] + seen[KD_CLASS_HUGETLB];
	ret->free = seen[KD_CLASS_FREE] + seen[KD_CLASS_UNACCEPTED];
	ret->offline = seen[KD_CLASS_OFFLINE];
	ret->poisoned = seen[KD_CLASS_HWPOISON];
	ret->kernel = ret->total -
		      MIN(ret->total, ret->zero + ret->cache + ret->cache_private +
					      ret->user + ret->free + ret->offline +
					      ret->poisoned);
}

int kd_mem_usage_count(struct kd_know *know, const struct kd_dump_request *request,
		       struct kd_mem_usage *ret, struct kd_error *err)
{
	_cleanup_(count_done) struct count c = { 0 };
	kd_pfn_t max;
	int r;

	if (know->knowledge == KD_KNOW_NOTHING)
		return kd_fail_msg(err, -ENODATA, "what pages are used for is unknown");
	r = count_init(&c, know, request);
	if (r < 0)
		return kd_fail(err, r, "counting pages");
	if (know->knowledge == KD_KNOW_NOTHING)
		return kd_fail_msg(err, -ENODATA, "struct page is unknown");
	max = kd_scan_max_pfn(c.memory);
	for (kd_pfn_t first = 0; r == 0 && first < max; first += RANGE)
		r = count_range(&c, first, MIN(first + RANGE, max));
	if (r < 0)
		return kd_fail(err, r, "counting pages");
	sum_up(&c.scanner.counts, &c.usage);
	*ret = c.usage;
	return 0;
}

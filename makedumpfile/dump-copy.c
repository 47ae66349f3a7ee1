/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The hot loop: a page is lent by the window and handed on, nothing is allocated and
 * nothing searched. A page that cannot be read costs itself. Called by dump.c.
 */
#include "makedumpfile/dump-copy.h"

#include <string.h>

#define TICK_PAGES 1024

int kd_copy_init(struct kd_copy *ret, const struct kd_memory *memory, size_t window,
		 bool no_map)
{
	struct kd_copy copy = {
		.memory = memory,
		.page_shift =
			(unsigned int)__builtin_ctz((unsigned int)memory->page_size),
	};
	int r;

	copy.page = malloc(memory->page_size);
	if (!copy.page)
		return -ENOMEM;
	r = kd_window_init(&copy.window, memory, MAX(window, (size_t)memory->page_size),
			   no_map);
	if (r < 0) {
		free(copy.page);
		return r;
	}
	*ret = copy;
	return 0;
}

void kd_copy_done(struct kd_copy *copy)
{
	kd_window_done(&copy->window);
	free(copy->page);
	*copy = (struct kd_copy) { 0 };
}

/* A page that memory begins or ends within: what there is of it, zeros elsewhere. */
static const void *partial_page(struct kd_copy *copy, kd_paddr_t at)
{
	uint64_t size = copy->memory->page_size;
	bool any = false;

	memset(copy->page, 0, size);
	for (size_t i = 0; i < copy->memory->n_extents; i++) {
		const struct kd_extent *e = &copy->memory->extents[i];
		kd_paddr_t from = MAX(e->start, at), to = MIN(e->end, at + size);

		if (from >= to)
			continue;
		if (kd_memory_read(copy->memory, from, copy->page + (from - at),
				   (size_t)(to - from)) < 0)
			return NULL;
		any = true;
	}
	return any ? copy->page : NULL;
}

int kd_copy_pages(struct kd_copy *copy, const struct kd_keepmap *keep, uint64_t max,
		  struct kd_kdump_writer *writer)
{
	kd_pfn_t pfn = keep->first, end;
	size_t size = copy->memory->page_size;

	for (; max && kd_keepmap_next(keep, &pfn, &end); pfn = end) {
		end = MIN(end, pfn + max);
		max -= end - pfn;
		for (; pfn < end; pfn++) {
			kd_paddr_t at = pfn << copy->page_shift;
			const void *page;
			int r;

			r = kd_window_get(&copy->window, at, size, &page);
			if (r < 0)
				page = r == -ENXIO ? partial_page(copy, at) : NULL;
			copy->unreadable += !page;
			r = kd_kdump_writer_page(writer, page);
			if (r < 0)
				return r;
			if (++copy->done % TICK_PAGES == 0 && copy->tick)
				copy->tick(copy->context, copy->done);
		}
	}
	return 0;
}

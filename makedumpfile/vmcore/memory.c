/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Look-ups over a sorted list of extents: see memory.h. Trusts the implementation to
 * keep its extents sorted and disjoint, and nothing about the addresses asked for:
 * those come out of a corrupt dump. Called by every reader of dumped memory.
 */
#include "makedumpfile/vmcore/memory.h"

const struct kd_extent *kd_memory_find(const struct kd_memory *m, kd_paddr_t addr)
{
	size_t low = 0, high = m->n_extents;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (addr >= m->extents[mid].end)
			low = mid + 1;
		else
			high = mid;
	}
	if (low == m->n_extents || addr < m->extents[low].start)
		return NULL;
	return &m->extents[low];
}

int kd_memory_read(const struct kd_memory *m, kd_paddr_t addr, void *buf, size_t size)
{
	const struct kd_extent *e;

	if (!size)
		return 0;
	/* extents are never adjacent, so a range in two of them spans a hole */
	e = kd_memory_find(m, addr);
	if (!e || size > e->end - addr)
		return -ENXIO;
	return m->ops->read(m, addr, buf, size);
}

int kd_memory_present(const struct kd_memory *m, kd_pfn_t *from, kd_pfn_t *ret_end)
{
	if (m->ops->present)
		return m->ops->present(m, from, ret_end);
	for (size_t i = 0; i < m->n_extents; i++) {
		kd_pfn_t end = (m->extents[i].end - 1) / m->page_size + 1;

		if (end <= *from)
			continue;
		*from = MAX(*from, m->extents[i].start / m->page_size);
		*ret_end = end;
		return 1;
	}
	return 0;
}

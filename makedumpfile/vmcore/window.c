/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A moving view of dumped memory: see memory.h. Maps megabytes at a time and copies
 * only where mapping fails or does not reach. Never touches a page that was not asked
 * for: a poisoned page that is read can take the capture kernel down. Called by the
 * scan, the writers and dmesg.
 */
#include "makedumpfile/vmcore/memory.h"

int kd_window_init(struct kd_window *w, const struct kd_memory *memory, size_t size,
		   bool no_map)
{
	void *bounce = malloc(size);

	if (!bounce)
		return -ENOMEM;
	*w = (struct kd_window) {
		.memory = memory,
		.size = size,
		.bounce = bounce,
		.no_map = no_map || !memory->ops->map,
	};
	return 0;
}

static void unmap(struct kd_window *w)
{
	if (w->map)
		w->memory->ops->unmap(w->memory, w->map, w->slice);
	w->map = NULL;
	w->slice = (struct kd_extent) { 0 };
}

void kd_window_done(struct kd_window *w)
{
	unmap(w);
	free(w->bounce);
	*w = (struct kd_window) { 0 };
}

/* Whether @e holds [addr, addr + size), @size > 0. */
static bool covers(struct kd_extent e, kd_paddr_t addr, size_t size)
{
	return addr >= e.start && addr < e.end && size <= e.end - addr;
}

static bool map_around(struct kd_window *w, kd_paddr_t addr, size_t size)
{
	struct kd_extent slice;
	const void *map;

	if (w->no_map)
		return false;
	unmap(w);
	if (w->memory->ops->map(w->memory, addr, w->size, &map, &slice) < 0)
		return false;
	w->map = map;
	w->slice = slice;
	return covers(slice, addr, size);
}

/* Copy the pages that [addr, addr + size) touches, as far as they fit: neighbours on
 * the same page are likely to be asked for next, other pages are not ours to read. */
static int copy_around(struct kd_window *w, const struct kd_extent *within,
		       kd_paddr_t addr, size_t size)
{
	uint64_t page = w->memory->page_size;
	struct kd_extent e = {
		.start = MAX(kd_align_down(addr, page), within->start),
		.end = kd_align_up(addr + size, page),
	};
	int r;

	/* 0: rounding wrapped past the top */
	if (e.end == 0 || e.end > within->end)
		e.end = within->end;
	if (e.end - e.start > w->size)
		e = (struct kd_extent) { addr, addr + size };
	w->bounced = (struct kd_extent) { 0 };
	r = w->memory->ops->read(w->memory, e.start, w->bounce,
				 (size_t)(e.end - e.start));
	if (r < 0)
		return r;
	w->bounced = e;
	return 0;
}

int kd_window_get(struct kd_window *w, kd_paddr_t addr, size_t size, const void **ret)
{
	const struct kd_extent *within;
	int r;

	if (!size || size > w->size)
		return -EINVAL;
	if (!covers(w->slice, addr, size) && !covers(w->bounced, addr, size)) {
		within = kd_memory_find(w->memory, addr);
		if (!within || size > within->end - addr)
			return -ENXIO;
		if (!map_around(w, addr, size)) {
			r = copy_around(w, within, addr, size);
			if (r < 0)
				return r;
		}
	}
	w->copied = !covers(w->slice, addr, size);
	if (!w->copied)
		*ret = (const uint8_t *)w->map + (addr - w->slice.start);
	else
		*ret = (const uint8_t *)w->bounce + (addr - w->bounced.start);
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where a page frame's struct page is: SPARSEMEM's sections (include/linux/mmzone.h),
 * then the page tables, then raw bytes in runs as long as one mapping lasts. A section
 * that cannot be read or makes no sense costs its own frames and nothing else. Trusts
 * no pointer. Called by scan.c.
 */
#pragma once

#include "makedumpfile/layout/layout.h"
#include "makedumpfile/vmcore/xlat.h"

/**
 * Where sections are and how large; filled by kd_memmap_init(), read-only afterwards, so
 * threads may share it.
 *
 * @roots:    address of mem_section's array of roots, or of the sections themselves
 *            when @extreme is false
 * @per_root: sections a root page holds
 * @window, @no_map: for the views
 */
struct kd_memmap {
	const struct kd_xlat *xlat;
	kd_vaddr_t roots;
	uint64_t n_roots, per_root, n_sections;
	uint64_t section_size;
	uint32_t map_offset, page_struct;
	unsigned int page_shift, section_shift;
	bool extreme, no_map;
	size_t window;
};

/**
 * Find the array of sections. Nothing is allocated.
 *
 * @window:  bytes of the buffer through which a view reads struct pages
 * @no_map:  copy instead of mapping
 * Errors: -ENODATA when a field is unknown, -ENOTSUP for a kernel without SPARSEMEM,
 * -EBADMSG when sizes contradict each other or no section can be found.
 */
int kd_memmap_init(struct kd_memmap *ret, const struct kd_xlat *xlat,
		   const struct kd_layout *layout, size_t window, bool no_map,
		   struct kd_error *err);

/**
 * The struct page of @pfn by its virtual address, present or not.
 * Returns 0, -ENODATA where there is no memory map, or another error of reading.
 */
int kd_memmap_address(const struct kd_memmap *m, kd_pfn_t pfn, kd_vaddr_t *ret);

/**
 * One thread's moving view of the memory map.
 *
 * @section: the one looked at last; @map: its map, already without flags
 * @bounce:  struct pages copied where none can be lent; owned
 */
struct kd_memmap_view {
	const struct kd_memmap *memmap;
	uint64_t section;
	kd_vaddr_t map;
	int section_status;
	struct kd_window window;
	uint8_t *bounce;
};

/** @m: borrowed. -ENOMEM. */
int kd_memmap_view_init(struct kd_memmap_view *v, const struct kd_memmap *m);
void kd_memmap_view_done(struct kd_memmap_view *v);

/**
 * The struct pages of @pfn and as many after it as one look gives.
 *
 * @ret:   valid until the next call; *ret_n structures, the last one of an odd frame,
 *         so that a head has its second page beside it
 * @ret_n: >= 1, also on failure: then as many frames have no readable struct page
 * Returns 0, -ENODATA where there is no memory map, -EBADMSG where it makes no sense,
 * -EFAULT, -EIO, -ENXIO where it cannot be read.
 */
int kd_memmap_get(struct kd_memmap_view *v, kd_pfn_t pfn, const uint8_t **ret,
		  uint64_t *ret_n);

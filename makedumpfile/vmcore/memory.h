/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Physical memory of the dumped machine, wherever it comes from: an ELF core, a
 * kdump-compressed file, a test's array. Readers go through a window, so that an mmap
 * covers megabytes at a time and each thread can have its own. Implemented by
 * vmcore/elf-core.c and format/kdump-reader.c; used by everything behind them.
 */
#pragma once

#include "base/error.h"
#include "base/types.h"

struct kd_memory;

/** A run of physical memory, [start, end) in bytes. */
struct kd_extent {
	kd_paddr_t start;
	kd_paddr_t end;
};

/**
 * What a source of memory implements.
 *
 * @read: copy @size bytes, all of them inside one extent.
 *        0, -EIO for bytes that cannot be read, -ENODATA for a page the dump left out
 *        Any number of threads may read at once
 * @map:  optional. Lend the bytes around @addr without copying: *ret_map is to be
 *        given to @unmap, *ret_slice says which physical bytes it shows, at least
 *        [addr, addr + 1) and near @want around it. May fail at any time: @read serves.
 * @present: optional; without it all of the extents is there. A dump that is filtered
 *        already knows which pages it has: the first run of such frames at or after
 *        *from: 1 and [*from, *ret_end), 0 at the end, or a negative errno
 */
struct kd_memory_ops {
	int (*read)(const struct kd_memory *m, kd_paddr_t addr, void *buf, size_t size);
	int (*map)(const struct kd_memory *m, kd_paddr_t addr, size_t want,
		   const void **ret_map, struct kd_extent *ret_slice);
	void (*unmap)(const struct kd_memory *m, const void *map, struct kd_extent slice);
	int (*present)(const struct kd_memory *m, kd_pfn_t *from, kd_pfn_t *ret_end);
};

/**
 * Embedded first in each implementation.
 *
 * @extents:   what there is, sorted, disjoint, not adjacent; owned by the implementation
 * @page_size: of the dumped machine, bytes; a power of two
 */
struct kd_memory {
	const struct kd_memory_ops *ops;
	const struct kd_extent *extents;
	size_t n_extents;
	uint32_t page_size;
};

/** The extent that holds @addr, or NULL. */
const struct kd_extent *kd_memory_find(const struct kd_memory *m, kd_paddr_t addr);

/**
 * Copy @size bytes at @addr, across adjacent pages but not across a hole.
 * Returns 0, -ENXIO when a byte is in no extent, -EIO, -ENODATA.
 */
int kd_memory_read(const struct kd_memory *m, kd_paddr_t addr, void *buf, size_t size);

/** As the operation; where there is none, of the extents: frames with any byte in one. */
int kd_memory_present(const struct kd_memory *m, kd_pfn_t *from, kd_pfn_t *ret_end);

/**
 * A moving view of memory, one per thread.
 *
 * @memory:  borrowed
 * @size:    the most one call may ask for, bytes
 * @map:     what the source lends, showing @slice; NULL when nothing is mapped
 * @bounce:  buffer of @size bytes that read() fills where mapping fails; owned
 * @bounced: what @bounce shows
 * @no_map:  never try to map
 * @copied:  what was lent last is in @bounce: bytes that stay. Those of a mapping are the
 *           dumped memory itself, which may change while they are looked at
 */
struct kd_window {
	const struct kd_memory *memory;
	size_t size;
	const void *map;
	struct kd_extent slice;
	void *bounce;
	struct kd_extent bounced;
	bool no_map;
	bool copied;
};

/**
 * Set up a window of about @size bytes; the bounce buffer is allocated now.
 * @no_map: always read(), as --non-mmap asks
 * Returns 0 or -ENOMEM.
 */
int kd_window_init(struct kd_window *w, const struct kd_memory *memory, size_t size,
		   bool no_map);
/** Unmap and free. */
void kd_window_done(struct kd_window *w);

/**
 * A pointer to @size bytes at @addr; valid until the next call on the same window.
 * @size may not exceed the window's. Returns 0, -ENXIO, -EIO, -ENODATA, -EINVAL.
 */
int kd_window_get(struct kd_window *w, kd_paddr_t addr, size_t size, const void **ret);

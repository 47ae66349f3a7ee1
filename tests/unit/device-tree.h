/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Device trees under test: a small machine's, made by libfdt's writer, and questions to
 * one that came out. Every value is one that a test later looks for.
 */
#pragma once

#include <libfdt.h>

#include "tests/unit/test.h"

#define DT_ROOM 8192

/** @bytes: the tree; @size: of it */
struct device_tree {
	uint8_t bytes[DT_ROOM];
	size_t size;
};

/** What a boot loader and an earlier kexec put there. */
static inline void device_tree_chosen(void *fdt)
{
	fdt_begin_node(fdt, "chosen");
	fdt_property_string(fdt, "stdout-path", "/pl011@9000000");
	fdt_property_string(fdt, "bootargs", "old=1");
	fdt_property_u64(fdt, "linux,initrd-start", 0x48000000);
	fdt_property_u64(fdt, "linux,initrd-end", 0x48000123);
	fdt_property_u64(fdt, "kaslr-seed", 0);
	fdt_property(fdt, "rng-seed", "0123456789abcdef", 16);
	fdt_property(fdt, "linux,usable-memory-range", "0123456789abcdef", 16);
	fdt_property_u64(fdt, "linux,elfcorehdr", 0x50000000);
	fdt_property(fdt, "linux,ima-kexec-buffer", "0123456789abcdef", 16);
	fdt_end_node(fdt);
}

/** A machine with memory at 1 GiB. @cells: of addresses and sizes, 0 to leave them out;
 *  @chosen: with one. Reserved: an initrd's whole page, and firmware at 0x60000000. */
static inline void device_tree_make(struct device_tree *dt, uint32_t cells, bool chosen)
{
	void *fdt = dt->bytes;

	memset(dt, 0, sizeof(*dt));
	fdt_create(fdt, DT_ROOM);
	fdt_add_reservemap_entry(fdt, 0x60000000, 0x1000);
	fdt_add_reservemap_entry(fdt, 0x48000000, 0x1000);
	fdt_finish_reservemap(fdt);
	fdt_begin_node(fdt, "");
	fdt_property_string(fdt, "compatible", "linux,dummy-virt");
	if (cells) {
		fdt_property_u32(fdt, "#address-cells", cells);
		fdt_property_u32(fdt, "#size-cells", cells);
	}
	fdt_begin_node(fdt, "memory@40000000");
	fdt_property_string(fdt, "device_type", "memory");
	fdt_end_node(fdt);
	if (chosen)
		device_tree_chosen(fdt);
	fdt_end_node(fdt);
	fdt_finish(fdt);
	dt->size = fdt_totalsize(fdt);
}

/** A property of /chosen: its bytes in hex, "-" when it is not there. */
static inline const char *device_tree_get(const void *fdt, const char *name,
					  char text[256])
{
	int size;
	const uint8_t *v = fdt_getprop(fdt, fdt_path_offset(fdt, "/chosen"), name, &size);
	size_t n = 0;

	if (!v)
		return "-";
	text[0] = '\0';
	for (int i = 0; i < size && n + 3 < 256; i++)
		n += (size_t)snprintf(text + n, 256 - n, "%02x", v[i]);
	return text;
}

/** How often [start, start + size) is reserved. */
static inline int device_tree_reserved(const void *fdt, uint64_t start, uint64_t size)
{
	uint64_t s, n;
	int found = 0;

	for (int i = 0; i < fdt_num_mem_rsv(fdt); i++)
		found += fdt_get_mem_rsv(fdt, i, &s, &n) == 0 && s == start && n == size;
	return found;
}

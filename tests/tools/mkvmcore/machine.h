/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The machine under construction: RAM segments that live in the output file, an area
 * where the "kernel" lies, page tables over both. Private to mkvmcore; trusts scripts
 * as far as they were parsed. Errors go through kd_error with the script's line.
 */
#pragma once

#include <sys/types.h>

#include "makedumpfile/layout/source.h"

#define MK_PAGE		4096U
#define MK_LARGE	(2U << 20)
#define MK_RAM_MAX	64
#define MK_SECTION_BITS 27
#define MK_KERNEL_MAP	UINT64_C(0xffffffff80000000)

/* Where RAM begins in the file: room for headers and notes before it. */
#define MK_FILE_NOTES 0x4000U
#define MK_FILE_RAM   0x40000U

/** One @ram: physical [start, end), at @offset of the file. */
struct mk_ram {
	kd_paddr_t start;
	kd_paddr_t end;
	uint64_t offset;
};

/** What @core sets. */
struct mk_config {
	const struct mk_preset *preset;
	unsigned int cpus;
	unsigned int levels;
	int64_t phys_base;
	kd_paddr_t kernel;
	bool small_vmemmap; /* mapped by 4 KiB pages */
	bool zero_memmap;   /* struct pages are left as zeros */
	bool tail_head;	    /* compound_info of tails points to the head */
	bool no_vmcoreinfo;
	uint64_t cut; /* bytes missing at the end of the file */
	unsigned int ring_count_bits;
	unsigned int ring_size_bits;
	char release[KD_RELEASE_SIZE];
	char build_id[KD_BUILD_ID_HEX];
};

/**
 * @fd:     the output; borrowed
 * @info, @layout: what the preset says, before @info lines change it for readers
 * @next:   first free byte of the kernel's area
 * @vmemmap, @page_offset: virtual bases
 * @symbols: lines for vmcoreinfo, as they become known
 */
struct mk {
	int fd;
	struct mk_config config;
	struct mk_ram ram[MK_RAM_MAX];
	size_t n_ram;
	uint64_t file_end;
	struct kd_vmcoreinfo *info;
	struct kd_layout layout;
	kd_paddr_t next;
	kd_paddr_t kernel_end;
	kd_paddr_t root;
	kd_vaddr_t vmemmap;
	kd_vaddr_t page_offset;
	struct kd_strbuf symbols;
	struct kd_strbuf overrides;
	struct mk_log *log;
};

/** Add RAM. -EINVAL when it is not page aligned, overlaps or is one too many. */
int mk_ram_add(struct mk *mk, kd_paddr_t start, uint64_t size, struct kd_error *err);

/** Write and read physical memory; -ENXIO outside RAM. */
int mk_write(struct mk *mk, kd_paddr_t addr, const void *data, size_t size,
	     struct kd_error *err);
int mk_read(struct mk *mk, kd_paddr_t addr, void *data, size_t size,
	    struct kd_error *err);
int mk_write_u64(struct mk *mk, kd_paddr_t addr, uint64_t v, struct kd_error *err);

/** Take @size bytes of the kernel's area, aligned; they read as zero. */
int mk_alloc(struct mk *mk, uint64_t size, uint64_t align, kd_paddr_t *ret,
	     struct kd_error *err);

/** Virtual addresses of physical ones: by the kernel image's map, by the direct map. */
kd_vaddr_t mk_text_address(const struct mk *mk, kd_paddr_t addr);
kd_vaddr_t mk_direct_address(const struct mk *mk, kd_paddr_t addr);

/** Map one page of @size (4 KiB, 2 MiB or 1 GiB) at @va to @pa. */
int mk_map(struct mk *mk, kd_vaddr_t va, kd_paddr_t pa, uint64_t size,
	   struct kd_error *err);

/** Build page tables, mem_section and the memmap of all RAM; every page in use. */
int mk_machine_start(struct mk *mk, struct kd_error *err);
/** Map what the kernel's area has grown to. */
int mk_machine_finish(struct mk *mk, struct kd_error *err);

/** A value of the preset's vmcoreinfo, 0 when absent: OFFSET(name), SIZE(name). */
uint64_t mk_offset(const struct mk *mk, const char *name);
uint64_t mk_size(const struct mk *mk, const char *name);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Kernel virtual addresses to physical ones, by walking the dead kernel's page tables:
 * one walk for all architectures (xlat.c), one file for what each of them says in its
 * entries (translate-<arch>.c), one table of them (machine.c).
 * Trusts nothing: each level is read through the memory reader and bounded.
 */
#pragma once

#include "makedumpfile/vmcore/elf-core.h"

struct kd_xlat_ops;

/* More levels than any architecture that Linux runs on: 5 on x86_64, arm64, riscv64
 * and s390x. */
#define KD_XLAT_LEVELS 5

/**
 * How the dead kernel maps itself. Filled by kd_xlat_init(), read-only afterwards, so
 * threads may share it.
 *
 * @root:       physical address of the top page table
 * @levels:     1..KD_XLAT_LEVELS; the top table is of this level, the last of level 1
 * @shift:      an entry of level n maps 1 << shift[n - 1] bytes; a table of level n,
 *              all of its entries together, 1 << shift[n]
 * @va_bits:    kernel addresses have ones from this bit up
 * @both_halves: the same tables serve addresses with zeros there
 * @phys_base:  what a dump's header is told (kdump_sub_header.phys_base): kernel text's
 *              physical minus virtual base, modulo 2^64, on x86_64; the start of memory
 *              on arm64
 * @enc_mask:   bits of an entry that are no address (SME); 0 without
 * @wide:       arm64: where an entry keeps the address bits that did not fit
 * @image:      virtual address of the kernel image and
 * @image_size: bytes of virtual space it may take
 * @image_offset: its virtual minus physical addresses, modulo 2^64
 * @linear:     the same of the direct map; 0 bytes when it is not known, which
 * @linear_size,
 * @linear_offset: is not needed as long as page tables can be read
 * @sound:      the page tables map the top table itself where it is: what they do not
 *              map is not mapped, and not lost
 */
struct kd_xlat {
	const struct kd_memory *memory;
	const struct kd_xlat_ops *ops;
	kd_paddr_t root;
	unsigned int levels;
	uint8_t shift[KD_XLAT_LEVELS + 1];
	uint8_t va_bits;
	bool both_halves;
	uint64_t phys_base;
	uint64_t enc_mask;
	unsigned int wide;
	kd_vaddr_t image;
	uint64_t image_size;
	uint64_t image_offset;
	kd_vaddr_t linear;
	uint64_t linear_size;
	uint64_t linear_offset;
	bool sound;
};

/**
 * Find the page tables of the kernel that @info describes.
 *
 * @machine: e_machine; -ENOTSUP for one that has no file here
 * @memory:  borrowed for the life of @ret
 * Errors: -ENODATA when vmcoreinfo lacks a key (named in @err), -ENOTSUP.
 */
int kd_xlat_init(struct kd_xlat *ret, const struct kd_memory *memory, uint16_t machine,
		 const struct kd_vmcoreinfo *info, struct kd_error *err);

/**
 * Translate one address.
 *
 * @ret_run: bytes from @addr on that the same leaf maps contiguously; may be NULL.
 *           A 2 MiB leaf of vmemmap is thus translated once for 32768 struct pages.
 * The kernel image and, where it is known, the direct map are linear; there, a walk
 * that fails is answered by arithmetic instead, so that the log survives damaged page
 * tables.
 * Returns 0; -EFAULT when not mapped, -EIO or -ENXIO when a table cannot be read,
 * -EBADMSG when an entry makes no sense.
 */
int kd_xlat_vtop(const struct kd_xlat *x, kd_vaddr_t addr, kd_paddr_t *ret,
		 uint64_t *ret_run);

/** Copy @size bytes at virtual @addr. Errors: those of kd_xlat_vtop and reading. */
int kd_xlat_read(const struct kd_xlat *x, kd_vaddr_t addr, void *buf, size_t size);

/**
 * One entry met on a walk.
 *
 * @name:      of its table in the kernel's words: "PGD", "P4D", "PUD", "PMD", "PTE"
 * @entry:     the entry's physical address
 * @value:     what is there
 * @paddr:     of the next table, or of the leaf's first byte; 0 for one that maps nothing
 * @leaf_size: bytes it maps when it is the last; 0 for a table and for nothing
 */
struct kd_xlat_step {
	const char *name;
	kd_paddr_t entry;
	uint64_t value;
	kd_paddr_t paddr;
	uint64_t leaf_size;
};

/**
 * Walk the page tables for @addr, top table first, and show each entry that was read.
 *
 * @visit: called up to KD_XLAT_LEVELS times; the last call shows the leaf, or the entry
 *         that the walk ended at. NULL to ask whether they map it
 * Tables only: where they say nothing, kd_xlat_vtop() may still know by arithmetic.
 * Returns as kd_xlat_vtop(); when a table cannot be read, its entry is not shown.
 */
int kd_xlat_walk(const struct kd_xlat *x, kd_vaddr_t addr,
		 void (*visit)(void *context, const struct kd_xlat_step *step),
		 void *context);

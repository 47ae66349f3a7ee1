/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Kernel virtual addresses to physical ones, by walking the dead kernel's page tables:
 * one file an architecture (translate-x86_64.c …) behind one table of functions.
 * Trusts nothing: each level is read through the memory reader and bounded.
 */
#pragma once

#include "makedumpfile/vmcore/elf-core.h"

struct kd_xlat_ops;

/**
 * How the dead kernel maps itself. Filled by kd_xlat_init(), read-only afterwards, so
 * threads may share it.
 *
 * @root:      physical address of the top page table
 * @levels:    4 or 5 on x86_64
 * @image_size: x86_64: bytes of virtual space the kernel image may take
 * @phys_base: x86_64: kernel text's physical minus virtual base, modulo 2^64
 * @enc_mask:  bits of an entry that are no address (SME); 0 without
 */
struct kd_xlat {
	const struct kd_memory *memory;
	const struct kd_xlat_ops *ops;
	kd_paddr_t root;
	unsigned int levels;
	uint64_t image_size;
	uint64_t phys_base;
	uint64_t enc_mask;
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
 * The kernel image is mapped linearly; there, a walk that fails is answered by
 * arithmetic instead, so that the log survives damaged page tables.
 * Returns 0; -EFAULT when not mapped, -EIO or -ENXIO when a table cannot be read,
 * -EBADMSG when an entry makes no sense.
 */
int kd_xlat_vtop(const struct kd_xlat *x, kd_vaddr_t addr, kd_paddr_t *ret,
		 uint64_t *ret_run);

/** Copy @size bytes at virtual @addr. Errors: those of kd_xlat_vtop and reading. */
int kd_xlat_read(const struct kd_xlat *x, kd_vaddr_t addr, void *buf, size_t size);

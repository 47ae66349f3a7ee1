/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A dead kernel for tests: 1 MiB of memory at the kernel's base, the symbols and types
 * a test gives it, VMCOREINFO to find them. Names are packed with one token a character.
 */
#pragma once

#include "makedumpfile/vmcore/xlat.h"

#define FAKE_BASE    UINT64_C(0xffffffff80000000)
#define FAKE_SIZE    (1U << 20)
#define FAKE_SYMBOLS 64

struct fake_symbol {
	const char *name;
	char type;
	kd_vaddr_t addr;
};

/** @scheme: enum kd_kallsyms_scheme, to be set before fake_kernel_finish() */
struct fake_kernel {
	struct kd_memory memory;
	struct kd_extent extent;
	uint8_t *bytes;
	struct kd_vmcoreinfo *info;
	struct kd_xlat x;
	struct fake_symbol symbols[FAKE_SYMBOLS];
	size_t n_symbols;
	int scheme;
	kd_vaddr_t top;
};

/** Memory of zeros; _stext is there already. Aborts when it cannot. */
void fake_kernel_init(struct fake_kernel *k);
void fake_kernel_done(struct fake_kernel *k);

/** A symbol; names are borrowed. Several may have the same. */
void fake_kernel_symbol(struct fake_kernel *k, const char *name, char type,
			kd_vaddr_t addr);

/** Take @size bytes of memory nobody has, zeroed, 16-byte aligned. */
kd_vaddr_t fake_kernel_take(struct fake_kernel *k, size_t size);

/** Where an address is in the test's own memory. */
void *fake_kernel_at(const struct fake_kernel *k, kd_vaddr_t addr);

void fake_kernel_put(struct fake_kernel *k, kd_vaddr_t at, const void *data, size_t size);
void fake_kernel_put_u64(struct fake_kernel *k, kd_vaddr_t at, uint64_t v);
void fake_kernel_put_u32(struct fake_kernel *k, kd_vaddr_t at, uint32_t v);

/** BTF bytes into memory, between __start_BTF and __stop_BTF. */
void fake_kernel_btf(struct fake_kernel *k, const void *data, size_t size);

/** Write kallsyms and VMCOREINFO. No more symbols after this. */
void fake_kernel_finish(struct fake_kernel *k);

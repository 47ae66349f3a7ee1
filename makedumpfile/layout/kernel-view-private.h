/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The inside of a kernel view, shared by kernel-view.c and kernel-modules.c alone.
 * Trusts nothing in the dump; sizes are bounded before anything is allocated.
 */
#pragma once

#include "makedumpfile/layout/kernel-view.h"

/** @btf: the dump's own, NULL without; @modules: read once, @has_modules says so */
struct kd_kernel_view {
	const struct kd_xlat *x;
	const struct kd_types *dwarf;
	struct kd_kallsyms *symbols;
	struct kd_types *btf;
	struct kd_module *modules;
	size_t n_modules;
	bool has_modules;
};

/** BTF at a virtual address. @base: see kd_types_from_btf(). */
int kd_kernel_read_btf(const struct kd_xlat *x, kd_vaddr_t at, uint64_t size,
		       const struct kd_types *base, struct kd_types **ret,
		       struct kd_error *err);

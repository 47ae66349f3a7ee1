/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A dead kernel with names: its memory by virtual address, its symbols, its types and
 * its modules', all out of the dump (or types of a vmlinux, where one is given). Trusts
 * nothing in the dump: lists are walked with limits. Called by erase/ and modes of the
 * makedumpfile program; host side only.
 */
#pragma once

#include "makedumpfile/layout/kallsyms.h"
#include "makedumpfile/layout/types.h"

/** A machine has some hundred modules. */
#define KD_MODULES_MAX 8192

/** MODULE_NAME_LEN of include/linux/moduleparam.h: 64 - sizeof(unsigned long) */
#define KD_MODULE_NAME_SIZE 64

struct kd_kernel_view;

/**
 * A loaded module.
 *
 * @types:    its BTF over the kernel's; NULL when it has none
 * @address:  of its struct module
 */
struct kd_module {
	char name[KD_MODULE_NAME_SIZE];
	kd_vaddr_t address;
	struct kd_types *types;
	bool has_no_types; /* looked for, not found */
};

/**
 * Find symbols and types of the kernel whose memory this is.
 *
 * @x, @info: borrowed
 * @dwarf:    types of its vmlinux, borrowed, or NULL for BTF out of the dump alone
 * Without BTF in the dump @dwarf has to do, and modules have no types. Modules are not
 * looked at before somebody asks.
 * Errors: those of kd_kallsyms_new(); -ENODATA when there are no types at all, -ENOMEM.
 */
int kd_kernel_view_new(const struct kd_xlat *x, const struct kd_vmcoreinfo *info,
		       const struct kd_types *dwarf, struct kd_kernel_view **ret,
		       struct kd_error *err);
void kd_kernel_view_free(struct kd_kernel_view *v);
KD_DEFINE_GUARD(struct kd_kernel_view, kd_kernel_view_free)

/** How memory is read. */
const struct kd_xlat *kd_kernel_view_xlat(const struct kd_kernel_view *v);

/** Types of the kernel image, DWARF's where given. */
const struct kd_types *kd_kernel_view_types(const struct kd_kernel_view *v);

/**
 * A symbol of the kernel image. Returns as kd_kallsyms_find().
 */
int kd_kernel_view_symbol(const struct kd_kernel_view *v, const char *name,
			  kd_vaddr_t *ret);

/**
 * A loaded module; the list is read when first asked for.
 * @ret: borrowed, -ENODATA for one that is not loaded; '-' and '_' are the same
 * Other errors: those of reading; -ENOTSUP when the list cannot be found in a kernel that
 * can have modules; -EBADMSG, -ELOOP for one without an end.
 */
int kd_kernel_view_module(struct kd_kernel_view *v, const char *name,
			  struct kd_module **ret, struct kd_error *err);

/** All modules; borrowed. Errors as above. */
int kd_kernel_view_modules(struct kd_kernel_view *v, struct kd_module **ret,
			   size_t *ret_n, struct kd_error *err);

/** A symbol out of a module's own table. Returns as kd_kallsyms_find(), or errors of
 *  reading. Static variables are in it where the kernel has CONFIG_KALLSYMS_ALL. */
int kd_module_symbol(const struct kd_kernel_view *v, const struct kd_module *m,
		     const char *name, kd_vaddr_t *ret);

/** Types of a module, the kernel's among them; read when first asked for. -ENODATA when
 *  the dump has none for it. */
int kd_module_types(struct kd_kernel_view *v, struct kd_module *m,
		    const struct kd_types **ret, struct kd_error *err);

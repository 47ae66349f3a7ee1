/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The dead kernel's own symbol table (kernel/kallsyms.c), out of its memory: names to
 * addresses and back. Its parts are found by vmcoreinfo's SYMBOL(kallsyms_*), which
 * kernels have since commit 5fd8fea935a1 ("vmcoreinfo: include kallsyms symbols").
 * Trusts nothing in it: counts and sizes are bounded, names are walked with limits.
 * Called by kernel-view.c and the selection of a mini dump.
 */
#pragma once

#include "makedumpfile/vmcore/xlat.h"

/** A kernel has some 200000 symbols in a few MiB of compressed names; with more than
 *  this the table is not believed (-EBADMSG). */
#define KD_KALLSYMS_MAX_SYMBOLS (4U << 20)
#define KD_KALLSYMS_MAX_NAMES	(64U << 20)

/** KSYM_NAME_LEN of include/linux/kallsyms.h, since 6.1, with the NUL. */
#define KD_KSYM_NAME_SIZE 512

struct kd_kallsyms;

/** How the table spells an address (scripts/kallsyms.c). */
enum kd_kallsyms_scheme {
	KD_KALLSYMS_ABSOLUTE_PERCPU, /* not negative: itself; else base - 1 - it */
	KD_KALLSYMS_BASE_RELATIVE,   /* base + it */
	KD_KALLSYMS_PLACE_RELATIVE,  /* its own address + it; no base is exported */
};

/**
 * Copy the table out of memory, compressed as it is: some 3 MiB.
 *
 * @x: borrowed for this call alone
 * Errors: -ENODATA when vmcoreinfo does not say where it is, -EBADMSG when what is there
 * is no symbol table or does not agree with SYMBOL(_stext); those of kd_xlat_read().
 */
int kd_kallsyms_new(const struct kd_xlat *x, const struct kd_vmcoreinfo *info,
		    struct kd_kallsyms **ret, struct kd_error *err);
void kd_kallsyms_free(struct kd_kallsyms *k);
KD_DEFINE_GUARD(struct kd_kallsyms, kd_kallsyms_free)

size_t kd_kallsyms_count(const struct kd_kallsyms *k);
enum kd_kallsyms_scheme kd_kallsyms_scheme(const struct kd_kallsyms *k);

/**
 * The address of a symbol, as the kernel ran (KASLR included); of per-CPU symbols of
 * kernels until 6.14 the offset into the per-CPU area.
 *
 * @ret: of several symbols of that name, the first
 * Returns how many more there are at other addresses: static symbols may share a name.
 * -ENODATA when there is none, -EINVAL for a name no symbol can have.
 */
int kd_kallsyms_find(const struct kd_kallsyms *k, const char *name, kd_vaddr_t *ret);

/**
 * Several symbols in one walk, each as kd_kallsyms_find() finds it.
 *
 * @names: @n of them
 * @found: by name; where it is set already, nothing is looked for
 * @ret:   by name, filled in where @found becomes set
 */
void kd_kallsyms_find_each(const struct kd_kallsyms *k, const char *const *names,
			   size_t n, bool *found, kd_vaddr_t *ret);

/**
 * The symbol at or last before an address. Of several the first.
 *
 * @name:       KD_KSYM_NAME_SIZE bytes, filled on success
 * @ret_offset: bytes from the symbol to @addr; may be NULL
 * Returns 0 or -ENODATA.
 */
int kd_kallsyms_at(const struct kd_kallsyms *k, kd_vaddr_t addr, char *name,
		   uint64_t *ret_offset);

/**
 * All symbols in the order of the table: start with a zeroed one.
 *
 * @type: as nm(1) shows it
 */
struct kd_kallsyms_entry {
	size_t next;
	size_t next_name;
	kd_vaddr_t addr;
	char type;
	char name[KD_KSYM_NAME_SIZE];
};

/** Step to the next symbol. False at the end. */
bool kd_kallsyms_next(const struct kd_kallsyms *k, struct kd_kallsyms_entry *e);

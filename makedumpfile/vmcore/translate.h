/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an architecture tells about its page tables: see docs/translation.md. A new one
 * is a file translate-<arch>.c, its table declared here and a line in machine.c. Private
 * to vmcore/.
 */
#pragma once

#include "makedumpfile/vmcore/xlat.h"

/** What an entry of a page table is. */
enum kd_entry_kind {
	KD_ENTRY_NOTHING,
	KD_ENTRY_TABLE,
	KD_ENTRY_LEAF,
};

/**
 * An entry, read.
 *
 * @paddr: of the next table, or of what a leaf maps; low bits of a leaf's are ignored
 * @shift: a leaf maps 1 << shift bytes; set to what its level gives
 * @run_shift: it is one of several that map 1 << run_shift bytes without a gap (arm64's
 *         contiguous bit); set to @shift
 */
struct kd_entry {
	kd_paddr_t paddr;
	unsigned int shift;
	unsigned int run_shift;
};

/**
 * @init:  find the root and fill in the rest from @info; memory and ops are set already,
 *         the tables may be read. 0, -ENODATA with the missing key named in @err, -EBADMSG
 * @entry: take @value of a table of @level apart. A kind, or -EBADMSG when it can be no
 *         such entry
 * @vtop:  optional, instead of the walk, for what has no such tables; as
 *         kd_xlat_vtop(), both outputs given
 */
struct kd_xlat_ops {
	int (*init)(struct kd_xlat *x, const struct kd_vmcoreinfo *info,
		    struct kd_error *err);
	int (*entry)(const struct kd_xlat *x, unsigned int level, uint64_t value,
		     struct kd_entry *ret);
	int (*vtop)(const struct kd_xlat *x, kd_vaddr_t addr, kd_paddr_t *ret,
		    uint64_t *ret_run);
};

/** Set levels and shifts for tables that fill one page each, of 8 bytes an entry.
 *  @va_bits: what the top table's entries reach up to, it may be a partial one */
void kd_xlat_set_levels(struct kd_xlat *x, unsigned int page_shift, unsigned int va_bits);

extern const struct kd_xlat_ops kd_xlat_arm64;
extern const struct kd_xlat_ops kd_xlat_riscv64;
extern const struct kd_xlat_ops kd_xlat_x86_64;

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is to be erased from a dump, as physical ranges, and the erasing itself: pages in,
 * pages patched. Pure; knows nothing of symbols or types (resolve.h makes the ranges).
 * Trusts nobody about ranges: they may overlap, wrap and lie anywhere. Called by the
 * copying of pages, from any number of threads.
 */
#pragma once

#include "base/error.h"
#include "base/types.h"

struct kd_erase;

/** What bytes are replaced with; 'X' as makedumpfile does, zeros for "nullify". */
enum kd_erase_fill {
	KD_ERASE_X,
	KD_ERASE_ZERO,
};

/** More ranges than this, after merging neighbours, are -E2BIG (16 bytes each). */
#define KD_ERASE_MAX_RANGES (4U << 20)

/** What the ERASEINFO text may grow to, bytes. */
#define KD_ERASE_MAX_TEXT (16U << 20)

/** Nothing to erase yet. @page_size: of the dumped machine, a power of two. -ENOMEM. */
int kd_erase_new(uint32_t page_size, struct kd_erase **ret);
void kd_erase_free(struct kd_erase *e);
KD_DEFINE_GUARD(struct kd_erase, kd_erase_free)

/**
 * Add @size bytes at @addr; in any order. Where ranges overlap, X wins over zeros.
 * Returns 0, -ERANGE when the end wraps, -E2BIG, -ENOMEM.
 */
int kd_erase_add(struct kd_erase *e, kd_paddr_t addr, uint64_t size,
		 enum kd_erase_fill fill);

/** Append one line to the text that goes with the dump: "erase <expr> size 16" or
 *  "erase <expr> nullify". -EFBIG, -ENOMEM. */
int kd_erase_tell(struct kd_erase *e, const char *expression, uint64_t size,
		  enum kd_erase_fill fill);

/** Sort and merge; call after the last add and before the first look-up. From then on
 *  @e is read-only, so that threads may share it. */
void kd_erase_seal(struct kd_erase *e);

/** Whether any byte of page frame @pfn is to be erased. @e may be NULL: no. */
bool kd_erase_touches(const struct kd_erase *e, kd_pfn_t pfn);

/** Patch @page, page_size bytes, the contents of frame @pfn. @e may be NULL. */
void kd_erase_apply(const struct kd_erase *e, kd_pfn_t pfn, void *page);

/**
 * The text to store with the dump, for offset_eraseinfo of a kdump-compressed file and
 * the "ERASEINFO" note of an ELF one; as makedumpfile writes it, a line each.
 * Borrowed; "" when nothing was erased. @ret_size: without the NUL; may be NULL.
 */
const char *kd_erase_text(const struct kd_erase *e, size_t *ret_size);

/** Bytes that will be replaced, and in how many ranges; after kd_erase_seal(). */
void kd_erase_count(const struct kd_erase *e, uint64_t *ret_bytes, size_t *ret_ranges);

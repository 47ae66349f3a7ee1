/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which PT_LOADs an ELF dump has, and where in it each kept page lies: made before the
 * first page, looked up by all threads, bounded whatever the machine. Pure but for the
 * walk over the runs, which it does not trust to be in order. Used by elf-writer.c.
 */
#pragma once

#include "makedumpfile/format/writer.h"

/* Gaps between kept pages by their size's power of two. */
#define KD_ELF_GAP_CLASSES 64

/** A PT_LOAD: frames from @start, as many as the next piece's @before has more.
 *  @before: pages of the file in front of it. */
struct kd_elf_piece {
	kd_pfn_t start;
	uint64_t before;
};

/**
 * @pieces:  ascending, and one more that ends the last; owned
 * @n:       without that one
 * @n_kept:  pages of all runs; @n_pages: with those of the gaps inside of pieces
 * @gap:     gaps of fewer pages than this are inside of pieces
 */
struct kd_elf_plan {
	struct kd_elf_piece *pieces;
	size_t n;
	uint64_t n_kept;
	uint64_t n_pages;
	uint64_t gap;
};

/**
 * The smallest power of two such that no more than @max pieces remain when all gaps
 * of fewer pages are closed; 1 closes none.
 *
 * @gaps: how many there are of [2^i, 2^(i+1)) pages; @runs: one more than their sum
 * @max:  at least 1
 */
uint64_t kd_elf_plan_gap(const uint64_t gaps[KD_ELF_GAP_CLASSES], uint64_t runs,
			 uint64_t max);

/**
 * Walk @runs twice and make at most @max pieces of them. Adjacent runs are one.
 * Returns 0; -EINVAL for runs that do not ascend; -ENOMEM; the walk's errors.
 */
int kd_elf_plan_init(struct kd_elf_plan *p, const struct kd_runs *runs, size_t max,
		     struct kd_error *err);
void kd_elf_plan_done(struct kd_elf_plan *p);

/**
 * Call @gap for each gap that lies inside of a piece: @before pages of the file come
 * before its @n pages. @runs: as before.
 * Returns 0, the first error of @gap, or the walk's errors.
 */
int kd_elf_plan_gaps(const struct kd_elf_plan *p, const struct kd_runs *runs,
		     int (*gap)(void *context, uint64_t before, uint64_t n),
		     void *context);

/**
 * How many pages of the file come before frame @pfn's.
 *
 * @at: the piece found last, 0 at first: neighbours are found at once
 * Returns 0, or -ENXIO when no piece holds it.
 */
int kd_elf_plan_find(const struct kd_elf_plan *p, kd_pfn_t pfn, size_t *at,
		     uint64_t *ret);

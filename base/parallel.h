/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One function on several CPUs at once, and a join: all the threading there is. Work
 * functions take what to do next from a place they share, so that any number of them,
 * one included, gets all of it done. Used by the scan and by the copying of pages.
 */
#pragma once

#include <stdatomic.h>

#include "base/error.h"

/* More threads than this no dump is made with: output, not CPUs, is the limit by then. */
#define KD_PARALLEL_MAX 64

/** CPUs this process may run on (sched_getaffinity(2)); 1 to KD_PARALLEL_MAX. */
unsigned int kd_parallel_cpus(void);

/**
 * Run work(context, 0) … work(context, n - 1), each on a thread of its own but the
 * last, which runs on the caller's: with n == 1 there is no thread at all. A thread that
 * cannot be made is done without, its number left out; number n - 1 always runs.
 *
 * @n: 1 to KD_PARALLEL_MAX; beyond that it is cut
 * Returns 0 or, once all have come back, the error of the lowest number that failed.
 */
int kd_parallel(unsigned int n, int (*work)(void *context, unsigned int worker),
		void *context);

/** Keep the first error of several threads: @error becomes @r unless it holds one
 *  already. Returns what it holds. */
static inline int kd_first_error(_Atomic int *error, int r)
{
	int none = 0;

	return atomic_compare_exchange_strong(error, &none, r) ? r : none;
}

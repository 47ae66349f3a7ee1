/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How many pages of each kind a dump would have, of a core or of the running machine.
 * Changes nothing and writes no dump. Called by run-mem-usage.c.
 */
#pragma once

#include "makedumpfile/dump-know.h"

/** Pages. @zero: those full of zeros among what would be kept otherwise. */
struct kd_mem_usage {
	uint64_t total, zero, cache, cache_private, user, free;
	uint64_t offline, poisoned, unreadable, kernel;
};

/**
 * Count. Memory may change meanwhile: each page is looked at once, and no loop depends on
 * what is read twice.
 *
 * Errors: -ENODATA when no memory map is known, -ENOMEM.
 */
int kd_mem_usage_count(struct kd_know *know, const struct kd_dump_request *request,
		       struct kd_mem_usage *ret, struct kd_error *err);

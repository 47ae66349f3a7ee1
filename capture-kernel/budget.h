/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How much memory the dump may use, and whether another try with less makes sense.
 * Pure. Called by the dump phase.
 */
#pragma once

#include "capture-kernel/child.h"

#define KD_DUMP_ATTEMPTS 3

/**
 * Bytes of buffers for the dump.
 *
 * @plan_limit: from the plan, 0 to derive it
 * @available:  MemAvailable in bytes, 0 when unknown
 * @attempt:    0 for the first; each further one gets half
 * A quarter of what is free, since page cache on its way to a slow disk needs the
 * rest; never less than a dump can be written with, whatever was asked for.
 */
uint64_t kd_memory_budget(uint64_t plan_limit, uint64_t available, unsigned int attempt);

/** Hard cap of the child's private memory for a budget: thread stacks, the heap's slack
 *  and the parsed layout come on top of the buffers. */
uint64_t kd_memory_cap(uint64_t budget);

/** Whether the attempt failed in a way that less memory may cure: killed by a signal
 *  (the OOM killer's, or a crash on an allocation that failed) or -ENOMEM. */
bool kd_dump_retry(const struct kd_child_result *result);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory of the dump: see budget.h. Trusts only plausible numbers. Called by the dump
 * phase, in pid 1.
 */
#include "capture-kernel/budget.h"

#define MIB	   (UINT64_C(1) << 20)
#define BUDGET_MIN (4 * MIB)
#define BUDGET_MAX (256 * MIB)
#define SLACK	   (32 * MIB)

uint64_t kd_memory_budget(uint64_t plan_limit, uint64_t available, unsigned int attempt)
{
	uint64_t budget = plan_limit ? plan_limit : available / 4;

	budget = MIN(budget, BUDGET_MAX);
	budget = attempt < 64 ? budget >> attempt : 0;
	return MAX(budget, BUDGET_MIN);
}

uint64_t kd_memory_cap(uint64_t budget)
{
	return 2 * budget + SLACK;
}

bool kd_dump_retry(const struct kd_child_result *result)
{
	return result->end == KD_CHILD_SIGNALLED ||
	       (result->end == KD_CHILD_EXITED && result->error == -ENOMEM);
}

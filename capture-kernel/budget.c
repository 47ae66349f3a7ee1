/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory of the dump: see budget.h. Trusts only plausible numbers. Called by the dump
 * phase, in pid 1.
 */
#include "capture-kernel/budget.h"

#include <string.h>

#include "base/parse.h"

#define MIB	   (UINT64_C(1) << 20)
#define BUDGET_MIN (4 * MIB)
#define BUDGET_MAX (256 * MIB)
#define SLACK	   (32 * MIB)

int kd_meminfo_value(const char *text, size_t size, const char *key, uint64_t *ret)
{
	size_t n = strlen(key) + 1; /* and the colon */
	struct kd_lines it = { .rest = text, .left = size };
	char value[64], *unit;
	uint64_t kib;

	while (kd_lines_next(&it)) {
		if (it.length <= n || memcmp(it.line, key, n - 1) != 0 ||
		    it.line[n - 1] != ':')
			continue;
		if (it.length - n >= sizeof(value))
			return -EBADMSG;
		memcpy(value, it.line + n, it.length - n);
		value[it.length - n] = '\0';
		unit = strstr(value, " kB");
		if (!unit)
			return -EBADMSG;
		*unit = '\0';
		if (kd_parse_u64(kd_strip(value), &kib) < 0 || kib > UINT64_MAX / 1024)
			return -EBADMSG;
		*ret = kib * 1024;
		return 0;
	}
	return -ENODATA;
}

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

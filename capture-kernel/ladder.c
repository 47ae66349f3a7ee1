/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From level to level: see ladder.h. Trusts its numbers, and that kdump.conf was checked
 * when the plan was made. Called by save-dump.c.
 */
#include "capture-kernel/ladder.h"

#include "base/guard.h"

#define STRICTEST 31U

void kd_ladder_extend(struct kd_dump_options *options)
{
	size_t last = options->n_levels - 1;

	if ((options->levels[last] & STRICTEST) == STRICTEST)
		return;
	last = MIN(last + 1, (size_t)KD_DUMP_LEVELS - 1);
	options->levels[last] = STRICTEST;
	options->n_levels = last + 1;
}

unsigned int kd_ladder_seconds(const struct kd_dump_options *options, size_t attempt,
			       uint64_t left_ms, unsigned int own)
{
	uint64_t left = left_ms / 1000;

	if (left_ms == 0)
		return own;
	if (attempt + 1 < options->n_levels)
		left = left * 3 / 5;
	else
		left -= MIN(left, (uint64_t)KD_LADDER_MARGIN);
	if (own)
		left = MIN(left, (uint64_t)own);
	return (unsigned int)MIN(MAX(left, (uint64_t)KD_LADDER_LEAST),
				 (uint64_t)INT32_MAX);
}

bool kd_ladder_goes_on(const struct kd_dump_options *options, size_t attempt, int error)
{
	return (error == -ENOSPC || error == -EDQUOT || error == -EFBIG ||
		error == -ETIME) &&
	       attempt + 1 < options->n_levels;
}

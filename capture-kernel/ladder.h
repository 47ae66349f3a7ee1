/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The rungs between the dump that was asked for and none: levels, each leaving out more
 * than the one before, and how long each may take. Pure. Called by save-dump.c.
 */
#pragma once

#include "base/types.h"
#include "makedumpfile/options.h"

/** Let the strictest level follow those that @options ask for, where it would leave out
 *  more than the last of them. Of a full list it takes the last place. */
void kd_ladder_extend(struct kd_dump_options *options);

/**
 * Seconds the level @attempt may take: of what is left the larger part while another level
 * follows, and all but what it takes to close the file for the last one.
 *
 * @left_ms: until the capture must be over; 0 when there is no such time
 * @own:     core_collector's --time-budget, seconds; 0 without
 * Returns 0 for no limit, never less than KD_LADDER_LEAST otherwise.
 */
unsigned int kd_ladder_seconds(const struct kd_dump_options *options, size_t attempt,
			       uint64_t left_ms, unsigned int own);
#define KD_LADDER_LEAST	 5
#define KD_LADDER_MARGIN 20 /* seconds to close a file and to record it */

/** Whether the next level is worth a try after @error of the level @attempt. */
bool kd_ladder_goes_on(const struct kd_dump_options *options, size_t attempt, int error);

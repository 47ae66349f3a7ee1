/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * When the daemon arms again by itself: a storm of hotplug events costs one arming, an
 * arming that was killed is tried again, ever later. Pure, of events and times. Called by
 * manager.c.
 */
#pragma once

#include "base/types.h"

#define KD_SCHEDULE_NEVER UINT64_MAX
#define KD_SCHEDULE_TRIES 5 /* after a killed one, and given up then */

/** Why to arm. */
enum kd_occasion {
	KD_OCCASION_HOTPLUG, /* CPUs or memory have changed: more of that is likely */
	KD_OCCASION_KILLED,  /* an arming did not come to its end */
};

/**
 * Times in microseconds of a clock that only advances; KD_SCHEDULE_NEVER for none.
 *
 * @storm:  when to arm for hotplug; @latest: beyond this no further event delays it
 * @retry:  when to arm after one was killed
 * @killed: armings tried again since the last one that went well
 */
struct kd_schedule {
	uint64_t storm;
	uint64_t latest;
	uint64_t retry;
	unsigned int killed;
};

void kd_schedule_init(struct kd_schedule *s);

/** Something happened at @now. False when it leads to nothing any more: too many killed
 *  armings in a row; somebody has to ask, or hardware to change. */
bool kd_schedule_add(struct kd_schedule *s, enum kd_occasion occasion, uint64_t now);

/** When to arm. */
uint64_t kd_schedule_due(const struct kd_schedule *s);

/** An arming starts, whoever wanted it, or the machine is disarmed: nothing is due. */
void kd_schedule_start(struct kd_schedule *s);

/** It went well: the next one that is killed is the first again. One that failed leaves
 *  what a killed one before it has left, and is no reason to try for ever. */
void kd_schedule_end(struct kd_schedule *s);

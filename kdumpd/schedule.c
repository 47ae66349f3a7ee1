/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Times of arming: see schedule.h. Plugging a board brings hundreds of events within a
 * second or two; each pushes the arming out, up to a bound, since events that never end
 * must not keep a stale header for ever. Trusts its clock.
 */
#include "kdumpd/schedule.h"

#include "base/guard.h"

#define SECOND	    1000000ull
#define QUIET	    (1 * SECOND)
#define STORM_BOUND (10 * SECOND)

void kd_schedule_init(struct kd_schedule *s)
{
	*s = (struct kd_schedule) { .storm = KD_SCHEDULE_NEVER,
				    .latest = KD_SCHEDULE_NEVER,
				    .retry = KD_SCHEDULE_NEVER };
}

bool kd_schedule_add(struct kd_schedule *s, enum kd_occasion occasion, uint64_t now)
{
	switch (occasion) {
	case KD_OCCASION_HOTPLUG:
		s->latest = MIN(s->latest, now + STORM_BOUND);
		s->storm = MIN(now + QUIET, s->latest);
		return true;
	case KD_OCCASION_KILLED:
		if (s->retry != KD_SCHEDULE_NEVER)
			return true; /* told twice */
		if (s->killed == KD_SCHEDULE_TRIES)
			return false;
		s->retry = now + (SECOND << s->killed);
		s->killed++;
		return true;
	}
	return false;
}

uint64_t kd_schedule_due(const struct kd_schedule *s)
{
	return MIN(s->storm, s->retry);
}

void kd_schedule_start(struct kd_schedule *s)
{
	s->storm = s->latest = s->retry = KD_SCHEDULE_NEVER;
}

void kd_schedule_end(struct kd_schedule *s)
{
	s->killed = 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Time limits: see deadline.h. Trusts its numbers to be milliseconds and nothing about
 * their order: a limit that lies in the past is simply over. Called by child.c, by the
 * phases and by the watchdog.
 */
#include "capture-kernel/deadline.h"

#include <time.h>

#include "base/guard.h"

uint64_t kd_now_ms(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_BOOTTIME, &ts);
	return (uint64_t)ts.tv_sec * 1000 + (uint64_t)ts.tv_nsec / 1000000;
}

static uint64_t silence(uint64_t now_ms, uint64_t beat_ms)
{
	return now_ms > beat_ms ? now_ms - beat_ms : 0;
}

enum kd_time_verdict kd_limits_check(const struct kd_limits *l, uint64_t now_ms,
				     uint64_t beat_ms)
{
	if (now_ms >= l->deadline_ms)
		return KD_OVERDUE;
	return silence(now_ms, beat_ms) >= l->idle_ms ? KD_IDLE : KD_IN_TIME;
}

uint64_t kd_limits_sleep(const struct kd_limits *l, uint64_t now_ms, uint64_t beat_ms,
			 uint64_t most)
{
	uint64_t left;

	if (kd_limits_check(l, now_ms, beat_ms) != KD_IN_TIME)
		return 0;
	left = MIN(l->deadline_ms - now_ms, l->idle_ms - silence(now_ms, beat_ms));
	return MAX(MIN(left, most), (uint64_t)1);
}

struct kd_limits kd_limits_for(uint64_t limit_ms, uint64_t now_ms, uint64_t deadline_ms,
			       uint64_t grace_ms)
{
	struct kd_limits l = { .idle_ms = limit_ms, .deadline_ms = deadline_ms };

	if (grace_ms == 0)
		return l;
	l.idle_ms = MIN(limit_ms, grace_ms);
	if (__builtin_add_overflow(now_ms, grace_ms, &l.deadline_ms))
		l.deadline_ms = UINT64_MAX;
	return l;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Time limits as plain arithmetic: how long work may go without progress and when all
 * must be over. Pure but for kd_now_ms(); values are milliseconds since the capture
 * kernel's boot, so no clock set by hand or by a dead RTC battery can stretch them.
 */
#pragma once

#include "base/types.h"

/**
 * @idle_ms:     longest silence between two signs of progress
 * @deadline_ms: when the work must be over, however well it goes
 */
struct kd_limits {
	uint64_t idle_ms;
	uint64_t deadline_ms;
};

enum kd_time_verdict {
	KD_IN_TIME,
	KD_IDLE,    /* no progress for idle_ms */
	KD_OVERDUE, /* deadline_ms is past */
};

/** Milliseconds since boot, suspend included (CLOCK_BOOTTIME). */
uint64_t kd_now_ms(void);

/** Judge work that last showed progress at @beat_ms. A beat in the future counts as now. */
enum kd_time_verdict kd_limits_check(const struct kd_limits *l, uint64_t now_ms,
				     uint64_t beat_ms);

/** How long the watcher may sleep, at most @most ms, before the verdict can change.
 *  Never 0 while the work is in time, so that a watcher cannot spin. */
uint64_t kd_limits_sleep(const struct kd_limits *l, uint64_t now_ms, uint64_t beat_ms,
			 uint64_t most);

/**
 * Limits of one phase that starts now.
 *
 * @limit_ms:    the phase's own, without progress
 * @deadline_ms: of the whole capture
 * @grace_ms:    0, or for the phases that close a capture: they get this long even when
 *               the deadline is past, or a dump cut short would go unrecorded
 */
struct kd_limits kd_limits_for(uint64_t limit_ms, uint64_t now_ms, uint64_t deadline_ms,
			       uint64_t grace_ms);

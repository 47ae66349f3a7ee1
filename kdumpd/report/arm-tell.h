/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An arming's result told to people, the same from the daemon and from kdumpctl: log
 * lines, and an event for the journal. Then what is due after every arming: the look at the
 * last boot and the metrics. Called by those two, once each, at their edge.
 */
#pragma once

#include "kdumpd/arm/arm.h"
#include "kdumpd/report/events.h"

/**
 * Tell of the warnings of @result and, when @r is negative, why arming failed: every
 * complaint about the configuration where there are several, then @err. A new arming is
 * an event of the journal; that nothing had to be done is none.
 */
void kd_arm_tell(const struct kd_events *events, const struct kd_arm_result *result,
		 int r, const struct kd_error *err);

/** Look at the last boot, unless that was done, and write the metrics anew. What fails of
 *  it is a warning: armed is armed. */
void kd_after_arming(int root_fd, const struct kd_events *events);

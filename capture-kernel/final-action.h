/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The end of every capture: reboot, halt or power off, whatever it takes. Each attempt
 * runs in a child, because reboot(2) walks through all drivers and one of them may
 * hang; then sysrq, which asks nobody. Called by pid 1 and by its lifeline.
 */
#pragma once

#include "base/outcome.h"

/** What the plan wants after a capture: its final action when all that was wanted is saved,
 *  its failure action for anything less. Pure. */
enum kd_action kd_final_decide(const struct kd_plan *plan, bool satisfied);

/**
 * One rung of the ladder to an end, tried in order until one works.
 *
 * @reboot_cmd: for reboot(2), 0 to use @sysrq
 * @sysrq:      for /proc/sysrq-trigger, 0 to use @reboot_cmd
 */
struct kd_final_try {
	unsigned int reboot_cmd;
	char sysrq;
};

/** The rungs for @action, at most 4, a halt's without a reboot. Pure. @panic: a reboot is
 *  one by a panic, for pstore to keep what this kernel logged; others are not.
 *  Returns how many. */
size_t kd_final_ladder(enum kd_action action, bool panic,
		       struct kd_final_try ret[static 4]);

/** Write file systems back for at most a few seconds, then climb the ladder. Returns
 *  only when every rung failed; a halt that failed leaves the machine idle. */
void kd_final_action(int root_fd, enum kd_action action, bool panic);

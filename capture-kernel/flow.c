/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The order of the phases: see flow.h. Trusts only the flags it is given. Called by
 * capture.c after each phase.
 */
#include "capture-kernel/flow.h"

bool kd_flow_satisfied(const struct kd_flow *f)
{
	return f->best >= (f->log_only ? KD_OUTCOME_DMESG_ONLY : KD_OUTCOME_COMPLETE);
}

/* No target is left. */
static enum kd_step give_up(const struct kd_flow *f)
{
	return kd_flow_satisfied(f) ? KD_STEP_FINAL : KD_STEP_EMERGENCY;
}

static enum kd_step after_emergency(const struct kd_flow *f)
{
	if (f->best <= KD_OUTCOME_FAILED && !f->overdue && !f->no_core)
		return KD_STEP_LAST_WORDS;
	return KD_STEP_FINAL;
}

static enum kd_step next_target(struct kd_flow *f)
{
	if (kd_flow_satisfied(f) || f->overdue || f->no_core ||
	    f->target + 1 >= f->n_targets)
		return give_up(f);
	f->target++;
	return KD_STEP_DEVICE;
}

static enum kd_step after_phase(struct kd_flow *f, int result)
{
	switch (f->step) {
	case KD_STEP_PRE:
		return f->n_targets > 0 ? KD_STEP_DEVICE : give_up(f);
	case KD_STEP_DEVICE:
		return result < 0 ? next_target(f) : KD_STEP_TARGET;
	case KD_STEP_TARGET:
		/* it may be mounted and yet have failed: release it either way */
		f->mounted = result >= 0;
		return result < 0 ? KD_STEP_RELEASE : KD_STEP_LOG;
	case KD_STEP_LOG:
		return f->log_only ? KD_STEP_OUTCOME : KD_STEP_MINI;
	case KD_STEP_RELEASE:
		f->mounted = false;
		return next_target(f);
	case KD_STEP_EMERGENCY:
		return after_emergency(f);
	case KD_STEP_LAST_WORDS:
	case KD_STEP_FINAL:
	case KD_STEP_COUNT:
		return KD_STEP_FINAL;
	default:
		return f->step + 1;
	}
}

void kd_flow_advance(struct kd_flow *f, int result)
{
	enum kd_step next = after_phase(f, result);

	if (f->overdue && next < KD_STEP_OUTCOME)
		next = f->mounted ? KD_STEP_OUTCOME : give_up(f);
	f->step = next;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rules on who may load, and whether anybody may: kexec_load_check() and
 * kexec_load_permitted() of Linux. Nothing is known without facts. Called by validate.c.
 */
#include <inttypes.h>

#include "kexec/check/rules.h"

void kd_rule_capability(struct kd_check *c)
{
	if (c->facts && !c->facts->cap_sys_boot)
		kd_complain(c, -EPERM, KD_NO_SEGMENT, KD_NO_SEGMENT,
			    "this process may not load kernels");
}

void kd_rule_disabled(struct kd_check *c)
{
	if (c->facts && c->facts->load_disabled)
		kd_complain(c, -EPERM, KD_NO_SEGMENT, KD_NO_SEGMENT,
			    "kernel.kexec_load_disabled is 1");
}

/* Counted before anything else is looked at: a refused call costs one as well, and so
 * does an unload. */
void kd_rule_load_limit(struct kd_check *c)
{
	bool crash = c->call->flags & KD_KEXEC_ON_CRASH;

	if (c->facts && (crash ? c->facts->limit_panic : c->facts->limit_reboot) == 0)
		kd_complain(c, -EPERM, KD_NO_SEGMENT, KD_NO_SEGMENT,
			    "kernel.kexec_load_limit_%s is used up",
			    crash ? "panic" : "reboot");
}

void kd_rule_lockdown(struct kd_check *c)
{
	if (c->facts && c->facts->lockdown != KD_LOCKDOWN_NONE)
		kd_complain(c, -EPERM, KD_NO_SEGMENT, KD_NO_SEGMENT,
			    "a locked down kernel takes no segments, nor back");
}

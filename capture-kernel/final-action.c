/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The final action: see final-action.h. Trusts no driver to let go: each step is a
 * child with a time limit. Called by pid 1 and by its lifeline.
 */
#include "capture-kernel/final-action.h"

#include <linux/reboot.h>
#include <sys/syscall.h>

#include "base/io.h"
#include "capture-kernel/child.h"

#define SYNC_MS 10000
#define TRY_MS	15000

enum kd_action kd_final_decide(const struct kd_plan *plan, bool satisfied)
{
	return satisfied ? plan->final_action : plan->failure_action;
}

size_t kd_final_ladder(enum kd_action action, bool panic,
		       struct kd_final_try ret[static 4])
{
	size_t n = 0;

	switch (action) {
	case KD_ACTION_HALT:
		ret[n++].reboot_cmd = LINUX_REBOOT_CMD_HALT;
		return n;
	case KD_ACTION_POWEROFF:
		ret[n++].reboot_cmd = LINUX_REBOOT_CMD_POWER_OFF;
		ret[n++].sysrq = 'o';
		break;
	default:
		if (panic)
			ret[n++].sysrq = 'c';
		break;
	}
	/* a machine that cannot power off is better up than stuck */
	ret[n++].reboot_cmd = LINUX_REBOOT_CMD_RESTART;
	ret[n++].sysrq = 'b';
	return n;
}

/* What a child of this file needs. */
struct attempt {
	int root_fd;
	struct kd_final_try try;
};

static int sync_all(_unused_ void *context, _unused_ struct kd_error *err)
{
	sync();
	return 0;
}

static int attempt(void *context, struct kd_error *err)
{
	const struct attempt *a = context;
	char key[2] = { a->try.sysrq, '\0' };

	if (a->try.sysrq)
		return kd_write_string_at(a->root_fd, "proc/sysrq-trigger", key, err);
	if (syscall(SYS_reboot, LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2,
		    a->try.reboot_cmd, NULL) < 0)
		return kd_fail(err, -errno, "reboot");
	return 0;
}

void kd_final_action(int root_fd, enum kd_action action, bool panic)
{
	struct kd_final_try ladder[4] = { 0 };
	_cleanup_(kd_shared_freep) struct kd_shared *shared = NULL;
	struct attempt a = { .root_fd = root_fd };
	struct kd_child child = { .root_fd = -EBADF };
	size_t n = kd_final_ladder(action, panic, ladder);

	/* without memory for that: the last rung, from here */
	if (kd_shared_new(&shared, NULL) < 0) {
		a.try = ladder[n - 1];
		(void)attempt(&a, NULL);
		return;
	}
	child.shared = shared;
	child.run = sync_all;
	child.limits = kd_limits_for(SYNC_MS, kd_now_ms(), 0, SYNC_MS);
	(void)kd_child_run(&child, NULL, NULL);

	child.run = attempt;
	child.context = &a;
	for (size_t i = 0; i < n; i++) {
		a.try = ladder[i];
		child.limits = kd_limits_for(TRY_MS, kd_now_ms(), 0, TRY_MS);
		(void)kd_child_run(&child, NULL, NULL);
	}
}

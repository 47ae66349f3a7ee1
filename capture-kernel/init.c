/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Pid 1 of the capture kernel. Thin: set up, run the phases, take the final action.
 * It never returns, for the kernel panics when its first process ends; that panic
 * would reboot as well, but without having written anything back.
 */
#include <fcntl.h>
#include <sys/stat.h>

#include "capture-kernel/final-action.h"
#include "capture-kernel/lifeline.h"
#include "capture-kernel/phases.h"

static void end(struct kd_capture *c)
{
	enum kd_action action = kd_final_decide(&c->plan, kd_flow_satisfied(&c->flow));
	bool panic = action == KD_ACTION_REBOOT && c->shared->kmsg_lines > 0;

	kd_console_say(&c->console, KD_LOG_INFO, "final", "%s: %s%s",
		       kd_outcome_state_name(c->flow.best), kd_action_name(action),
		       panic ? ", by a panic: pstore keeps the end of the log" : "");
	kd_fence_stop(&c->fence);
	/* otherwise both stay: they end a restart that hangs */
	if (action == KD_ACTION_HALT) {
		kd_lifeline_stop(c->lifeline);
		kd_watchdog_close(&c->watchdog, /* disarm= */ true);
	}
	kd_final_action(c->root_fd, action, panic);
}

int main(void)
{
	struct kd_capture capture;
	struct kd_error err = { 0 };
	int root_fd;

	if (getpid() != 1) {
		fprintf(stderr, "capture-init is the first process of a capture kernel; "
				"started by hand it would restart this machine\n");
		return EXIT_FAILURE;
	}
	(void)umask(077);
	root_fd = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (root_fd >= 0 && kd_capture_init(&capture, root_fd, kd_phases, &err) >= 0) {
		kd_capture_run(&capture);
		end(&capture);
	} else {
		kd_final_action(root_fd, KD_ACTION_REBOOT, /* panic= */ false);
	}
	for (;;)
		(void)pause();
}

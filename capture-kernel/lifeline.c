/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The last resort: see lifeline.h. Trusts the clock alone: it opens, maps and asks for
 * nothing more once it waits. Started by pid 1.
 */
#include "capture-kernel/lifeline.h"

#include <poll.h>
#include <signal.h>

#include "base/io.h"
#include "capture-kernel/deadline.h"
#include "capture-kernel/final-action.h"

#define NAP_MS 60000

static void restart(int root_fd)
{
	kd_final_action(root_fd, KD_ACTION_REBOOT, /* panic= */ false);
}

static void wait_and_fire(int root_fd, uint64_t deadline_ms, void (*fire)(int root_fd))
{
	struct kd_limits l = { .idle_ms = UINT64_MAX, .deadline_ms = deadline_ms };
	uint64_t now;

	(void)setpgid(0, 0);
	/* when it is needed memory may be gone: neither be killed for it nor need more */
	(void)kd_write_string_at(root_fd, "proc/self/oom_score_adj", "-1000", NULL);
	while ((now = kd_now_ms()) < deadline_ms)
		(void)poll(NULL, 0, (int)kd_limits_sleep(&l, now, now, NAP_MS));
	fire(root_fd);
	_exit(EXIT_FAILURE);
}

pid_t kd_lifeline_start(int root_fd, uint64_t deadline_ms, void (*fire)(int root_fd),
			struct kd_error *err)
{
	pid_t pid = fork();

	if (pid < 0)
		return kd_fail(err, -errno, "fork");
	if (pid == 0)
		wait_and_fire(root_fd, deadline_ms, fire ? fire : restart);
	return pid;
}

void kd_lifeline_stop(pid_t pid)
{
	if (pid > 0)
		(void)kill(pid, SIGKILL);
}

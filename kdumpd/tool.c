/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Running a program: see tool.h. Trusts PATH, as whoever calls us has set it. Called by
 * kdumpctl's commands.
 */
#include "kdumpd/tool.h"

#include <spawn.h>
#include <sys/wait.h>

int kd_tool_run(char *const argv[], struct kd_error *err)
{
	int status, r;
	pid_t pid;

	r = posix_spawnp(&pid, argv[0], NULL, NULL, argv, environ);
	if (r != 0)
		return kd_fail(err, -r, "%s", argv[0]);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return kd_fail(err, -errno, "%s", argv[0]);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	if (WIFEXITED(status))
		return kd_fail_msg(err, -ECHILD, "%s failed with exit status %d", argv[0],
				   WEXITSTATUS(status));
	return kd_fail_msg(err, -ECHILD, "%s was killed by signal %d", argv[0],
			   WTERMSIG(status));
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Running a program: see run.h. Trusts execve(2), and descriptors to be O_CLOEXEC as all
 * of ours are. Called by hooks.c.
 */
#include "capture-kernel/run.h"

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#include "base/guard.h"

#define LOOK_MS 250

_Noreturn static void become(const struct kd_run *run)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	sigset_t none;

	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	if (null >= 0)
		(void)dup2(null, STDIN_FILENO);
	if (run->out_fd >= 0)
		(void)dup2(run->out_fd, STDOUT_FILENO);
	if (fchdir(run->root_fd) >= 0)
		(void)execve(run->argv[0], run->argv, run->env);
	_exit(errno == ENOENT ? 127 : 126);
}

static int wait_for(pid_t pid, const struct kd_run *run, int *ret_status)
{
	const struct timespec nap = { .tv_nsec = LOOK_MS * 1000000L };
	pid_t r;

	for (;;) {
		r = waitpid(pid, ret_status, run->tick ? WNOHANG : 0);
		if (r == pid)
			return 0;
		if (r < 0 && errno != EINTR)
			return -errno;
		if (!run->tick)
			continue;
		run->tick(run->context);
		(void)nanosleep(&nap, NULL);
	}
}

int kd_run_by_path(const struct kd_run *run, struct kd_error *err)
{
	struct kd_run found = *run;
	const char *at = &KD_RUN_PATH[strlen("PATH=")];
	char path[PATH_MAX], *argv[KD_RUN_WORDS + 1];
	size_t n = 0;

	if (strchr(run->argv[0], '/'))
		return kd_run(run, err);
	for (; run->argv[n] && n < KD_RUN_WORDS; n++)
		argv[n] = run->argv[n];
	argv[n] = NULL;
	argv[0] = path;
	found.argv = argv;
	for (; *at; at += n, at += *at == ':') {
		n = strcspn(at, ":");
		(void)snprintf(path, sizeof(path), "%.*s/%s", (int)n - 1, at + 1,
			       run->argv[0]);
		if (faccessat(run->root_fd, path, X_OK, 0) >= 0)
			return kd_run(&found, err);
	}
	return 127;
}

int kd_run(const struct kd_run *run, struct kd_error *err)
{
	int status, r;
	pid_t pid = fork();

	if (pid < 0)
		return kd_fail(err, -errno, "%s", run->argv[0]);
	if (pid == 0)
		become(run);
	r = wait_for(pid, run, &status);
	if (r < 0)
		return kd_fail(err, r, "%s", run->argv[0]);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

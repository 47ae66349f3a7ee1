/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Watched children: see child.h. Trusts wait4(2) and the clock, and nothing the child
 * writes: it may be wild. Called by pid 1 only, one child at a time.
 */
#include "capture-kernel/child.h"

#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "base/io.h"

#define LOOK_MS 200  /* between two looks at the child */
#define KILL_MS 2000 /* after SIGKILL, for the kernel to tear it down */

static int set_memory_cap(uint64_t bytes, struct kd_error *err)
{
	struct rlimit limit = { .rlim_cur = bytes, .rlim_max = bytes };

	if (bytes > 0 && setrlimit(RLIMIT_DATA, &limit) < 0)
		return kd_fail(err, -errno, "memory cap");
	return 0;
}

static void child_main(const struct kd_child *child, const sigset_t *mask)
{
	const struct rlimit no_core = { 0 };
	int r;

	(void)setpgid(0, 0);
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	(void)setrlimit(RLIMIT_CORE, &no_core);
	(void)sigprocmask(SIG_SETMASK, mask, NULL);
	/* the kernel spares pid 1 anyway; among the rest the culprit goes first */
	if (child->root_fd >= 0)
		(void)kd_write_string_at(child->root_fd, "proc/self/oom_score_adj",
					 "1000", NULL);

	r = set_memory_cap(child->memory, &child->shared->err);
	if (r >= 0)
		r = child->run(child->context, &child->shared->err);
	if (r < 0 && child->shared->err.code == 0)
		kd_fail(&child->shared->err, r, "failed");
	if (r >= 0)
		kd_error_reset(&child->shared->err);
	_exit(r < 0 ? EXIT_FAILURE : EXIT_SUCCESS);
}

/* Returns whether the child is gone. */
static bool reaped(pid_t pid, struct kd_child_result *ret)
{
	struct rusage usage;
	int status;

	if (wait4(pid, &status, WNOHANG, &usage) != pid)
		return false;
	ret->peak_rss_kib = (uint64_t)usage.ru_maxrss;
	if (WIFSIGNALED(status)) {
		ret->signal = WTERMSIG(status);
		ret->end = KD_CHILD_SIGNALLED;
	} else {
		ret->error = WEXITSTATUS(status) == EXIT_SUCCESS ? 0 : -EIO;
		ret->end = KD_CHILD_EXITED;
	}
	return true;
}

static void sleep_until_child(const sigset_t *chld, uint64_t ms)
{
	const struct timespec ts = {
		.tv_sec = (time_t)(ms / 1000),
		.tv_nsec = (long)(ms % 1000) * 1000000,
	};

	(void)sigtimedwait(chld, NULL, &ts);
}

static void kill_child(const struct kd_child *child, pid_t pid, const sigset_t *chld,
		       struct kd_child_result *ret)
{
	uint64_t give_up = kd_now_ms() + KILL_MS;
	enum kd_child_end end = ret->end;

	/* its group too: a child may have a helper of its own */
	(void)kill(-pid, SIGKILL);
	(void)kill(pid, SIGKILL);
	while (!reaped(pid, ret)) {
		if (kd_now_ms() >= give_up) {
			ret->abandoned = true;
			break;
		}
		sleep_until_child(chld, LOOK_MS / 4);
		if (child->tick)
			child->tick(child->context);
	}
	ret->end = end;
	ret->signal = 0;
}

static void watch(const struct kd_child *child, pid_t pid, const sigset_t *chld,
		  struct kd_child_result *ret)
{
	uint64_t beats = kd_shared_beats(child->shared), now = kd_now_ms(), beat = now;
	enum kd_time_verdict verdict;

	for (;;) {
		if (reaped(pid, ret)) {
			(void)kill(-pid, SIGKILL);
			return;
		}
		now = kd_now_ms();
		if (kd_shared_beats(child->shared) != beats) {
			beats = kd_shared_beats(child->shared);
			beat = now;
		}
		verdict = kd_limits_check(&child->limits, now, beat);
		if (verdict != KD_IN_TIME)
			break;
		if (child->tick)
			child->tick(child->context);
		sleep_until_child(chld,
				  kd_limits_sleep(&child->limits, now, beat, LOOK_MS));
	}
	ret->end = verdict == KD_IDLE ? KD_CHILD_IDLE : KD_CHILD_OVERDUE;
	ret->error = -ETIMEDOUT;
	kill_child(child, pid, chld, ret);
}

static int judge(const struct kd_child *child, struct kd_child_result *result,
		 struct kd_error *err)
{
	const char *left = result->abandoned ? ", and it cannot be killed" : "";

	kd_shared_settle(child->shared);
	switch (result->end) {
	case KD_CHILD_EXITED:
		if (result->error < 0) {
			if (child->shared->err.code < 0)
				result->error = child->shared->err.code;
			return kd_fail_msg(err, result->error, "%s",
					   child->shared->err.message);
		}
		return 0;
	case KD_CHILD_SIGNALLED:
		result->error = -ENOTRECOVERABLE;
		return kd_fail_msg(err, result->error, "ended by signal %d (%s)",
				   result->signal, strsignal(result->signal));
	case KD_CHILD_IDLE:
		return kd_fail_msg(err, -ETIMEDOUT, "no progress for %llu s%s",
				   (unsigned long long)child->limits.idle_ms / 1000,
				   left);
	case KD_CHILD_OVERDUE:
		break;
	}
	return kd_fail_msg(err, -ETIMEDOUT, "stopped, the time is over%s", left);
}

int kd_child_run(const struct kd_child *child, struct kd_child_result *ret,
		 struct kd_error *err)
{
	struct kd_child_result result = { 0 };
	sigset_t chld, old;
	pid_t pid;
	int r;

	kd_error_reset(&child->shared->err);
	(void)sigemptyset(&chld);
	(void)sigaddset(&chld, SIGCHLD);
	(void)sigprocmask(SIG_BLOCK, &chld, &old);
	pid = fork();
	if (pid == 0)
		child_main(child, &old);
	if (pid < 0) {
		r = kd_fail(err, -errno, "fork");
	} else {
		watch(child, pid, &chld, &result);
		r = judge(child, &result, err);
		if (ret)
			*ret = result;
	}
	(void)sigprocmask(SIG_SETMASK, &old, NULL);
	return r;
}

void kd_child_reap_orphans(void)
{
	while (waitpid(-1, NULL, WNOHANG) > 0)
		continue;
}

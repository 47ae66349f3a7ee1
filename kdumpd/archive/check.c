/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A child that checks a dump: see check.h. What it writes back is bounded and not believed
 * beyond that. Called by kdumpctl verify.
 */
#include "kdumpd/archive/check.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#include "base/io.h"
#include "kdumpd/archive/sandbox.h"
#include "makedumpfile/inspect/verify.h"

#define MEMORY_MAX	 ((uint64_t)1 << 30)
#define SECONDS_LEAST	 60
#define BYTES_PER_SECOND ((uint64_t)4 << 20) /* far below what any machine does */

/** @entered: the child was shut in; what follows is its finding. */
struct answer {
	bool entered;
	struct kd_dump_verdict verdict;
};

static unsigned int seconds_for(uint64_t bytes)
{
	uint64_t s = SECONDS_LEAST + bytes / BYTES_PER_SECOND;

	return s > 86400 ? 86400 : (unsigned int)s;
}

static void check(int fd, struct kd_dump_verdict *ret)
{
	_cleanup_(kd_input_freep) struct kd_input *input = NULL;
	struct kd_verify_report report = { 0 };
	struct kd_error err = { 0 };
	int r;

	r = kd_input_open_fd(fd, "dump", &input, &err);
	if (r >= 0)
		r = kd_dump_verify(input, /* threads= */ 1, &report, &err);
	*ret = (struct kd_dump_verdict) { .good = r >= 0,
					  .pages = report.pages,
					  .bad = report.bad,
					  .unreadable = report.unreadable };
	if (r < 0)
		memcpy(ret->why, err.message, sizeof(ret->why));
}

static void child_main(int fd, int pipe_fd, unsigned int seconds)
{
	const int fds[] = { fd, pipe_fd };
	struct answer answer = { .entered = false };
	struct kd_error err = { 0 };
	int r;

	r = kd_sandbox_enter(fds, ARRAY_SIZE(fds), MEMORY_MAX, seconds, &err);
	answer.entered = r >= 0;
	if (r >= 0)
		check(fd, &answer.verdict);
	else
		memcpy(answer.verdict.why, err.message, sizeof(answer.verdict.why));
	(void)kd_write_full(pipe_fd, &answer, sizeof(answer));
	_exit(EXIT_SUCCESS);
}

static uint64_t now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* Returns the bytes read: fewer than @size when the child died or was too slow. */
static size_t read_answer(int fd, void *buf, size_t size, unsigned int seconds)
{
	uint64_t end = now_ms() + (uint64_t)seconds * 1000;
	size_t n = 0;

	while (n < size) {
		struct pollfd p = { .fd = fd, .events = POLLIN };
		uint64_t now = now_ms();
		ssize_t got;

		if (now >= end ||
		    (poll(&p, 1, (int)MIN(end - now, 60000u)) < 0 && errno != EINTR))
			break;
		if (!p.revents)
			continue;
		got = read(fd, (char *)buf + n, size - n);
		if (got <= 0)
			break;
		n += (size_t)got;
	}
	return n;
}

static int collect(pid_t pid, int pipe_fd, unsigned int seconds,
		   struct kd_dump_verdict *ret, struct kd_error *err)
{
	struct answer answer = { .entered = false };
	size_t n = read_answer(pipe_fd, &answer, sizeof(answer), seconds);
	int status;

	(void)kill(pid, SIGKILL); /* it has nothing more to say */
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return kd_fail(err, -errno, "checking");
	if (n < sizeof(answer)) {
		*ret = (struct kd_dump_verdict) { .good = false };
		(void)snprintf(ret->why, sizeof(ret->why),
			       "the checker died of it, or took longer than %u s",
			       seconds);
		return 0;
	}
	answer.verdict.why[sizeof(answer.verdict.why) - 1] = '\0';
	if (!answer.entered)
		return kd_fail_msg(err, -ECHILD, "the checker cannot be shut in: %s",
				   answer.verdict.why);
	*ret = answer.verdict;
	return 0;
}

int kd_dump_check(int dir_fd, const char *file, struct kd_dump_verdict *ret,
		  struct kd_error *err)
{
	_cleanup_(kd_closep) int fd = -EBADF, in = -EBADF, out = -EBADF;
	unsigned int seconds;
	struct stat st;
	int fds[2];
	pid_t pid;

	fd = openat(dir_fd, file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) < 0)
		return kd_fail(err, -errno, "%s", file);
	if (!S_ISREG(st.st_mode))
		return kd_fail_msg(err, -EINVAL, "%s is no file", file);
	if (pipe2(fds, O_CLOEXEC) < 0)
		return kd_fail(err, -errno, "checking");
	in = fds[0];
	out = fds[1];
	seconds = seconds_for((uint64_t)st.st_size);
	pid = fork();
	if (pid < 0)
		return kd_fail(err, -ECHILD, "checking");
	if (pid == 0)
		child_main(fd, out, seconds);
	out = kd_close(out);
	return collect(pid, in, seconds, ret, err);
}

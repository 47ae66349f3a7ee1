/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Running QEMU: see machine.h. Trusts nothing it prints, nor that it ends. Called by
 * rehearse.c.
 */
#include "kdumpd/rehearse/machine.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#include "base/guard.h"

#define NAP_MS	 200
#define FINAL_MS 20000 /* from pid 1's last word to the machine's end */

static uint64_t now_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static int start(const char *const *argv, int console, pid_t *ret, struct kd_error *err)
{
	posix_spawn_file_actions_t actions;
	int r;

	if (posix_spawn_file_actions_init(&actions) != 0)
		return kd_fail(err, -ENOMEM, "%s", argv[0]);
	(void)posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null",
					       O_RDONLY, 0);
	(void)posix_spawn_file_actions_adddup2(&actions, console, STDOUT_FILENO);
	(void)posix_spawn_file_actions_adddup2(&actions, console, STDERR_FILENO);
	r = posix_spawnp(ret, argv[0], &actions, NULL, (char *const *)argv, environ);
	(void)posix_spawn_file_actions_destroy(&actions);
	return r ? kd_fail(err, -r, "%s", argv[0]) : 0;
}

struct limits {
	uint64_t begun, first, all;
};

static bool is_over(const struct kd_story *story, const struct limits *l)
{
	uint64_t ms = now_ms() - l->begun;

	return ms >= l->all || (!story->first_ms && ms >= l->first) ||
	       (story->final[0] && ms >= story->last_ms + FINAL_MS);
}

/* Until it hangs up, or a limit. @said: the beginning of it, for QEMU's own words */
static void listen(int fd, struct kd_story *story, const struct limits *l, char *said,
		   size_t size)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	char buffer[4096];
	size_t used = 0;
	ssize_t n;

	while (!is_over(story, l)) {
		if (poll(&p, 1, NAP_MS) <= 0)
			continue;
		n = read(fd, buffer, sizeof(buffer));
		if (n <= 0)
			break;
		kd_story_feed(story, buffer, (size_t)n, now_ms() - l->begun);
		if (used + 1 < size) {
			size_t part = MIN((size_t)n, size - 1 - used);

			memcpy(said + used, buffer, part);
			used += part;
		}
	}
	said[used] = '\0';
}

int kd_machine_run(const char *const *argv, unsigned int first_s, unsigned int limit_s,
		   struct kd_story *story, uint64_t *ret_ms, struct kd_error *err)
{
	_cleanup_(kd_closep) int in = -EBADF;
	_cleanup_(kd_closep) int out = -EBADF;
	struct limits l = { now_ms(), first_s * 1000ull, limit_s * 1000ull };
	int ends[2], status = 0, r;
	char said[KD_ERROR_SIZE];
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return kd_fail(err, -errno, "%s", argv[0]);
	in = ends[0];
	out = ends[1];
	r = start(argv, out, &pid, err);
	if (r < 0)
		return r;
	out = kd_close(out);
	listen(in, story, &l, said, sizeof(said));
	/* it may be ending by itself: what it says of that is wanted */
	(void)kill(pid, SIGTERM);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	*ret_ms = now_ms() - l.begun;
	if (!story->first_ms && WIFEXITED(status) && WEXITSTATUS(status) != 0) {
		said[strcspn(said, "\r\n")] = '\0';
		return kd_fail_msg(err, -ECHILD, "%s: %s", argv[0], said);
	}
	return 0;
}

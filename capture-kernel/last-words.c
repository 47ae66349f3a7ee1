/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The log's tail on the console: see last-words.h. Trusts the log writer to take
 * control characters out. Called by the last phase, in a child with a time limit; its
 * helper ends with it, being in its process group.
 */
#include "capture-kernel/last-words.h"

#include <fcntl.h>
#include <string.h>
#include <sys/wait.h>

#include "capture-kernel/dead-kernel.h"
#include "capture-kernel/tail.h"

static void print_lines(const struct kd_log *log, const struct kd_tail *t)
{
	char line[256];
	size_t n = 0, i = 0;

	/* a full ring most likely begins inside a line */
	while (t->length == t->size && i < t->length && kd_tail_byte(t, i) != '\n')
		i++;
	for (i += i > 0; i < t->length; i++) {
		char c = kd_tail_byte(t, i);

		if (c != '\n' && n < sizeof(line))
			line[n++] = c;
		if (c != '\n' && i + 1 < t->length)
			continue;
		kd_log(log, KD_LOG_INFO, "| %.*s", (int)n, line);
		n = 0;
	}
}

/* In the helper: the log goes into the pipe, and a hostile one may end it there. */
static int stream_log(int root_fd, int fd)
{
	_cleanup_(kd_vmcore_freep) struct kd_vmcore *core = NULL;
	uint64_t bytes;
	int r;

	r = kd_dead_kernel_open(root_fd, &core, NULL);
	return r < 0 ? r : kd_dead_kernel_log(core, fd, &bytes, NULL);
}

int kd_last_words(int root_fd, const struct kd_log *log, struct kd_error *err)
{
	_cleanup_(kd_closep) int in = -EBADF, out = -EBADF;
	char ring[KD_LAST_WORDS_BYTES];
	struct kd_tail tail = { .ring = ring, .size = sizeof(ring) };
	int fds[2], status;
	pid_t helper;

	if (pipe2(fds, O_CLOEXEC) < 0)
		return kd_fail(err, -errno, "pipe");
	in = fds[0];
	out = fds[1];
	helper = fork();
	if (helper < 0)
		return kd_fail(err, -errno, "fork");
	if (helper == 0)
		_exit(stream_log(root_fd, out) < 0 ? EXIT_FAILURE : EXIT_SUCCESS);
	out = kd_close(out);

	(void)kd_tail_read(&tail, in);
	print_lines(log, &tail);
	if (waitpid(helper, &status, 0) != helper || status != 0)
		return kd_fail_msg(err, -EIO,
				   "the kernel log could not be read to its "
				   "end");
	return 0;
}

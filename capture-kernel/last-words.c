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

#include "base/io.h"
#include "base/pstore.h"
#include "capture-kernel/dead-kernel.h"
#include "capture-kernel/tail.h"

/* pstore's share of a log is 10 KiB (PSTORE_DEFAULT_KMSG_BYTES), of which a panic's own
 * words take some. */
#define PSTORE_BYTES  7168
#define QUIET_CONSOLE "1" /* emergencies alone: console_printk[], kernel/printk/ */

/* The last @max bytes, by lines. Returns how many. */
static unsigned int print_lines(const struct kd_log *log, enum kd_log_level level,
				const struct kd_tail *t, size_t max)
{
	size_t n = 0, i = t->length > max ? t->length - max : 0;
	unsigned int lines = 0;
	char line[256];

	/* what is cut off most likely begins inside a line */
	while ((i > 0 || t->length == t->size) && i < t->length &&
	       kd_tail_byte(t, i) != '\n')
		i++;
	for (i += i > 0; i < t->length; i++) {
		char c = kd_tail_byte(t, i);

		if (c != '\n' && n < sizeof(line))
			line[n++] = c;
		if (c != '\n' && i + 1 < t->length)
			continue;
		kd_log(log, level, "| %.*s", (int)n, line);
		lines++;
		n = 0;
	}
	return lines;
}

/* What this kernel logs, its panic takes to pstore. */
static unsigned int fill_kmsg(int root_fd, const struct kd_tail *tail)
{
	struct kd_log log = { .name = "kdumpd", .max = KD_LOG_DEBUG, .journal = true };
	unsigned int lines;

	log.fd = openat(root_fd, "dev/kmsg", O_WRONLY | O_CLOEXEC);
	if (log.fd < 0)
		return 0;
	/* ten lines are let through otherwise; the kernel counts on the newline
	 * (devkmsg_sysctl_set_loglvl()). The console has had them. */
	(void)kd_write_string_at(root_fd, "proc/sys/kernel/printk_devkmsg", "on\n", NULL);
	(void)kd_write_string_at(root_fd, "proc/sys/kernel/printk", QUIET_CONSOLE, NULL);
	lines = print_lines(&log, KD_LOG_DEBUG, tail, PSTORE_BYTES);
	(void)kd_close(log.fd);
	return lines;
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

int kd_last_words(int root_fd, const struct kd_log *log, uint64_t *ret_kmsg,
		  struct kd_error *err)
{
	_cleanup_(kd_closep) int in = -EBADF, out = -EBADF;
	char ring[KD_LAST_WORDS_BYTES], backend[KD_PSTORE_NAME];
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
	(void)print_lines(log, KD_LOG_INFO, &tail, SIZE_MAX);
	if (tail.length && kd_pstore_backend(root_fd, backend))
		*ret_kmsg = fill_kmsg(root_fd, &tail);
	if (waitpid(helper, &status, 0) != helper || status != 0)
		return kd_fail_msg(err, -EIO,
				   "the kernel log could not be read to its "
				   "end");
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Looking for a panic in pstore: see pstore.h. What is a folder, a link or a pipe is told
 * by what was opened. Called by boot-check.c.
 */
#include "kdumpd/report/pstore.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/guard.h"
#include "base/io.h"

#define ENTRIES_MAX 256	  /* names looked at in all */
#define RECORD_MAX  65536 /* bytes looked at of each */
#define DEPTH_MAX   3	  /* systemd's: <time>/<number>/dmesg.txt */

/** @left: names that may still be looked at; @latest: what was found */
struct search {
	uint64_t since, latest;
	unsigned int left;
	char *buf;
};

/* "Panic#1 Part1" begins a record of the kernel's (fs/pstore/platform.c); systemd's joined
 * records have the log alone, in which panic() says so (kernel/panic.c). */
static bool tells_of_panic(const char *text)
{
	return strncmp(text, "Panic#", 6) == 0 ||
	       strstr(text, "Kernel panic - not syncing");
}

static void look_at_file(struct search *s, int fd, uint64_t time)
{
	ssize_t n;

	if (time < s->since || time <= s->latest)
		return;
	n = kd_read_full(fd, s->buf, RECORD_MAX);
	if (n <= 0)
		return;
	for (ssize_t i = 0; i < n; i++)
		if (!s->buf[i])
			s->buf[i] = '?';
	s->buf[n] = '\0';
	if (tells_of_panic(s->buf))
		s->latest = time;
}

/* Takes @fd over. Recursion ends at DEPTH_MAX. */
static void look_into(struct search *s, int fd, unsigned int depth)
{
	_cleanup_(kd_closedirp) DIR *dir = fdopendir(fd);
	const struct dirent *e;

	if (!dir) {
		(void)kd_close(fd);
		return;
	}
	while (s->left && (e = readdir(dir))) {
		_cleanup_(kd_closep) int child = -EBADF;
		struct stat st;

		if (e->d_name[0] == '.')
			continue;
		s->left--;
		child = openat(dirfd(dir), e->d_name,
			       O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
		if (child < 0 || fstat(child, &st) < 0)
			continue;
		if (S_ISREG(st.st_mode) && strncmp(e->d_name, "dmesg", 5) == 0)
			look_at_file(s, child,
				     (uint64_t)MAX(st.st_mtim.tv_sec, (time_t)0));
		else if (S_ISDIR(st.st_mode) && depth < DEPTH_MAX)
			look_into(s, TAKE_FD(child), depth + 1);
	}
}

uint64_t kd_pstore_panic(int root_fd, uint64_t since)
{
	static const char *const folders[] = { "sys/fs/pstore",
					       "var/lib/systemd/pstore" };
	_cleanup_(kd_freep) char *buf = malloc(RECORD_MAX + 1);
	struct search s = { .since = since, .left = ENTRIES_MAX, .buf = buf };

	for (size_t i = 0; buf && i < ARRAY_SIZE(folders); i++) {
		int fd = openat(root_fd, folders[i], O_RDONLY | O_DIRECTORY | O_CLOEXEC);

		if (fd >= 0)
			look_into(&s, fd, 1);
	}
	return s.latest;
}

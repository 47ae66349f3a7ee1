/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * CPUs by sysfs: see cpus.h. Logical numbers have no gap in a kernel with nr_cpus=. Trusts
 * the kernel to say what is online, not a CPU to come. Called by the cpus phase.
 */
#include "capture-kernel/cpus.h"

#include <string.h>

#include "base/io.h"
#include "base/parallel.h"

#define CPU	  "sys/devices/system/cpu/"
#define PATH_SIZE 64
#define LIST_SIZE 64

/* 1 for online, 0 for offline; -ENOENT behind the last one. The first has no such file on
 * most machines and is not asked. */
static int state_of(int root_fd, unsigned int cpu, char path[static PATH_SIZE])
{
	char line[8];
	int r;

	(void)snprintf(path, PATH_SIZE, CPU "cpu%u/online", cpu);
	r = kd_read_line_at(root_fd, path, line, sizeof(line), /* err= */ NULL);
	return r < 0 ? r : line[0] == '1';
}

/* Lists of CPUs, "0-3": these take no lock, whereas what a single CPU says of itself waits
 * for whoever is about to start it (online_show(), drivers/base/core.c). */
bool kd_cpus_wait(int root_fd)
{
	char online[LIST_SIZE], present[LIST_SIZE];

	return kd_read_line_at(root_fd, CPU "online", online, sizeof(online), NULL) >=
		       0 &&
	       kd_read_line_at(root_fd, CPU "present", present, sizeof(present), NULL) >=
		       0 &&
	       strcmp(online, present) != 0;
}

int kd_cpus_start(int root_fd, unsigned int *ret_started, struct kd_error *err)
{
	char path[PATH_SIZE];

	*ret_started = 0;
	for (unsigned int cpu = 1; cpu < KD_PARALLEL_MAX; cpu++) {
		int r = state_of(root_fd, cpu, path);

		if (r < 0)
			return r == -ENOENT ? 0 : kd_fail(err, r, "/%s", path);
		if (r > 0)
			continue;
		r = kd_write_string_at(root_fd, path, "1", err);
		if (r < 0)
			return r;
		++*ret_started;
	}
	return 0;
}

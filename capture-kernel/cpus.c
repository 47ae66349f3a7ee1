/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * CPUs by sysfs: see cpus.h. Logical numbers have no gap in a kernel with nr_cpus=. Trusts
 * the kernel to say what is online, not a CPU to come. Called by the cpus phase.
 */
#include "capture-kernel/cpus.h"

#include "base/io.h"
#include "base/parallel.h"

#define PATH_SIZE 64

/* 1 for online, 0 for offline; -ENOENT behind the last one. The first has no such file on
 * most machines and is not asked. */
static int state_of(int root_fd, unsigned int cpu, char path[static PATH_SIZE])
{
	char line[8];
	int r;

	(void)snprintf(path, PATH_SIZE, "sys/devices/system/cpu/cpu%u/online", cpu);
	r = kd_read_line_at(root_fd, path, line, sizeof(line), /* err= */ NULL);
	return r < 0 ? r : line[0] == '1';
}

bool kd_cpus_wait(int root_fd)
{
	char path[PATH_SIZE];
	int r = 1;

	for (unsigned int cpu = 1; r == 1 && cpu < KD_PARALLEL_MAX; cpu++)
		r = state_of(root_fd, cpu, path);
	return r == 0;
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

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Facts of the running kernel: see host.h. Trusts /proc and /sys to be the kernel's.
 * Called by the arm path.
 */
#include "kdumpd/host/host.h"

#include "base/io.h"
#include "base/meminfo.h"
#include "makedumpfile/layout/running.h"

static uint64_t read_memory(int root_fd)
{
	_cleanup_(kd_freep) char *text = NULL;
	uint64_t total = 0;
	size_t size;

	if (kd_read_file_at(root_fd, "proc/meminfo", KD_MEMINFO_MAX, &text, &size,
			    /* err= */ NULL) >= 0)
		(void)kd_meminfo_value(text, size, "MemTotal", &total);
	return total;
}

int kd_host_read(int root_fd, struct kd_host *ret, struct kd_error *err)
{
	struct kd_host h = { 0 };
	int r;

	r = kd_read_line_at(root_fd, "proc/sys/kernel/osrelease", h.release,
			    sizeof(h.release), err);
	if (r < 0)
		return r;
	r = kd_read_line_at(root_fd, "proc/sys/kernel/random/boot_id", h.boot_id,
			    sizeof(h.boot_id), err);
	if (r < 0)
		return r;
	r = kd_read_line_at(root_fd, "proc/cmdline", h.cmdline, sizeof(h.cmdline), err);
	if (r < 0)
		return r;
	r = kd_running_build_id(root_fd, h.build_id, sizeof(h.build_id), NULL);
	if (r < 0)
		h.build_id[0] = '\0';
	r = kd_kexec_facts_read(root_fd, &h.kexec, err);
	if (r < 0)
		return r;
	kd_cpus_read(root_fd, &h.cpus);
	h.memory = read_memory(root_fd);
	*ret = h;
	return 0;
}

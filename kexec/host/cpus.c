/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The CPUs: where each leaves its registers when the machine crashes, offline ones too,
 * for they may be online by then (drivers/base/cpu.c), and two properties of the first
 * (arch/x86/kernel/cpu/proc.c). Trusts none of it. Called by host.c.
 */
#include <inttypes.h>
#include <string.h>

#include "base/guard.h"
#include "base/parse.h"
#include "kexec/host/cpuinfo.h"
#include "kexec/host/readers.h"
#include "kexec/host/source.h"

#define CPUS_MAX     16384 /* twice the largest NR_CPUS of Linux */
#define CPUINFO_HEAD 32768 /* one CPU's lines are 3 KiB */

static int read_note(int root_fd, uint32_t cpu, struct kd_host_note *ret,
		     struct kd_error *err)
{
	char path[80];
	int r;

	(void)snprintf(path, sizeof(path), "sys/devices/system/cpu/cpu%u/crash_notes",
		       cpu);
	r = kd_source_hex(root_fd, path, &ret->address, err);
	if (r < 0)
		return r;
	(void)snprintf(path, sizeof(path),
		       "sys/devices/system/cpu/cpu%u/crash_notes_size", cpu);
	return kd_source_number(root_fd, path, &ret->size, err);
}

static int read_notes(int root_fd, struct kd_kexec_host *host, struct kd_error *err)
{
	_cleanup_(kd_numbers_done) struct kd_numbers cpus = { 0 };
	int r;

	r = kd_source_numbered(root_fd, "sys/devices/system/cpu", "cpu", CPUS_MAX, &cpus,
			       err);
	if (r < 0 || cpus.n == 0)
		return r;
	host->notes = calloc(cpus.n, sizeof(*host->notes));
	if (!host->notes)
		return kd_fail(err, -ENOMEM, "/sys/devices/system/cpu");
	for (size_t i = 0; i < cpus.n; i++) {
		r = read_note(root_fd, cpus.items[i], &host->notes[host->n_notes], err);
		if (r == -ENOENT) /* a kernel without crash dumps */
			continue;
		if (r < 0)
			return r;
		host->n_notes++;
	}
	return 0;
}

static int read_cpuinfo(int root_fd, struct kd_kexec_host *host, struct kd_error *err)
{
	char head[CPUINFO_HEAD], *rest = head, *line;
	int r;

	r = kd_cpuinfo_first(root_fd, head, sizeof(head), err);
	if (r < 0)
		return r;
	for (int number = 1; (line = strsep(&rest, "\n")); number++) {
		const char *value = kd_cpuinfo_value(line, "flags");

		/* the flag is there only while such tables are in use */
		if (value)
			host->la57 = kd_cpuinfo_has_word(value, "la57");
		value = kd_cpuinfo_value(line, "address sizes");
		if (value && sscanf(value, " %u bits physical", &host->address_bits) != 1)
			return kd_fail(err, -EBADMSG, "/proc/cpuinfo:%d", number);
	}
	return 0;
}

int kd_host_read_cpus(int root_fd, struct kd_kexec_host *host, struct kd_error *err)
{
	int r;

	r = read_notes(root_fd, host, err);
	return r < 0 ? r : read_cpuinfo(root_fd, host, err);
}

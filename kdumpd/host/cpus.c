/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The CPUs: see cpus.h. Formats: Documentation/admin-guide/cputopology.rst,
 * arch/x86/kernel/cpu/proc.c. Called by host.c.
 */
#include "kdumpd/host/cpus.h"

#include <fcntl.h>
#include <string.h>

#include "base/io.h"
#include "base/parse.h"

#define LIST_SIZE    4096
#define CPUINFO_HEAD 8192 /* one CPU's lines are 3 KiB */

/* "3" or "0-7"; 0 for what is neither. */
static unsigned int count_range(char *text)
{
	char *dash = strchr(text, '-');
	uint64_t first, last;

	if (dash)
		*dash++ = '\0';
	if (kd_parse_u64(text, &first) < 0 ||
	    kd_parse_u64(dash ? dash : text, &last) < 0 || last < first ||
	    last - first >= UINT16_MAX)
		return 0;
	return (unsigned int)(last - first) + 1;
}

static unsigned int read_present(int root_fd)
{
	char list[LIST_SIZE], *rest = list, *range;
	unsigned int n = 0;

	if (kd_read_line_at(root_fd, "sys/devices/system/cpu/present", list, sizeof(list),
			    /* err= */ NULL) < 0)
		return 1;
	while ((range = strsep(&rest, ",")))
		n += count_range(kd_strip(range));
	return MAX(n, 1U);
}

/* Of the first CPU, which is the one that the firmware started. */
static uint32_t read_boot_apic(int root_fd)
{
	static const char key[] = "initial apicid\t: ";
	char head[CPUINFO_HEAD], *at, *end;
	uint64_t id;
	ssize_t n;
	int fd;

	fd = openat(root_fd, "proc/cpuinfo", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return KD_APIC_UNKNOWN;
	n = kd_read_full(fd, head, sizeof(head) - 1);
	(void)kd_close(fd);
	head[MAX(n, (ssize_t)0)] = '\0';
	/* a line without text ends the first CPU's */
	end = strstr(head, "\n\n");
	if (end)
		*end = '\0';
	at = strstr(head, key);
	if (!at)
		return KD_APIC_UNKNOWN;
	at += sizeof(key) - 1;
	at[strcspn(at, "\n")] = '\0';
	return kd_parse_u64(at, &id) < 0 || id >= KD_APIC_UNKNOWN ? KD_APIC_UNKNOWN
								  : (uint32_t)id;
}

void kd_cpus_read(int root_fd, struct kd_cpus *ret)
{
	*ret = (struct kd_cpus) { .present = read_present(root_fd),
				  .boot_apic = read_boot_apic(root_fd) };
}

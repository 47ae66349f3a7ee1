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

/* Lines of the first CPU, which is the one that the firmware started; "" without any. */
static void read_first(int root_fd, char ret[static CPUINFO_HEAD])
{
	ssize_t n;
	char *end;
	int fd;

	ret[0] = '\0';
	fd = openat(root_fd, "proc/cpuinfo", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	n = kd_read_full(fd, ret, CPUINFO_HEAD - 1);
	(void)kd_close(fd);
	ret[MAX(n, (ssize_t)0)] = '\0';
	/* a line without text ends it */
	end = strstr(ret, "\n\n");
	if (end)
		*end = '\0';
}

static uint32_t find_apic(const char *lines)
{
	static const char key[] = "initial apicid\t: ";
	const char *at = strstr(lines, key);
	char text[16] = "";
	uint64_t id;

	if (at)
		(void)snprintf(
			text, sizeof(text), "%.*s",
			(int)MIN(strcspn(at + sizeof(key) - 1, "\n"), sizeof(text) - 1),
			at + sizeof(key) - 1);
	return kd_parse_u64(text, &id) < 0 || id >= KD_APIC_UNKNOWN ? KD_APIC_UNKNOWN
								    : (uint32_t)id;
}

static bool has_flag(const char *lines, const char *flag)
{
	const char *flags = strstr(lines, "\nflags\t");
	char line[CPUINFO_HEAD], *rest = line, *word;

	if (!flags)
		return false;
	(void)snprintf(line, sizeof(line), "%.*s", (int)strcspn(flags + 1, "\n"),
		       flags + 1);
	while ((word = strsep(&rest, " ")))
		if (strcmp(word, flag) == 0)
			return true;
	return false;
}

/* A host has the flags of what its guests may use, too. */
static bool is_alone(int root_fd, const char *lines)
{
	static const char *const encrypted[] = { "sev_es", "sev_snp", "tdx_guest" };
	char type[16];

	if (kd_read_line_at(root_fd, "sys/hypervisor/type", type, sizeof(type), NULL) >=
		    0 &&
	    strcmp(type, "xen") == 0)
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(encrypted); i++)
		if (has_flag(lines, "hypervisor") && has_flag(lines, encrypted[i]))
			return true;
	return false;
}

void kd_cpus_read(int root_fd, struct kd_cpus *ret)
{
	char lines[CPUINFO_HEAD];

	read_first(root_fd, lines);
	*ret = (struct kd_cpus) { .present = read_present(root_fd),
				  .boot_apic = find_apic(lines),
				  .alone = is_alone(root_fd, lines) };
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The CPUs: see cpus.h. Format of the list: Documentation/admin-guide/
 * cputopology.rst. Called by host.c.
 */
#include "kdumpd/host/cpus.h"

#include <string.h>

#include "base/io.h"
#include "base/parse.h"
#include "kexec/host/cpuinfo.h"

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

static bool is_xen(int root_fd)
{
	char type[16];

	return kd_read_line_at(root_fd, "sys/hypervisor/type", type, sizeof(type),
			       NULL) >= 0 &&
	       strcmp(type, "xen") == 0;
}

/* A host has the flags of what its guests may use, too. */
static bool is_encrypted(const char *flags)
{
	static const char *const words[] = { "sev_es", "sev_snp", "tdx_guest" };

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (kd_cpuinfo_has_word(flags, words[i]))
			return kd_cpuinfo_has_word(flags, "hypervisor");
	return false;
}

void kd_cpus_read(int root_fd, struct kd_cpus *ret)
{
	char lines[CPUINFO_HEAD], *rest = lines, *line, *value;
	uint64_t id;

	*ret = (struct kd_cpus) { .present = read_present(root_fd),
				  .boot_apic = KD_APIC_UNKNOWN,
				  .alone = is_xen(root_fd) };
	(void)kd_cpuinfo_first(root_fd, lines, sizeof(lines), /* err= */ NULL);
	while ((line = strsep(&rest, "\n"))) {
		value = kd_cpuinfo_value(line, "flags");
		if (value)
			ret->alone |= is_encrypted(value);
		value = kd_cpuinfo_value(line, "initial apicid");
		if (value && kd_parse_u64(kd_strip(value), &id) >= 0 &&
		    id < KD_APIC_UNKNOWN)
			ret->boot_apic = (uint32_t)id;
	}
}

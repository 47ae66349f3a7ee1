/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * insmod crashme.ko how=NAME: crashes the kernel it is loaded into. For test machines.
 */
#include <linux/module.h>
#include <linux/string.h>

#include "crashme.h"

static char *how = "";
module_param(how, charp, 0);

static const struct {
	const char *name;
	void (*crash)(void);
} ways[] = {
	{ "panic", crashme_panic },
	{ "null", crashme_null },
	{ "bug", crashme_bug },
	{ "bug-atomic", crashme_bug_atomic },
	{ "irq", crashme_irq },
	{ "stack", crashme_stack },
	{ "double-fault", crashme_double_fault },
	{ "gpf", crashme_gpf },
	{ "divide", crashme_divide },
	{ "nx", crashme_nx },
	{ "list", crashme_list },
	{ "stuck-cpu", crashme_stuck_cpu },
	{ "soft-lockup", crashme_soft_lockup },
	{ "hard-lockup", crashme_hard_lockup },
	{ "memmap-ones", crashme_memmap_ones },
	{ "memmap-noise", crashme_memmap_noise },
	{ "mem-section", crashme_mem_section },
	{ "sections", crashme_sections },
	{ "page-tables", crashme_page_tables },
	{ "vmcoreinfo", crashme_vmcoreinfo },
	{ "vmcoreinfo-both", crashme_vmcoreinfo_both },
	{ "kallsyms", crashme_kallsyms },
	{ "printk", crashme_printk },
	{ "tasks", crashme_tasks },
	{ "elfcorehdr", crashme_elfcorehdr },
};

static int __init crashme_init(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(ways); i++)
		if (!strcmp(how, ways[i].name)) {
			pr_emerg("crashme: %s\n", how);
			ways[i].crash();
			return 0;
		}
	return -EINVAL;
}

module_init(crashme_init);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Crashes the kernel of a test machine");

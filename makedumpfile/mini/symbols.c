/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Symbols of the dead kernel that the selection starts from: see choice.h. One pass over
 * its symbol table, which is let go of at once: it is some MiB. Called by mini.c.
 */
#include "makedumpfile/layout/kallsyms.h"
#include "makedumpfile/mini/choice.h"

static const char *const names[KD_SYM_COUNT] = {
	[KD_SYM_STEXT] = "_stext",
	[KD_SYM_ETEXT] = "_etext",
	[KD_SYM_SDATA] = "_sdata",
	[KD_SYM_EDATA] = "_edata",
	[KD_SYM_INIT_BEGIN] = "__init_begin",
	[KD_SYM_BSS_START] = "__bss_start",
	[KD_SYM_BSS_STOP] = "__bss_stop",
	[KD_SYM_BRK_BASE] = "__brk_base",
	[KD_SYM_BRK_LIMIT] = "__brk_limit",
	[KD_SYM_START_RODATA] = "__start_rodata",
	[KD_SYM_END_RODATA] = "__end_rodata",
	[KD_SYM_START_BTF] = "__start_BTF",
	[KD_SYM_STOP_BTF] = "__stop_BTF",
	[KD_SYM_KALLSYMS] = "kallsyms_offsets",
	[KD_SYM_KALLSYMS_END] = "kallsyms_token_index",
	[KD_SYM_PER_CPU_OFFSET] = "__per_cpu_offset",
	[KD_SYM_PER_CPU_START] = "__per_cpu_start",
	[KD_SYM_PER_CPU_END] = "__per_cpu_end",
	[KD_SYM_NR_CPU_IDS] = "nr_cpu_ids",
	[KD_SYM_RUNQUEUES] = "runqueues",
	[KD_SYM_INIT_TASK] = "init_task",
	[KD_SYM_INIT_PID_NS] = "init_pid_ns",
	[KD_SYM_MODULES] = "modules",
	[KD_SYM_SLAB_CACHES] = "slab_caches",
	[KD_SYM_BOOT_ID] = "sysctl_bootid",
};

int kd_choice_symbols(struct kd_choice *c, struct kd_error *err)
{
	_cleanup_(kd_kallsyms_freep) struct kd_kallsyms *k = NULL;
	int r;

	/* vmcoreinfo always has this one */
	c->found[KD_SYM_STEXT] = kd_vmcoreinfo_symbol(c->input->info, "_stext",
						      &c->symbols[KD_SYM_STEXT]) == 0;
	r = kd_kallsyms_new(c->xlat, c->input->info, &k, err);
	if (r < 0)
		return r;
	kd_kallsyms_find_each(k, names, KD_SYM_COUNT, c->found, c->symbols);
	return 0;
}

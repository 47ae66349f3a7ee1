/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Symbols of the dead kernel that the selection starts from: see choice.h. One pass over
 * its symbol table, which is let go of at once: it is some MiB. Called by mini.c.
 */
#include <string.h>

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

/* Most symbols are none of those. */
static void take(struct kd_choice *c, const struct kd_kallsyms_entry *e)
{
	for (size_t i = 0; i < KD_SYM_COUNT; i++) {
		if (names[i][0] != e->name[0] || c->found[i] ||
		    strcmp(e->name, names[i]) != 0)
			continue;
		c->symbols[i] = e->addr;
		c->found[i] = true;
	}
}

int kd_choice_symbols(struct kd_choice *c, struct kd_error *err)
{
	_cleanup_(kd_kallsyms_freep) struct kd_kallsyms *k = NULL;
	_cleanup_(kd_freep) struct kd_kallsyms_entry *e = calloc(1, sizeof(*e));
	int r;

	/* vmcoreinfo always has this one */
	c->found[KD_SYM_STEXT] = kd_vmcoreinfo_symbol(c->input->info, "_stext",
						      &c->symbols[KD_SYM_STEXT]) == 0;
	if (!e)
		return kd_fail(err, -ENOMEM, "symbols");
	r = kd_kallsyms_new(c->xlat, c->input->info, &k, err);
	if (r < 0)
		return r;
	while (kd_kallsyms_next(k, e))
		take(c, e);
	return 0;
}

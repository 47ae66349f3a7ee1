/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What readers look at before they show anything: memory nodes, the memory map's first
 * level, modules, slab caches. Their names and sizes, not what they hold. Called by
 * mini.c.
 */
#include "makedumpfile/mini/choice.h"
#include "makedumpfile/pages/vmstat.h"

#define MODULES_MOST 1024
#define EXPORTS	     (UINT64_C(16) << 10) /* a table's first pages */
#define CACHES_MOST  1024
/* 52 bits of physical memory in sections of 128 MiB: 2 MiB of pointers, most of them 0 */
#define ROOTS_MOST   (UINT64_C(1) << 18)

/* Itself, and what it exports. */
static bool choose_module(struct kd_choice *c, kd_vaddr_t module)
{
	static const enum kd_field tables[] = { KD_F_MODULE_SYMS, KD_F_MODULE_GPL_SYMS };
	kd_vaddr_t at, table;

	for (size_t i = 0; i < ARRAY_SIZE(tables); i++)
		if (kd_choice_member(c, module, tables[i], &at) &&
		    kd_choose_pointer(c, at, &table))
			(void)kd_choose(c, table, EXPORTS);
	return kd_choose(c, module,
			 (uint64_t)kd_layout_get(c->layout, KD_F_MODULE_SIZEOF));
}

static bool choose_cache(struct kd_choice *c, kd_vaddr_t at)
{
	return kd_choose(c, at,
			 (uint64_t)kd_layout_get(c->layout, KD_F_KMEM_CACHE_SIZEOF));
}

static void choose_list(struct kd_choice *c, enum kd_mini_symbol head,
			enum kd_field member, unsigned int most,
			bool (*each)(struct kd_choice *c, kd_vaddr_t at))
{
	if (c->found[head] && kd_layout_has(c->layout, member))
		kd_choice_list(c, c->symbols[head],
			       (uint64_t)kd_layout_get(c->layout, member), most, each);
}

static void choose_nodes(struct kd_choice *c)
{
	kd_vaddr_t nodes = (kd_vaddr_t)kd_layout_get(c->layout, KD_F_NODE_DATA), node;
	uint64_t n = (uint64_t)kd_layout_get(c->layout, KD_F_NODE_DATA_LENGTH);

	for (uint64_t i = 0; i < MIN(n, (uint64_t)64); i++)
		if (kd_choose_pointer(c, nodes + 8 * i, &node))
			(void)kd_choose(
				c, node,
				(uint64_t)kd_layout_get(c->layout, KD_F_NODE_SIZEOF));
}

/* The array of roots, and what the first of them have: which sections there are. */
static void choose_sections(const struct kd_choice *c)
{
	const struct kd_memmap *m = c->memmap;
	kd_vaddr_t roots[512];
	uint64_t n, most;

	if (!m)
		return;
	most = MIN(m->extreme ? m->n_roots : m->n_sections, ROOTS_MOST);
	(void)kd_choose(c, m->roots,
			most * (m->extreme ? sizeof(*roots) : m->section_size));
	for (uint64_t i = 0; m->extreme && i < most; i += n) {
		n = MIN(most - i, (uint64_t)ARRAY_SIZE(roots));
		if (kd_xlat_read(c->xlat, m->roots + 8 * i, roots, 8 * n) < 0)
			continue;
		for (uint64_t j = 0; j < n; j++)
			if (roots[j] >= KD_KERNEL_HALF)
				(void)kd_choose(c, roots[j],
						m->per_root * m->section_size);
	}
}

void kd_choose_others(struct kd_choice *c)
{
	choose_sections(c);
	choose_nodes(c);
	choose_list(c, KD_SYM_MODULES, KD_F_MODULE_LIST, MODULES_MOST, choose_module);
	choose_list(c, KD_SYM_SLAB_CACHES, KD_F_KMEM_CACHE_LIST, CACHES_MOST,
		    choose_cache);
}

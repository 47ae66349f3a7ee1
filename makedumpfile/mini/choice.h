/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the parts of the selection share: the dead kernel's memory, its layout and symbols,
 * and how something is chosen. Private to mini/.
 */
#pragma once

#include "makedumpfile/layout/layout.h"
#include "makedumpfile/mini/mini.h"
#include "makedumpfile/pages/memmap.h"
#include "makedumpfile/vmcore/xlat.h"

/** Symbols that are looked for; the names in symbols.c. */
enum kd_mini_symbol {
	KD_SYM_STEXT,
	KD_SYM_ETEXT,
	KD_SYM_SDATA,
	KD_SYM_EDATA,
	KD_SYM_INIT_BEGIN,
	KD_SYM_BSS_START,
	KD_SYM_BSS_STOP,
	KD_SYM_BRK_BASE,
	KD_SYM_BRK_LIMIT,
	KD_SYM_START_RODATA,
	KD_SYM_END_RODATA,
	KD_SYM_START_BTF,
	KD_SYM_STOP_BTF,
	KD_SYM_KALLSYMS,
	KD_SYM_KALLSYMS_END,
	KD_SYM_PER_CPU_OFFSET,
	KD_SYM_PER_CPU_START,
	KD_SYM_PER_CPU_END,
	KD_SYM_NR_CPU_IDS,
	KD_SYM_RUNQUEUES,
	KD_SYM_INIT_TASK,
	KD_SYM_INIT_PID_NS,
	KD_SYM_MODULES,
	KD_SYM_SLAB_CACHES,
	KD_SYM_BOOT_ID,
	KD_SYM_COUNT,
};

/* Pages that are remembered of those that stacks point to. */
#define KD_CHOICE_NEAR 256

/**
 * @xlat:    over memory that notes what is read
 * @memmap:  NULL when it was not found
 * @found:   by enum kd_mini_symbol; @symbols are valid where it is set
 * @budget:  frames that may be in the set before the current part stops
 * @near:    by page number: pages that words of stacks pointed to and that need no second
 *           look; stacks name the same few functions over and over. 0, which is none of
 *           the kernel's half, where there is none
 */
struct kd_choice {
	struct kd_mini *mini;
	const struct kd_input *input;
	const struct kd_xlat *xlat;
	const struct kd_layout *layout;
	const struct kd_memmap *memmap;
	bool found[KD_SYM_COUNT];
	kd_vaddr_t symbols[KD_SYM_COUNT];
	size_t budget;
	uint64_t near[KD_CHOICE_NEAR];
};

/** Addresses below are of processes, or no addresses. */
#define KD_KERNEL_HALF (UINT64_C(1) << 63)

/** Fill in the symbols, from the dead kernel's own table. Returns 0, or why there are none:
 *  those of kd_kallsyms_new(). */
int kd_choice_symbols(struct kd_choice *c, struct kd_error *err);

/** Choose the frames of [addr, addr + size) that are mapped, and the page tables that say
 *  so. False when the budget is used up. */
bool kd_choose(const struct kd_choice *c, kd_vaddr_t addr, uint64_t size);

/** Choose what of [addr, addr + size) page tables map, by them alone; empty tables are
 *  skipped whole. */
void kd_choose_tables(const struct kd_choice *c, kd_vaddr_t addr, uint64_t size);

/** Choose a stack from @addr on up to the first page that is not mapped, @most bytes at
 *  most, and the code and data of the kernel and its modules that its words point to. */
bool kd_choose_stack(struct kd_choice *c, kd_vaddr_t addr, uint64_t most);

/** The pointer at @addr, chosen with it; false when it is none into the kernel's half. */
bool kd_choose_pointer(const struct kd_choice *c, kd_vaddr_t addr, kd_vaddr_t *ret);

/** Add @offset, which may be absent: false then. */
bool kd_choice_member(const struct kd_choice *c, kd_vaddr_t base, enum kd_field offset,
		      kd_vaddr_t *ret);

/**
 * Walk a struct list_head, the one at @head left out.
 *
 * @offset: of the list_head in what is on the list
 * @most:   elements; a list that is torn ends the walk as well
 * @each:   an element; false ends the walk
 */
void kd_choice_list(const struct kd_choice *c, kd_vaddr_t head, uint64_t offset,
		    unsigned int most, bool (*each)(struct kd_choice *c, kd_vaddr_t at));

/** The parts, each within the budget. */
void kd_choose_image(struct kd_choice *c);
void kd_choose_stacks(struct kd_choice *c); /* of the registers in the notes */
void kd_choose_cpus(struct kd_choice *c);
void kd_choose_tasks(struct kd_choice *c);
void kd_choose_others(struct kd_choice *c); /* nodes, modules, slab caches */

/** One task: its structure, memory map's head and stack. */
bool kd_choose_task(struct kd_choice *c, kd_vaddr_t task);

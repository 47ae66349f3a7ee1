/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the CPUs were at: the stacks their saved registers point to, which needs nothing
 * but the notes, their per-CPU data, and the tasks on their run queues, idle ones among
 * them, which are on no list of tasks. Called by mini.c.
 */
#include <elf.h>
#include <string.h>

#include "makedumpfile/mini/choice.h"
#include "makedumpfile/vmcore/notes.h"

/* offsetof(struct elf_prstatus, pr_reg) of every 64-bit Linux, include/linux/elfcore.h */
#define PR_REG	    112
#define STACK_MOST  (UINT64_C(32) << 10) /* THREAD_SIZE with KASAN */
#define CPUS_MOST   8192
#define DYNAMIC	    (UINT64_C(64) << 10) /* behind the static part: what modules asked for */
#define PERCPU_MOST (UINT64_C(4) << 20)

/* The stack pointer's place among the registers: struct user_regs_struct (x86_64),
 * user_pt_regs (arm64), user_regs_struct (riscv64) of each architecture's uapi. */
static const struct {
	uint16_t machine;
	unsigned int index;
} stack_pointers[] = {
	{ EM_X86_64, 19 },
	{ EM_AARCH64, 31 },
	{ EM_RISCV, 2 },
};

static void choose_stack(struct kd_choice *c, const struct kd_notes *note)
{
	uint64_t page = c->input->memory->page_size;

	for (size_t i = 0; i < ARRAY_SIZE(stack_pointers); i++) {
		size_t at = PR_REG + 8 * stack_pointers[i].index;
		kd_vaddr_t sp;

		if (stack_pointers[i].machine != c->input->machine ||
		    note->desc_size < at + sizeof(sp))
			continue;
		memcpy(&sp, (const char *)note->desc + at, sizeof(sp));
		(void)kd_choose(c, sp - page, page);
		(void)kd_choose_stack(c, sp, STACK_MOST);
	}
}

void kd_choose_stacks(struct kd_choice *c)
{
	struct kd_notes it = { .data = c->input->notes, .size = c->input->notes_size };
	unsigned int n = 0;

	while (kd_notes_next(&it) && n < CPUS_MOST)
		if (kd_notes_is(&it, "CORE", NT_PRSTATUS)) {
			choose_stack(c, &it);
			n++;
		}
}

static void choose_run_queue(struct kd_choice *c, uint64_t offset)
{
	static const enum kd_field tasks[] = { KD_F_RQ_CURR, KD_F_RQ_IDLE };
	kd_vaddr_t rq = c->symbols[KD_SYM_RUNQUEUES] + offset, at, task;

	if (!c->found[KD_SYM_RUNQUEUES])
		return;
	for (size_t i = 0; i < ARRAY_SIZE(tasks); i++)
		if (kd_choice_member(c, rq, tasks[i], &at) &&
		    kd_choose_pointer(c, at, &task))
			(void)kd_choose_task(c, task);
}

/* x86_64 has the stacks of exceptions apart: CPU_ENTRY_AREA_BASE and its P4D entry's reach,
 * arch/x86/include/asm/pgtable_64_types.h; since 6.2 anywhere in there (97e3d26b5e5f). */
static void choose_entry_areas(struct kd_choice *c)
{
	if (c->input->machine == EM_X86_64)
		kd_choose_tables(c, UINT64_C(0xfffffe0000000000), UINT64_C(1) << 39);
}

void kd_choose_cpus(struct kd_choice *c)
{
	kd_vaddr_t start = c->symbols[KD_SYM_PER_CPU_START];
	uint64_t size = c->symbols[KD_SYM_PER_CPU_END] - start, last = 0;
	uint32_t n = 0;

	if (!c->found[KD_SYM_PER_CPU_OFFSET] || !c->found[KD_SYM_PER_CPU_START] ||
	    !c->found[KD_SYM_PER_CPU_END] || size > PERCPU_MOST)
		return;
	/* without SMP's own count as many as the notes are of */
	if (!c->found[KD_SYM_NR_CPU_IDS] ||
	    kd_xlat_read(c->xlat, c->symbols[KD_SYM_NR_CPU_IDS], &n, sizeof(n)) < 0)
		n = c->input->n_cpus;
	for (uint32_t i = 0; i < MIN(n, (uint32_t)CPUS_MOST); i++) {
		uint64_t offset;

		if (kd_xlat_read(c->xlat, c->symbols[KD_SYM_PER_CPU_OFFSET] + 8 * i,
				 &offset, sizeof(offset)) < 0)
			break;
		/* CPUs that never were share the offset of the template */
		if (!offset || offset == last)
			continue;
		last = offset;
		if (!kd_choose(c, start + offset, size + DYNAMIC))
			break;
		choose_run_queue(c, offset);
		c->mini->cpus++;
	}
	choose_entry_areas(c);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every task with its stack, and the tree from process IDs to tasks, through which crash
 * and drgn find them. Lists and trees are walked with limits; one that is torn yields what
 * comes before. Called by mini.c.
 */
#include "makedumpfile/mini/choice.h"

#define TASKS_MOST   (1U << 16)
#define PIDS_MOST    (1U << 16)
/* With more tasks than this, of each stack the end it begins at: a sleeper's frames. */
#define WHOLE_STACKS 512
#define STACK_MOST   (UINT64_C(32) << 10)
#define STACK_USUAL  (UINT64_C(16) << 10) /* THREAD_SIZE of x86_64, arm64 and riscv64 */
#define STACK_TOP    (UINT64_C(8) << 10)
#define PID_BYTES    256 /* struct pid, with the numbers of some name spaces */

/* xarray.h: an entry that is a node has the low bits 10 and is no small number */
#define XA_INTERNAL 2
#define XA_MASK	    3
#define XA_SLOTS    64
#define XA_DEPTH    11 /* 64 bits of index, 6 a level */

static uint64_t size_of(const struct kd_choice *c, enum kd_field size)
{
	return (uint64_t)kd_layout_get(c->layout, size);
}

static bool choose_task_stack(struct kd_choice *c, kd_vaddr_t stack)
{
	if (c->mini->tasks <= WHOLE_STACKS)
		return kd_choose_stack(c, stack, STACK_MOST);
	return kd_choose_stack(c, stack + STACK_USUAL - STACK_TOP, STACK_TOP);
}

bool kd_choose_task(struct kd_choice *c, kd_vaddr_t task)
{
	kd_vaddr_t at, to;

	c->mini->tasks++;
	if (!kd_choose(c, task, size_of(c, KD_F_TASK_SIZEOF)))
		return false;
	if (kd_choice_member(c, task, KD_F_TASK_THREAD_PID, &at) &&
	    kd_choose_pointer(c, at, &to))
		(void)kd_choose(c, to, PID_BYTES);
	if (kd_choice_member(c, task, KD_F_TASK_MM, &at) && kd_choose_pointer(c, at, &to))
		(void)kd_choose(c, to, size_of(c, KD_F_MM_SIZEOF));
	if (kd_choice_member(c, task, KD_F_TASK_STACK, &at) &&
	    kd_choose_pointer(c, at, &to))
		return choose_task_stack(c, to);
	return true;
}

/* A process: its threads, itself among them. */
static bool choose_process(struct kd_choice *c, kd_vaddr_t task)
{
	unsigned int left = TASKS_MOST - MIN(c->mini->tasks, TASKS_MOST);
	unsigned int before = c->mini->tasks;
	kd_vaddr_t at, signal, head;

	if (kd_choice_member(c, task, KD_F_TASK_SIGNAL, &at) &&
	    kd_choose_pointer(c, at, &signal) &&
	    kd_choice_member(c, signal, KD_F_SIGNAL_THREADS, &head) &&
	    kd_layout_has(c->layout, KD_F_TASK_THREAD_NODE))
		kd_choice_list(c, head,
			       (uint64_t)kd_layout_get(c->layout, KD_F_TASK_THREAD_NODE),
			       left, kd_choose_task);
	/* no list, or a torn one */
	if (c->mini->tasks == before && !kd_choose_task(c, task))
		return false;
	return c->mini->tasks < TASKS_MOST && !c->mini->frames.full;
}

static kd_vaddr_t node_of(kd_vaddr_t entry)
{
	return (entry & XA_MASK) == XA_INTERNAL && entry >= KD_KERNEL_HALF ? entry - 2
									   : 0;
}

/** Where a walk of the tree is: a node on each level, and the slot that is next there. */
struct place {
	kd_vaddr_t slots[XA_DEPTH];
	unsigned int next[XA_DEPTH];
	unsigned int depth;
};

static bool enter(const struct kd_choice *c, struct place *p, kd_vaddr_t node)
{
	if (p->depth == XA_DEPTH ||
	    !kd_choice_member(c, node, KD_F_XA_NODE_SLOTS, &p->slots[p->depth]))
		return false;
	p->next[p->depth++] = 0;
	return kd_choose(c, node, size_of(c, KD_F_XA_NODE_SIZEOF));
}

static void choose_pids(struct kd_choice *c, kd_vaddr_t root)
{
	struct place p = { .depth = 0 };
	unsigned int n = 0;

	if (!node_of(root)) {
		(void)kd_choose(c, root, PID_BYTES);
		return;
	}
	if (!enter(c, &p, node_of(root)))
		return;
	while (p.depth && n < PIDS_MOST) {
		unsigned int *next = &p.next[p.depth - 1];
		kd_vaddr_t entry;

		if (*next == XA_SLOTS) {
			p.depth--;
			continue;
		}
		if (!kd_choose_pointer(c, p.slots[p.depth - 1] + 8 * (*next)++, &entry))
			continue;
		n++;
		if (node_of(entry))
			(void)enter(c, &p, node_of(entry));
		else if (!kd_choose(c, entry, PID_BYTES))
			return;
	}
}

void kd_choose_tasks(struct kd_choice *c)
{
	kd_vaddr_t init = c->symbols[KD_SYM_INIT_TASK], at, root;

	if (c->found[KD_SYM_INIT_TASK] && kd_layout_has(c->layout, KD_F_TASK_SIZEOF) &&
	    kd_choice_member(c, init, KD_F_TASK_TASKS, &at)) {
		(void)kd_choose_task(c, init);
		kd_choice_list(c, at, (uint64_t)kd_layout_get(c->layout, KD_F_TASK_TASKS),
			       TASKS_MOST, choose_process);
	}
	/* struct idr begins with its tree, since 4.20 a struct xarray */
	if (c->found[KD_SYM_INIT_PID_NS] &&
	    kd_choice_member(c, c->symbols[KD_SYM_INIT_PID_NS], KD_F_PID_NS_IDR, &at) &&
	    kd_choice_member(c, at, KD_F_XARRAY_HEAD, &at) &&
	    kd_choose_pointer(c, at, &root))
		choose_pids(c, root);
}

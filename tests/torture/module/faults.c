/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a kernel does to itself by mistake: oopses of every kind, lost stacks, CPUs that
 * no longer answer.
 */
#include <linux/bug.h>
#include <linux/delay.h>
#include <linux/hrtimer.h>
#include <linux/kthread.h>
#include <linux/list.h>
#include <linux/objtool.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/spinlock.h>

#include "crashme.h"

void crashme_panic(void)
{
	panic("crashme: asked to");
}

static int *nowhere(void)
{
	int *p = NULL;

	OPTIMIZER_HIDE_VAR(p);
	return p;
}

void crashme_null(void)
{
	*nowhere() = 1;
}

void crashme_bug(void)
{
	BUG();
}

static DEFINE_SPINLOCK(held);

void crashme_bug_atomic(void)
{
	unsigned long flags;

	spin_lock_irqsave(&held, flags);
	BUG();
}

static enum hrtimer_restart in_interrupt_context(struct hrtimer *timer)
{
	*nowhere() = 1;
	return HRTIMER_NORESTART;
}

void crashme_irq(void)
{
	static struct hrtimer timer;

	hrtimer_init(&timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL_HARD);
	timer.function = in_interrupt_context;
	hrtimer_start(&timer, ms_to_ktime(10), HRTIMER_MODE_REL_HARD);
	msleep(1000);
}

static noinline int deeper(int level)
{
	char frame[512];

	memset(frame, level, sizeof(frame));
	barrier_data(frame);
	return level < 0 ? 0 : deeper(level + 1) + frame[level & 511];
}

void crashme_stack(void)
{
	pr_emerg("crashme: came back with %d\n", deeper(0));
}

void crashme_double_fault(void)
{
	asm volatile("mov $0x10, %%rsp; push %%rax" ::: "memory");
}
STACK_FRAME_NON_STANDARD(crashme_double_fault);

void crashme_gpf(void)
{
	/* no canonical address */
	unsigned long address = 0x123456789abcdef0;

	OPTIMIZER_HIDE_VAR(address);
	*(int *)address = 1;
}

void crashme_divide(void)
{
	asm volatile("xor %%edx, %%edx; xor %%ecx, %%ecx; mov $1, %%eax; div %%ecx" ::
			     : "eax", "ecx", "edx");
}

void crashme_nx(void)
{
	void (*data)(void) = kmalloc(64, GFP_KERNEL);

	memset(data, 0xc3, 64); /* ret */
	data();
}

void crashme_list(void)
{
	static struct list_head list = LIST_HEAD_INIT(list), entry;

	list_add(&entry, &list);
	list_del(&entry);
	list_del(&entry);
}

static void stuck(void *unused)
{
	local_irq_disable();
	for (;;)
		cpu_relax();
}

void crashme_stuck_cpu(void)
{
	int cpu = cpumask_any_but(cpu_online_mask, get_cpu());

	put_cpu();
	smp_call_function_single(cpu, stuck, NULL, /* wait= */ 0);
	mdelay(500);
	panic("crashme: CPU %d is stuck", cpu);
}

static int soft(void *unused)
{
	preempt_disable();
	for (;;)
		cpu_relax();
	return 0;
}

static int hard(void *unused)
{
	pr_emerg("crashme: CPU 1 stops\n");
	stuck(NULL);
	return 0;
}

static void on_cpu_1(int (*thread)(void *))
{
	struct task_struct *task = kthread_create(thread, NULL, "crashme");

	if (IS_ERR(task))
		return;
	kthread_bind(task, 1);
	wake_up_process(task);
}

void crashme_soft_lockup(void)
{
	on_cpu_1(soft);
}

void crashme_hard_lockup(void)
{
	on_cpu_1(hard);
}

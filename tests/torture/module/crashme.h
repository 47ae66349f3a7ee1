/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The ways to crash that this module knows.
 */
#ifndef CRASHME_H
#define CRASHME_H

/* What a kernel does to itself by mistake (faults.c). They return when it survives. */
void crashme_panic(void);
void crashme_null(void);
void crashme_bug(void);
void crashme_bug_atomic(void);
void crashme_irq(void);
void crashme_stack(void);
void crashme_double_fault(void);
void crashme_gpf(void);
void crashme_divide(void);
void crashme_nx(void);
void crashme_list(void);
void crashme_stuck_cpu(void);
void crashme_soft_lockup(void);
void crashme_hard_lockup(void);

/* Damage to what a capture reads, and then a panic (damage.c). */
void crashme_memmap_ones(void);
void crashme_memmap_noise(void);
void crashme_mem_section(void);
void crashme_sections(void);
void crashme_page_tables(void);
void crashme_vmcoreinfo(void);
void crashme_vmcoreinfo_both(void);
void crashme_kallsyms(void);
void crashme_printk(void);
void crashme_tasks(void);
void crashme_elfcorehdr(void);

#endif

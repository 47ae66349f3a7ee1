/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Damage to what a capture reads, then a panic. Symbols that modules are not given are
 * looked up as kprobes does; what is read-only is written with CR0.WP off.
 */
#include <linux/elf.h>
#include <linux/ioport.h>
#include <linux/kprobes.h>
#include <linux/mm.h>
#include <linux/random.h>
#include <linux/sched/signal.h>

#include "crashme.h"

#define WP (1UL << 16)

static void *symbol(const char *name)
{
	struct kprobe probe = { .symbol_name = "kallsyms_lookup_name" };
	unsigned long (*lookup)(const char *name);
	void *found;

	if (register_kprobe(&probe) < 0)
		panic("crashme: no kprobes");
	lookup = (void *)probe.addr;
	unregister_kprobe(&probe);
	found = (void *)lookup(name);
	if (!found)
		panic("crashme: no symbol %s", name);
	return found;
}

/* No other code of this CPU runs any more; the others are stopped by the panic. */
static void no_return(void)
{
	unsigned long cr0;

	local_irq_disable();
	asm volatile("mov %%cr0, %0" : "=r"(cr0));
	asm volatile("mov %0, %%cr0" ::"r"(cr0 & ~WP) : "memory");
}

static void noise(void *to, size_t bytes)
{
	get_random_bytes(to, bytes);
}

static void overwrite(void *to, size_t bytes, const char *what)
{
	no_return();
	noise(to, bytes);
	panic("crashme: %s overwritten", what);
}

/* struct page of 16 MiB in the middle of memory */
#define MEMMAP_FIRST 0x30000
#define MEMMAP_PAGES 4096

void crashme_memmap_ones(void)
{
	no_return();
	memset(pfn_to_page(MEMMAP_FIRST), 0xff, MEMMAP_PAGES * sizeof(struct page));
	panic("crashme: memmap set to ones");
}

void crashme_memmap_noise(void)
{
	overwrite(pfn_to_page(MEMMAP_FIRST), MEMMAP_PAGES * sizeof(struct page),
		  "memmap");
}

/* The roots: pointers to the sections of half a TiB. */
void crashme_mem_section(void)
{
	void **roots = symbol("mem_section");

	overwrite(*roots, 512, "mem_section");
}

/* The first sections themselves, 128 MiB of memory each. */
void crashme_sections(void)
{
	void ***roots = symbol("mem_section");

	overwrite(**roots, 512, "sections");
}

/* Those of the memmap: a page of entries, each for 2 MiB of struct page. */
void crashme_page_tables(void)
{
	unsigned long address = (unsigned long)pfn_to_page(0);
	struct mm_struct *mm = symbol("init_mm");
	pud_t *pud = pud_offset(p4d_offset(pgd_offset(mm, address), address), address);

	/* entries after the first, which is in use by what runs until the panic */
	overwrite(pmd_offset(pud, address) + 4, 4 * sizeof(pmd_t), "page tables");
}

void crashme_vmcoreinfo(void)
{
	unsigned char **data = symbol("vmcoreinfo_data");

	overwrite(*data, PAGE_SIZE, "vmcoreinfo");
}

/* The copy as well that a panic writes the note from. */
void crashme_vmcoreinfo_both(void)
{
	unsigned char **data = symbol("vmcoreinfo_data");
	unsigned char **copy = symbol("vmcoreinfo_data_safecopy");

	no_return();
	noise(*data, PAGE_SIZE);
	if (*copy)
		noise(*copy, PAGE_SIZE);
	panic("crashme: vmcoreinfo and its copy overwritten");
}

/* The table does not name itself; vmcoreinfo does. */
void crashme_kallsyms(void)
{
	static const char key[] = "SYMBOL(kallsyms_names)=";
	const char **data = symbol("vmcoreinfo_data");
	const char *found = strnstr(*data, key, PAGE_SIZE);
	unsigned long address;

	if (!found || sscanf(found + strlen(key), "%lx", &address) != 1)
		panic("crashme: vmcoreinfo has no kallsyms_names");
	overwrite((void *)address, 64 << 10, "kallsyms");
}

/* The ring of descriptors; the text stays. */
void crashme_printk(void)
{
	overwrite(symbol("_printk_rb_static_descs"), 16 << 10, "printk descriptors");
}

/* The links of the task list. */
void crashme_tasks(void)
{
	overwrite(&init_task.tasks, sizeof(init_task.tasks), "task list");
}

/* The header of the armed image, in the memory set aside for it. */
void crashme_elfcorehdr(void)
{
	struct resource *reserved = symbol("crashk_res");
	resource_size_t at;

	no_return();
	for (at = reserved->start; at < reserved->end; at += PAGE_SIZE) {
		Elf64_Ehdr *header = __va(at);

		if (!memcmp(header->e_ident, ELFMAG, SELFMAG) &&
		    header->e_type == ET_CORE) {
			noise(header, sizeof(*header));
			panic("crashme: elfcorehdr overwritten");
		}
	}
	panic("crashme: no elfcorehdr found");
}

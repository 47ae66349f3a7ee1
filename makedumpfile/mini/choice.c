/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How something is chosen: by virtual address, page by page, through page tables whose
 * frames are noted as they are read. See choice.h. Trusts no pointer and no list. Called
 * by the parts of the selection.
 */
#include "makedumpfile/mini/choice.h"

#include <string.h>

#define WALKS_MOST (1U << 16)
#define REACH	   (UINT64_C(2) << 30)
#define WORDS	   128

static uint64_t page_size(const struct kd_choice *c)
{
	return c->input->memory->page_size;
}

static bool room(const struct kd_choice *c)
{
	return c->mini->frames.n < c->budget && !c->mini->frames.full;
}

/* The frame behind @addr, which must be mapped. */
static bool choose_page(const struct kd_choice *c, kd_vaddr_t addr, uint64_t *ret_run)
{
	kd_paddr_t paddr;

	if (kd_xlat_vtop(c->xlat, addr, &paddr, ret_run) < 0 ||
	    !kd_memory_find(c->input->memory, paddr))
		return false;
	(void)kd_frames_add(&c->mini->frames, paddr / page_size(c));
	return true;
}

bool kd_choose(const struct kd_choice *c, kd_vaddr_t addr, uint64_t size)
{
	kd_vaddr_t end, at = kd_align_down(addr, page_size(c));
	uint64_t run;

	if (addr < KD_KERNEL_HALF || __builtin_add_overflow(addr, size, &end))
		return true;
	for (; at < end; at += page_size(c)) {
		if (!room(c))
			return false;
		(void)choose_page(c, at, &run);
	}
	return true;
}

static void keep_last(void *context, const struct kd_xlat_step *step)
{
	*(struct kd_xlat_step *)context = *step;
}

/* Bytes that the entry a walk ended at stands for, when it maps nothing. */
static uint64_t empty_span(const struct kd_choice *c, const char *table)
{
	static const char *const names[] = { "PTE", "PMD", "PUD", "P4D" };
	unsigned int level = 0;

	while (level < ARRAY_SIZE(names) && strcmp(table, names[level]) != 0)
		level++;
	level = MIN(level, c->xlat->levels - 1);
	return UINT64_C(1) << c->xlat->shift[level];
}

void kd_choose_tables(const struct kd_choice *c, kd_vaddr_t addr, uint64_t size)
{
	kd_vaddr_t at = kd_align_down(addr, page_size(c));
	uint64_t left = size + (addr - at), run;

	for (unsigned int i = 0; left > 0 && i < WALKS_MOST; i++) {
		struct kd_xlat_step last = { .name = "" };
		int r = kd_xlat_walk(c->xlat, at, keep_last, &last);
		uint64_t span = r == 0 ? last.leaf_size : empty_span(c, last.name);

		/* a table that cannot be read, or makes no sense, costs a page a time */
		run = r == 0 || r == -EFAULT ? span - at % span : page_size(c);
		run = MIN(run, left);
		if (r == 0 && !kd_choose(c, at, run))
			return;
		at += run;
		left -= run;
	}
}

/* What is mapped within reach of the kernel's code: its own, and that of modules, which
 * every architecture has near it. Arithmetic does not count: a stale word may be anything. */
static void choose_near(struct kd_choice *c, kd_vaddr_t at)
{
	uint64_t number = at / page_size(c);
	uint64_t *known = &c->near[number % KD_CHOICE_NEAR];

	if (at - (c->symbols[KD_SYM_STEXT] - REACH) >= 2 * REACH || *known == number)
		return;
	/* what this part has no room for may have some in the next one */
	if (kd_xlat_walk(c->xlat, at, /* visit= */ NULL, /* context= */ NULL) < 0 ||
	    kd_choose(c, at, 1))
		*known = number;
}

static void choose_pointed_to(struct kd_choice *c, kd_vaddr_t at, uint64_t size)
{
	uint64_t words[WORDS], n;

	for (; c->found[KD_SYM_STEXT] && size > 0; at += n, size -= n) {
		n = MIN(size, (uint64_t)sizeof(words));
		if (kd_xlat_read(c->xlat, at, words, (size_t)n) < 0)
			return;
		for (size_t i = 0; i < n / sizeof(words[0]); i++)
			choose_near(c, words[i]);
	}
}

bool kd_choose_stack(struct kd_choice *c, kd_vaddr_t addr, uint64_t most)
{
	uint64_t page = page_size(c), done, run;
	kd_vaddr_t at = kd_align_down(addr, page);

	if (addr < KD_KERNEL_HALF)
		return true;
	for (done = 0; done < most && choose_page(c, at + done, &run); done += page)
		if (!room(c))
			return false;
	choose_pointed_to(c, at, done);
	return room(c);
}

bool kd_choose_pointer(const struct kd_choice *c, kd_vaddr_t addr, kd_vaddr_t *ret)
{
	kd_vaddr_t v;

	if (addr < KD_KERNEL_HALF || kd_xlat_read(c->xlat, addr, &v, sizeof(v)) < 0 ||
	    v < KD_KERNEL_HALF)
		return false;
	*ret = v;
	return true;
}

bool kd_choice_member(const struct kd_choice *c, kd_vaddr_t base, enum kd_field offset,
		      kd_vaddr_t *ret)
{
	if (!kd_layout_has(c->layout, offset))
		return false;
	*ret = base + (uint64_t)kd_layout_get(c->layout, offset);
	return true;
}

void kd_choice_list(const struct kd_choice *c, kd_vaddr_t head, uint64_t offset,
		    unsigned int most, bool (*each)(struct kd_choice *c, kd_vaddr_t at))
{
	kd_vaddr_t at = head;

	for (unsigned int i = 0; i < most; i++)
		if (!kd_choose_pointer(c, at, &at) || at == head ||
		    !each((struct kd_choice *)c, at - offset))
			return;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel image as it was in memory, data before code; what stacks point to came with
 * them. Readers want code even where the vmlinux file has it: crash looks into it before it
 * shows anything. What lay between was freed after the boot, and others' pages are there by
 * now: by symbols it is left out, and so are the tables that only say what the vmlinux file
 * says. Called by mini.c.
 */
#include "makedumpfile/mini/choice.h"

#define GUESS	  (UINT64_C(48) << 20) /* an image of which only the start is known */
#define IMAGE_MAX (UINT64_C(256) << 20)

/* Sections; the second symbol is one past the end. */
static const struct {
	enum kd_mini_symbol start, end;
} parts[] = {
	{ KD_SYM_SDATA, KD_SYM_EDATA },	       { KD_SYM_BSS_START, KD_SYM_BSS_STOP },
	{ KD_SYM_BRK_BASE, KD_SYM_BRK_LIMIT }, { KD_SYM_START_RODATA, KD_SYM_END_RODATA },
	{ KD_SYM_EDATA, KD_SYM_INIT_BEGIN }, /* x86: unwind tables */
	{ KD_SYM_STEXT, KD_SYM_ETEXT },
};

static const struct {
	enum kd_mini_symbol start, end;
} left_out[] = {
	{ KD_SYM_START_BTF, KD_SYM_STOP_BTF },
	{ KD_SYM_KALLSYMS, KD_SYM_KALLSYMS_END },
};

static bool find(const struct kd_choice *c, enum kd_mini_symbol start,
		 enum kd_mini_symbol end, kd_vaddr_t *ret_start, kd_vaddr_t *ret_end)
{
	*ret_start = c->symbols[start];
	*ret_end = c->symbols[end];
	return c->found[start] && c->found[end] && *ret_start >= KD_KERNEL_HALF &&
	       *ret_start < *ret_end && *ret_end - *ret_start <= IMAGE_MAX;
}

/* All of it is left out: a page on which something else begins or ends stays. */
static bool is_left_out(const struct kd_choice *c, kd_vaddr_t at, uint64_t page)
{
	kd_vaddr_t start, end;

	for (size_t i = 0; i < ARRAY_SIZE(left_out); i++)
		if (find(c, left_out[i].start, left_out[i].end, &start, &end) &&
		    at >= start && at + page <= end)
			return true;
	return false;
}

static void choose_part(const struct kd_choice *c, kd_vaddr_t start, kd_vaddr_t end)
{
	uint64_t page = c->input->memory->page_size;

	for (kd_vaddr_t at = kd_align_down(start, page); at < end; at += page)
		if (!is_left_out(c, at, page) && !kd_choose(c, at, 1))
			return;
}

void kd_choose_image(struct kd_choice *c)
{
	kd_vaddr_t start, end;
	unsigned int n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		if (find(c, parts[i].start, parts[i].end, &start, &end)) {
			choose_part(c, start, end);
			n++;
		}
	if (n == 0 && c->found[KD_SYM_STEXT])
		kd_choose_tables(c, c->symbols[KD_SYM_STEXT], GUESS);
}

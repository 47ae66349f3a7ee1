/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The walk common to all architectures: see xlat.h. Trusts nothing: what a table says
 * is bounded by the memory reader, a walk is at most KD_XLAT_LEVELS reads. Called by
 * dmesg, the memmap reader and the tools.
 */
#include "makedumpfile/vmcore/machine.h"
#include "makedumpfile/vmcore/translate.h"

#define ENTRY_SIZE 8

/** Where a walk reports to; @visit may be NULL. */
struct trace {
	void (*visit)(void *context, const struct kd_xlat_step *step);
	void *context;
};

void kd_xlat_set_levels(struct kd_xlat *x, unsigned int page_shift, unsigned int va_bits)
{
	unsigned int per_level = page_shift - 3; /* log2 of entries a page holds */

	x->shift[0] = (uint8_t)page_shift;
	for (x->levels = 0; x->shift[x->levels] < va_bits && x->levels < KD_XLAT_LEVELS;
	     x->levels++)
		x->shift[x->levels + 1] = (uint8_t)MIN(x->shift[x->levels] + per_level,
						       va_bits);
}

static bool is_canonical(const struct kd_xlat *x, kd_vaddr_t addr)
{
	uint64_t top = addr >> x->va_bits;

	return top == UINT64_MAX >> x->va_bits || (x->both_halves && top == 0);
}

static const char *level_name(const struct kd_xlat *x, unsigned int level)
{
	/* the kernel folds from the second one down: three levels are PGD, PMD, PTE */
	static const char *const names[] = { "PTE", "PMD", "PUD", "P4D", "PGD" };

	return names[level == x->levels ? KD_XLAT_LEVELS - 1 : level - 1];
}

static void show(const struct kd_xlat *x, const struct trace *trace,
		 struct kd_xlat_step step, unsigned int level)
{
	if (!trace)
		return;
	step.name = level_name(x, level);
	trace->visit(trace->context, &step);
}

/* One level down. Returns a kind or a negative errno. */
static int step(const struct kd_xlat *x, kd_vaddr_t addr, unsigned int level,
		struct kd_entry *entry, const struct trace *trace)
{
	unsigned int shift = x->shift[level - 1];
	uint64_t index = addr >> shift & ((UINT64_C(1) << (x->shift[level] - shift)) - 1);
	struct kd_xlat_step s = { .entry = entry->paddr + index * ENTRY_SIZE };
	int kind;

	/* little-endian cores only, and no host of ours is anything else */
	kind = kd_memory_read(x->memory, s.entry, &s.value, sizeof(s.value));
	if (kind < 0)
		return kind;
	*entry = (struct kd_entry) { .shift = shift, .run_shift = shift };
	kind = x->ops->entry(x, level, s.value, entry);
	if (kind == KD_ENTRY_LEAF) {
		s.leaf_size = UINT64_C(1) << entry->shift;
		entry->paddr = kd_align_down(entry->paddr, s.leaf_size);
	}
	if (kind > KD_ENTRY_NOTHING)
		s.paddr = entry->paddr;
	show(x, trace, s, level);
	return kind;
}

static int walk(const struct kd_xlat *x, kd_vaddr_t addr, kd_paddr_t *ret,
		uint64_t *ret_run, const struct trace *trace)
{
	struct kd_entry entry = { .paddr = x->root };
	unsigned int level = x->levels;
	uint64_t run;
	int kind;

	if (x->ops->vtop)
		return x->ops->vtop(x, addr, ret, ret_run);
	if (!is_canonical(x, addr))
		return -EFAULT;
	do {
		kind = step(x, addr, level, &entry, trace);
		if (kind < 0)
			return kind;
		if (kind == KD_ENTRY_NOTHING)
			return -EFAULT;
	} while (kind == KD_ENTRY_TABLE && --level);
	if (kind != KD_ENTRY_LEAF)
		return -EBADMSG;
	*ret = entry.paddr + (addr & ((UINT64_C(1) << entry.shift) - 1));
	run = UINT64_C(1) << entry.run_shift;
	*ret_run = run - (addr & (run - 1));
	return 0;
}

int kd_xlat_walk(const struct kd_xlat *x, kd_vaddr_t addr,
		 void (*visit)(void *context, const struct kd_xlat_step *step),
		 void *context)
{
	const struct trace trace = { visit, context };
	kd_paddr_t paddr;
	uint64_t run;

	return walk(x, addr, &paddr, &run, visit ? &trace : NULL);
}

static int arithmetic(const struct kd_xlat *x, kd_vaddr_t addr, kd_paddr_t *ret,
		      uint64_t *ret_run)
{
	uint64_t page = UINT64_C(1) << x->shift[0];
	uint64_t left;

	if (addr - x->image < x->image_size) {
		*ret = addr - x->image_offset;
		left = x->image_size - (addr - x->image);
	} else if (addr - x->linear < x->linear_size) {
		*ret = addr - x->linear_offset;
		left = x->linear_size - (addr - x->linear);
	} else {
		return -EFAULT;
	}
	*ret_run = MIN(page - (addr & (page - 1)), left);
	return 0;
}

int kd_xlat_vtop(const struct kd_xlat *x, kd_vaddr_t addr, kd_paddr_t *ret,
		 uint64_t *ret_run)
{
	kd_paddr_t paddr;
	uint64_t run;
	int r;

	r = walk(x, addr, &paddr, &run, /* trace= */ NULL);
	if (r == -EFAULT && x->sound)
		return r;
	if (r < 0 && arithmetic(x, addr, &paddr, &run) < 0)
		return r;
	*ret = paddr;
	if (ret_run)
		*ret_run = run;
	return 0;
}

int kd_xlat_read(const struct kd_xlat *x, kd_vaddr_t addr, void *buf, size_t size)
{
	char *out = buf;

	while (size) {
		kd_paddr_t paddr;
		uint64_t run;
		size_t part;
		int r;

		r = kd_xlat_vtop(x, addr, &paddr, &run);
		if (r < 0)
			return r;
		part = (size_t)MIN((uint64_t)size, run);
		r = kd_memory_read(x->memory, paddr, out, part);
		if (r < 0)
			return r;
		addr += part;
		out += part;
		size -= part;
	}
	return 0;
}

int kd_xlat_init(struct kd_xlat *ret, const struct kd_memory *memory, uint16_t machine,
		 const struct kd_vmcoreinfo *info, struct kd_error *err)
{
	const struct kd_machine *m = kd_machine_by_elf(machine);
	struct kd_xlat x = { .memory = memory };
	int r;

	if (!m)
		return kd_fail_msg(err, -ENOTSUP,
				   "page tables of ELF machine %u are not supported",
				   machine);
	x.ops = m->xlat;
	r = x.ops->init(&x, info, err);
	if (r < 0)
		return r;
	*ret = x;
	return 0;
}

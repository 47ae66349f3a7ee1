/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Address translation, the part common to all architectures: see xlat.h. Trusts
 * nothing: what a table says is bounded by the memory reader. Called by dmesg, the
 * memmap reader and the tools.
 */
#include <elf.h>

#include "makedumpfile/vmcore/translate.h"

static const struct {
	uint16_t machine;
	const struct kd_xlat_ops *ops;
} architectures[] = {
	{ EM_X86_64, &kd_xlat_x86_64 },
};

int kd_xlat_init(struct kd_xlat *ret, const struct kd_memory *memory, uint16_t machine,
		 const struct kd_vmcoreinfo *info, struct kd_error *err)
{
	struct kd_xlat x = { .memory = memory };
	int r;

	for (size_t i = 0; i < ARRAY_SIZE(architectures); i++)
		if (architectures[i].machine == machine)
			x.ops = architectures[i].ops;
	if (!x.ops)
		return kd_fail_msg(err, -ENOTSUP,
				   "page tables of ELF machine %u are not supported",
				   machine);
	r = x.ops->init(&x, info, err);
	if (r < 0)
		return r;
	*ret = x;
	return 0;
}

int kd_xlat_vtop(const struct kd_xlat *x, kd_vaddr_t addr, kd_paddr_t *ret,
		 uint64_t *ret_run)
{
	kd_paddr_t paddr;
	uint64_t run;
	int r;

	r = x->ops->vtop(x, addr, &paddr, &run);
	if (r < 0)
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

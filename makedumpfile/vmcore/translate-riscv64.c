/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * riscv64 page tables (RISC-V privileged specification, "Sv39" and on;
 * arch/riscv/include/asm/pgtable-64.h): 3 to 5 levels, leaves at each, runs of 64 KiB.
 * Pure: keys and entries in, addresses out. Called through xlat.c.
 */
#include "makedumpfile/vmcore/translate.h"

#define PAGE_SHIFT  12
#define NAPOT_SHIFT 16 /* the only size of Svnapot there is: 64 KiB */

#define ENTRY_VALID (UINT64_C(1) << 0)
#define ENTRY_READ  (UINT64_C(1) << 1)
#define ENTRY_WRITE (UINT64_C(1) << 2)
#define ENTRY_EXEC  (UINT64_C(1) << 3)
#define ENTRY_PPN   UINT64_C(0x003ffffffffffc00) /* bits 53..10 */
#define ENTRY_NAPOT (UINT64_C(1) << 63)

/* satp's mode is not exported, but VA_BITS is what the kernel settled for. */
static int find_levels(struct kd_xlat *x, const struct kd_vmcoreinfo *info,
		       struct kd_error *err)
{
	int64_t va_bits;
	int r;

	r = kd_vmcoreinfo_number(info, "VA_BITS", &va_bits);
	if (r < 0)
		return kd_fail_msg(err, r, "VMCOREINFO has no usable NUMBER(VA_BITS)");
	if (va_bits != 39 && va_bits != 48 && va_bits != 57)
		return kd_fail_msg(err, -EBADMSG,
				   "%jd bits of virtual addresses make no sense",
				   (intmax_t)va_bits);
	kd_xlat_set_levels(x, PAGE_SHIFT, (unsigned int)va_bits);
	x->va_bits = (uint8_t)(va_bits - 1); /* the sign is an index bit */
	x->both_halves = true;
	return 0;
}

static int riscv64_init(struct kd_xlat *x, const struct kd_vmcoreinfo *info,
			struct kd_error *err)
{
	int64_t offset, link = 0, ram = 0;
	kd_vaddr_t root;
	int r;

	if (x->memory->page_size != 1 << PAGE_SHIFT)
		return kd_fail_msg(err, -EBADMSG, "pages of %u bytes make no sense",
				   x->memory->page_size);
	r = find_levels(x, info, err);
	if (r < 0)
		return r;
	r = kd_vmcoreinfo_symbol(info, "swapper_pg_dir", &root);
	if (r < 0)
		return kd_fail_msg(err, r,
				   "VMCOREINFO has no usable SYMBOL(swapper_pg_dir)");
	/* since 6.5 */
	r = kd_vmcoreinfo_number(info, "va_kernel_pa_offset", &offset);
	if (r < 0)
		return kd_fail_msg(err, r,
				   "VMCOREINFO has no usable "
				   "NUMBER(va_kernel_pa_offset)");
	x->root = root - (uint64_t)offset;
	if (x->root % (1 << PAGE_SHIFT))
		return kd_fail_msg(err, -EBADMSG, "page table at 0x%jx makes no sense",
				   (uintmax_t)root);
	if (kd_vmcoreinfo_number(info, "phys_ram_base", &ram) == 0)
		x->phys_base = (uint64_t)ram;
	/* the kernel's mapping is the last one there is */
	if (kd_vmcoreinfo_number(info, "KERNEL_LINK_ADDR", &link) == 0) {
		x->image = (uint64_t)link;
		x->image_size = UINT64_MAX - x->image;
		x->image_offset = (uint64_t)offset;
	}
	return 0;
}

static int riscv64_entry(const struct kd_xlat *x, unsigned int level, uint64_t value,
			 struct kd_entry *ret)
{
	(void)x;
	if (!(value & ENTRY_VALID))
		return KD_ENTRY_NOTHING;
	ret->paddr = (value & ENTRY_PPN) << 2;
	if (!(value & (ENTRY_READ | ENTRY_WRITE | ENTRY_EXEC)))
		return level > 1 ? KD_ENTRY_TABLE : -EBADMSG;
	/* reserved: writable only */
	if (!(value & (ENTRY_READ | ENTRY_EXEC)))
		return -EBADMSG;
	if ((value & ENTRY_NAPOT) && level == 1)
		ret->shift = ret->run_shift = NAPOT_SHIFT;
	return KD_ENTRY_LEAF;
}

const struct kd_xlat_ops kd_xlat_riscv64 = {
	.init = riscv64_init,
	.entry = riscv64_entry,
};

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * x86_64 page tables (Intel SDM volume 3, 4.5; arch/x86/include/asm/pgtable_types.h):
 * 4 or 5 levels, 1 GiB and 2 MiB leaves, an SME bit among the address bits. Pure: keys
 * and entries in, addresses out. Called through xlat.c.
 */
#include "makedumpfile/vmcore/translate.h"

/* __START_KERNEL_map, arch/x86/include/asm/page_64_types.h */
#define START_KERNEL_MAP UINT64_C(0xffffffff80000000)
/* KERNEL_IMAGE_SIZE with KASLR, arch/x86/include/asm/page_64_types.h */
#define MAX_IMAGE_SIZE	 UINT64_C(0x40000000)

#define PAGE_SHIFT    12
#define VA_BITS_4     48
#define VA_BITS_5     57
#define ENTRY_PRESENT (UINT64_C(1) << 0) /* _PAGE_BIT_PRESENT */
#define ENTRY_PSE     (UINT64_C(1) << 7) /* _PAGE_BIT_PSE */
#define ENTRY_ADDRESS UINT64_C(0x000ffffffffff000)
#define LAST_PSE      3 /* level 2 maps 2 MiB, level 3 maps 1 GiB */

static int find_root(const struct kd_vmcoreinfo *info, kd_vaddr_t *ret,
		     struct kd_error *err)
{
	/* swapper_pg_dir is a macro for the page table's name of the day, so either
	 * name may be exported: init_level4_pgt became init_top_pgt in 4.13, commit
	 * 65ade2f872b4 ("x86/boot/64: Rename init_level4_pgt and early_level4_pgt") */
	static const char *const names[] = { "swapper_pg_dir", "init_top_pgt",
					     "init_level4_pgt" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (kd_vmcoreinfo_symbol(info, names[i], ret) == 0)
			return 0;
	return kd_fail_msg(err, -ENODATA, "VMCOREINFO has no SYMBOL(%s)", names[0]);
}

static int x86_64_init(struct kd_xlat *x, const struct kd_vmcoreinfo *info,
		       struct kd_error *err)
{
	int64_t phys_base, five = 0, sme = 0, image = (int64_t)MAX_IMAGE_SIZE;
	kd_vaddr_t root;
	int r;

	r = find_root(info, &root, err);
	if (r < 0)
		return r;
	r = kd_vmcoreinfo_number(info, "phys_base", &phys_base);
	if (r < 0)
		return kd_fail_msg(err, r, "VMCOREINFO has no usable NUMBER(phys_base)");
	if (root < START_KERNEL_MAP || root % (1 << PAGE_SHIFT))
		return kd_fail_msg(err, -EBADMSG, "page table at 0x%jx makes no sense",
				   (uintmax_t)root);
	/* absent on kernels without five levels or SME */
	(void)kd_vmcoreinfo_number(info, "pgtable_l5_enabled", &five);
	(void)kd_vmcoreinfo_number(info, "sme_mask", &sme);
	(void)kd_vmcoreinfo_number(info, "KERNEL_IMAGE_SIZE", &image);
	kd_xlat_set_levels(x, PAGE_SHIFT, five ? VA_BITS_5 : VA_BITS_4);
	x->va_bits = (uint8_t)(x->shift[x->levels] - 1); /* the sign is an index bit */
	x->both_halves = true;
	x->phys_base = (uint64_t)phys_base;
	x->enc_mask = (uint64_t)sme;
	x->image = START_KERNEL_MAP;
	x->image_size = MIN((uint64_t)image, MAX_IMAGE_SIZE);
	/* phys_base may be "negative": the sums wrap as the kernel's own do */
	x->image_offset = START_KERNEL_MAP - x->phys_base;
	x->root = root - x->image_offset;
	return 0;
}

static int x86_64_entry(const struct kd_xlat *x, unsigned int level, uint64_t value,
			struct kd_entry *ret)
{
	if (!(value & ENTRY_PRESENT))
		return KD_ENTRY_NOTHING;
	ret->paddr = value & ENTRY_ADDRESS & ~x->enc_mask;
	/* the same bit is _PAGE_PAT in a last-level entry */
	if (level == 1)
		return KD_ENTRY_LEAF;
	if (!(value & ENTRY_PSE))
		return KD_ENTRY_TABLE;
	/* reserved, must be 0 above: this is no page table */
	return level <= LAST_PSE ? KD_ENTRY_LEAF : -EBADMSG;
}

const struct kd_xlat_ops kd_xlat_x86_64 = {
	.init = x86_64_init,
	.entry = x86_64_entry,
};

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * x86_64 page tables (Intel SDM volume 3, 4.5; arch/x86/include/asm/pgtable_types.h):
 * 4 or 5 levels, 1 GiB and 2 MiB leaves, an SME bit among the address bits. Trusts
 * nothing: a walk is at most five bounded reads. Called through xlat.c.
 */
#include "makedumpfile/vmcore/translate.h"

/* __START_KERNEL_map, arch/x86/include/asm/page_64_types.h */
#define START_KERNEL_MAP UINT64_C(0xffffffff80000000)
/* KERNEL_IMAGE_SIZE with KASLR, arch/x86/include/asm/page_64_types.h */
#define MAX_IMAGE_SIZE	 UINT64_C(0x40000000)

#define PAGE_SHIFT    12
#define LEVEL_BITS    9
#define ENTRY_SIZE    8
#define ENTRY_PRESENT (UINT64_C(1) << 0) /* _PAGE_BIT_PRESENT */
#define ENTRY_PSE     (UINT64_C(1) << 7) /* _PAGE_BIT_PSE */
#define ENTRY_ADDRESS UINT64_C(0x000ffffffffff000)
#define FIRST_PSE     2 /* level 2 maps 2 MiB, level 3 maps 1 GiB */
#define LAST_PSE      3

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
	x->levels = five ? 5 : 4;
	x->phys_base = (uint64_t)phys_base;
	x->enc_mask = (uint64_t)sme;
	x->image_size = MIN((uint64_t)image, MAX_IMAGE_SIZE);
	/* phys_base may be "negative": the sum wraps as the kernel's own does */
	x->root = root - START_KERNEL_MAP + x->phys_base;
	return 0;
}

static unsigned int level_shift(unsigned int level)
{
	return PAGE_SHIFT + LEVEL_BITS * (level - 1);
}

static bool is_canonical(const struct kd_xlat *x, kd_vaddr_t addr)
{
	unsigned int used = level_shift(x->levels) + LEVEL_BITS;
	uint64_t top = addr >> (used - 1);

	return top == 0 || top == UINT64_MAX >> (used - 1);
}

static bool is_leaf(uint64_t entry, unsigned int level)
{
	return level == 1 ||
	       (level >= FIRST_PSE && level <= LAST_PSE && (entry & ENTRY_PSE));
}

static int walk(const struct kd_xlat *x, kd_vaddr_t addr, kd_paddr_t *ret,
		uint64_t *ret_run)
{
	kd_paddr_t table = x->root;
	uint64_t entry, in_leaf, leaf_size;
	unsigned int level = x->levels, index;
	int r;

	if (!is_canonical(x, addr))
		return -EFAULT;
	for (;; level--) {
		index = (unsigned int)(addr >> level_shift(level)) &
			((1U << LEVEL_BITS) - 1);
		/* little-endian cores only, and no host of ours is anything else */
		r = kd_memory_read(x->memory, table + index * ENTRY_SIZE, &entry,
				   sizeof(entry));
		if (r < 0)
			return r;
		if (!(entry & ENTRY_PRESENT))
			return -EFAULT;
		table = entry & ENTRY_ADDRESS & ~x->enc_mask;
		if (is_leaf(entry, level))
			break;
		/* reserved, must be 0: this is no page table */
		if (entry & ENTRY_PSE)
			return -EBADMSG;
	}
	leaf_size = UINT64_C(1) << level_shift(level);
	in_leaf = addr & (leaf_size - 1);
	*ret = kd_align_down(table, leaf_size) + in_leaf;
	*ret_run = leaf_size - in_leaf;
	return 0;
}

static int x86_64_vtop(const struct kd_xlat *x, kd_vaddr_t addr, kd_paddr_t *ret,
		       uint64_t *ret_run)
{
	int r;

	r = walk(x, addr, ret, ret_run);
	if (r == 0)
		return 0;
	if (addr < START_KERNEL_MAP || addr - START_KERNEL_MAP >= x->image_size)
		return r;
	*ret = addr - START_KERNEL_MAP + x->phys_base;
	*ret_run = MIN((UINT64_C(1) << PAGE_SHIFT) - addr % (1 << PAGE_SHIFT),
		       x->image_size - (addr - START_KERNEL_MAP));
	return 0;
}

const struct kd_xlat_ops kd_xlat_x86_64 = {
	.init = x86_64_init,
	.vtop = x86_64_vtop,
};

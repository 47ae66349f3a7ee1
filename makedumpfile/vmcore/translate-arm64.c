/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * arm64 page tables (Arm ARM, D8.3 "Translation table descriptor formats";
 * arch/arm64/include/asm/pgtable-hwdef.h): pages of 4, 16 and 64 KiB, 2 to 5 levels,
 * blocks, physical addresses of 52 bits in either form. Pure: keys and entries in,
 * addresses out. Called through xlat.c.
 */
#include "makedumpfile/vmcore/translate.h"

#define ENTRY_VALID	 (UINT64_C(1) << 0)
#define ENTRY_TABLE	 (UINT64_C(1) << 1) /* a page in tables of the last level */
#define ENTRY_CONTIGUOUS (UINT64_C(1) << 52)

#define VA_BITS_MIN    32
#define VA_BITS_MAX    52
/* The image and the direct map each have a half of what 48 bits reach, whatever the
 * kernel could use (_PAGE_END(VA_BITS_MIN), arch/arm64/include/asm/memory.h). */
#define VA_BITS_HALVED 48U
/* Where the image ends is not exported. No symbol beyond this range counts as in it. */
#define IMAGE_SPAN     (UINT64_C(128) << 20)
#define IMAGE_ALIGN    (UINT64_C(2) << 20)

/* Where an entry keeps bits of the address that did not fit: kd_xlat.wide. */
enum {
	NARROW,	   /* 48 bits, all in place */
	WIDE_64K,  /* bits 51..48 in 15..12: pages of 64 KiB leave these free */
	WIDE_LPA2, /* bits 49..48 in place, 51..50 in 9..8, else the shareability */
};

static uint64_t bits(unsigned int high, unsigned int low)
{
	return (UINT64_MAX >> (63 - high)) & (UINT64_MAX << low);
}

/*
 * VA_BITS is what the kernel was built for, T1SZ what it found possible: 64K kernels
 * fall back from 52 to 48 bits without FEAT_LVA, 4K and 16K kernels without FEAT_LPA2
 * (early_map_kernel()). T1SZ is exported since 5.9.
 */
static int find_va_bits(const struct kd_vmcoreinfo *info, unsigned int *ret_built,
			unsigned int *ret_used, struct kd_error *err)
{
	int64_t built, t1sz, used;
	int r;

	r = kd_vmcoreinfo_number(info, "VA_BITS", &built);
	if (r < 0)
		return kd_fail_msg(err, r, "VMCOREINFO has no usable NUMBER(VA_BITS)");
	used = built;
	r = kd_vmcoreinfo_number(info, "TCR_EL1_T1SZ", &t1sz);
	if (r == 0)
		used = t1sz >= 0 && t1sz < 64 ? 64 - t1sz : 0;
	else if (r != -ENODATA)
		return kd_fail_msg(err, r, "NUMBER(TCR_EL1_T1SZ) is no number");
	if (used < VA_BITS_MIN || used > built || built > VA_BITS_MAX)
		return kd_fail_msg(err, -EBADMSG,
				   "%jd of %jd bits of virtual addresses make no sense",
				   (intmax_t)used, (intmax_t)built);
	*ret_built = (unsigned int)built;
	*ret_used = (unsigned int)used;
	return 0;
}

/*
 * Whether LPA2 is in use is not exported (TCR_EL1.DS), nor does MAX_PHYSMEM_BITS tell:
 * a kernel built for 52 bits uses the old form on a CPU without it. The width of
 * virtual addresses tells: without DS, T1SZ below 16 is an error with pages of 4 and
 * 16 KiB (Arm ARM, D8.2.8), and where DS is possible, the kernel sets both at once
 * (early_map_kernel(): va_bits > VA_BITS_MIN).
 */
static unsigned int find_form(unsigned int page_shift, unsigned int va_bits)
{
	if (page_shift == 16)
		return WIDE_64K;
	return va_bits > 48 ? WIDE_LPA2 : NARROW;
}

/* All of these are only needed where page tables are lost. */
static void find_linear(struct kd_xlat *x, const struct kd_vmcoreinfo *info,
			unsigned int built, kd_vaddr_t image)
{
	unsigned int half = MIN((unsigned int)x->va_bits, VA_BITS_HALVED) - 1;
	int64_t start;

	if (kd_vmcoreinfo_number(info, "PHYS_OFFSET", &start) < 0)
		return;
	x->phys_base = (uint64_t)start;
	if (image < UINT64_MAX << half) {
		/* before 5.4: the image below, the direct map in the upper half */
		x->linear = UINT64_MAX << half;
		x->linear_size = UINT64_C(1) << half;
		x->linear_offset = x->linear - x->phys_base;
		return;
	}
	x->linear = UINT64_MAX << x->va_bits;
	x->linear_size = (UINT64_MAX << half) - x->linear;
	/* since 5.11, commit 7bc1a0f9e176, PHYS_OFFSET counts from where memory would
	 * be mapped with all the bits that the kernel was built for: then it is below 0
	 * by more than the randomisation of the direct map can make it */
	if (built > x->va_bits && start < -(INT64_C(1) << VA_BITS_HALVED))
		x->linear_offset = (UINT64_MAX << built) - x->phys_base;
	else
		x->linear_offset = x->linear - x->phys_base;
}

static int find_image(struct kd_xlat *x, const struct kd_vmcoreinfo *info,
		      kd_vaddr_t *ret_root, struct kd_error *err)
{
	int64_t offset;
	int r;

	r = kd_vmcoreinfo_symbol(info, "swapper_pg_dir", ret_root);
	if (r < 0)
		return kd_fail_msg(err, r,
				   "VMCOREINFO has no usable SYMBOL(swapper_pg_dir)");
	r = kd_vmcoreinfo_number(info, "kimage_voffset", &offset);
	if (r < 0)
		return kd_fail_msg(err, r,
				   "VMCOREINFO has no usable NUMBER(kimage_voffset)");
	if (kd_vmcoreinfo_symbol(info, "_stext", &x->image) == 0) {
		x->image = kd_align_down(x->image, IMAGE_ALIGN);
		x->image_size = MIN(IMAGE_SPAN, UINT64_MAX - x->image);
	}
	x->image_offset = (uint64_t)offset;
	return 0;
}

/* Whether the tables say of their own top what vmcoreinfo says. */
static bool maps_itself(const struct kd_xlat *x, kd_vaddr_t root)
{
	struct kd_xlat tables = *x;
	kd_paddr_t paddr;

	tables.image_size = tables.linear_size = 0;
	return kd_xlat_vtop(&tables, root, &paddr, /* ret_run= */ NULL) == 0 &&
	       paddr == x->root;
}

static int arm64_init(struct kd_xlat *x, const struct kd_vmcoreinfo *info,
		      struct kd_error *err)
{
	unsigned int page_shift = (unsigned int)__builtin_ctz(x->memory->page_size);
	unsigned int built = 0, used = 0, top;
	kd_vaddr_t root;
	int r;

	if (page_shift != 12 && page_shift != 14 && page_shift != 16)
		return kd_fail_msg(err, -EBADMSG, "pages of %u bytes make no sense",
				   x->memory->page_size);
	r = find_va_bits(info, &built, &used, err);
	if (r < 0)
		return r;
	r = find_image(x, info, &root, err);
	if (r < 0)
		return r;
	x->va_bits = (uint8_t)used;
	x->wide = find_form(page_shift, used);
	kd_xlat_set_levels(x, page_shift, used);
	/* the top table has as many entries as the kernel was built for, and is used
	 * from its end with fewer bits */
	top = (unsigned int)x->shift[x->levels - 1] + page_shift - 3;
	x->shift[x->levels] = (uint8_t)MIN(top, built);
	x->root = root - x->image_offset;
	if (root < UINT64_MAX << used || x->root % 64)
		return kd_fail_msg(err, -EBADMSG, "page table at 0x%jx makes no sense",
				   (uintmax_t)root);
	find_linear(x, info, built, root);
	x->sound = maps_itself(x, root);
	return 0;
}

static kd_paddr_t entry_address(const struct kd_xlat *x, uint64_t value)
{
	unsigned int page_shift = x->shift[0];

	switch (x->wide) {
	case WIDE_LPA2:
		return (value & bits(49, page_shift)) | (value & bits(9, 8)) << 42;
	case WIDE_64K:
		return (value & bits(47, page_shift)) | (value & bits(15, 12)) << 36;
	default:
		return value & bits(47, page_shift);
	}
}

/* How many entries the contiguous bit joins, log2 (Arm ARM, D8.7.1; CONT_PTE_SHIFT and
 * CONT_PMD_SHIFT). */
static unsigned int contiguous_shift(unsigned int page_shift, unsigned int level)
{
	if (page_shift == 12)
		return 4;
	if (page_shift == 16)
		return 5;
	return level == 1 ? 7 : 5;
}

/* FEAT_LPA2 adds one more level of blocks to pages of 4 and 16 KiB, FEAT_LPA to those
 * of 64 KiB (Arm ARM, D8.3.1). */
static bool has_blocks(const struct kd_xlat *x, unsigned int level)
{
	bool small = x->shift[0] == 12;

	return level == 2 || (level == 3 && (small || x->wide != NARROW)) ||
	       (level == 4 && small && x->wide == WIDE_LPA2);
}

static int arm64_entry(const struct kd_xlat *x, unsigned int level, uint64_t value,
		       struct kd_entry *ret)
{
	if (!(value & ENTRY_VALID))
		return KD_ENTRY_NOTHING;
	ret->paddr = entry_address(x, value);
	if (level > 1 && (value & ENTRY_TABLE))
		return KD_ENTRY_TABLE;
	/* reserved: no page, and no block where none can be */
	if (level == 1 ? !(value & ENTRY_TABLE) : !has_blocks(x, level))
		return -EBADMSG;
	if ((value & ENTRY_CONTIGUOUS) && level <= 2)
		ret->run_shift = ret->shift + contiguous_shift(x->shift[0], level);
	return KD_ENTRY_LEAF;
}

const struct kd_xlat_ops kd_xlat_arm64 = {
	.init = arm64_init,
	.entry = arm64_entry,
};

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Page walks over memory of any bytes: they end, and what they say is consistent. The
 * first 16 bytes choose the address and the form of the tables, the rest is memory from
 * 0 on.
 */
#include <elf.h>
#include <string.h>

#include "makedumpfile/vmcore/xlat.h"
#include "tests/fuzz/fuzz.h"

struct bytes {
	struct kd_memory memory;
	const uint8_t *data;
};

static int bytes_read(const struct kd_memory *m, kd_paddr_t addr, void *buf, size_t size)
{
	memcpy(buf, ((const struct bytes *)m)->data + addr, size);
	return 0;
}

static const struct kd_memory_ops ops = { .read = bytes_read };

#define X86_64 "SYMBOL(swapper_pg_dir)=ffffffff80000000\nNUMBER(phys_base)=0\n"
/* in the upper half of all widths */
#define ARM64                                         \
	"SYMBOL(swapper_pg_dir)=fffffff080000000\n"   \
	"SYMBOL(_stext)=fffffff080010000\n"           \
	"NUMBER(kimage_voffset)=0xfffffff080000000\n" \
	"NUMBER(PHYS_OFFSET)=0\n"

#define RISCV64                                                              \
	"SYMBOL(swapper_pg_dir)=ffffffff80000000\nNUMBER(phys_ram_base)=0\n" \
	"NUMBER(va_kernel_pa_offset)=0xffffffff80000000\n"                   \
	"NUMBER(KERNEL_LINK_ADDR)=0xffffffff80000000\n"

/* The lowest bits of the second word choose; the first two are what the corpus had. */
static const struct {
	uint16_t machine;
	uint32_t page_size;
	const char *info;
} forms[] = {
	{ EM_X86_64, 4096, X86_64 "NUMBER(KERNEL_IMAGE_SIZE)=65536\n" },
	{ EM_X86_64, 4096,
	  X86_64 "NUMBER(KERNEL_IMAGE_SIZE)=65536\nNUMBER(pgtable_l5_enabled)=1\n" },
	{ EM_AARCH64, 4096, ARM64 "NUMBER(VA_BITS)=39\n" },
	{ EM_AARCH64, 4096, ARM64 "NUMBER(VA_BITS)=48\n" },
	{ EM_AARCH64, 4096, ARM64 "NUMBER(VA_BITS)=52\nNUMBER(TCR_EL1_T1SZ)=16\n" },
	{ EM_AARCH64, 4096, ARM64 "NUMBER(VA_BITS)=52\n" },
	{ EM_AARCH64, 16384, ARM64 "NUMBER(VA_BITS)=47\n" },
	{ EM_AARCH64, 16384, ARM64 "NUMBER(VA_BITS)=48\n" },
	{ EM_AARCH64, 16384, ARM64 "NUMBER(VA_BITS)=52\n" },
	{ EM_AARCH64, 65536, ARM64 "NUMBER(VA_BITS)=42\n" },
	{ EM_AARCH64, 65536, ARM64 "NUMBER(VA_BITS)=52\nNUMBER(TCR_EL1_T1SZ)=16\n" },
	{ EM_AARCH64, 65536, ARM64 "NUMBER(VA_BITS)=52\n" },
	{ EM_RISCV, 4096, RISCV64 "NUMBER(VA_BITS)=39\n" },
	{ EM_RISCV, 4096, RISCV64 "NUMBER(VA_BITS)=57\n" },
};

static void count(void *context, const struct kd_xlat_step *step)
{
	unsigned int *steps = context;

	if (++*steps > KD_XLAT_LEVELS || !step->name)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_(kd_vmcoreinfo_freep) struct kd_vmcoreinfo *info = NULL;
	size_t form;
	unsigned int steps = 0;
	uint64_t head[2], run;
	struct kd_extent extent;
	kd_paddr_t pa;
	struct kd_xlat x;
	char text[64];

	if (size <= sizeof(head))
		return 0;
	memcpy(head, data, sizeof(head));
	form = (head[1] & 15) % ARRAY_SIZE(forms);
	extent = (struct kd_extent) { 0, size - sizeof(head) };
	struct bytes b = { { &ops, &extent, 1, forms[form].page_size },
			   data + sizeof(head) };

	if (kd_vmcoreinfo_new(forms[form].info, strlen(forms[form].info), &info, NULL) <
		    0 ||
	    kd_xlat_init(&x, &b.memory, forms[form].machine, info, NULL) < 0)
		abort();
	x.enc_mask = head[1] & ~UINT64_C(15);
	/* riscv64 has leaves at all levels, to 256 TiB: nothing maps more than its table */
	if (kd_xlat_vtop(&x, head[0], &pa, &run) == 0 &&
	    (run == 0 || run > UINT64_C(1) << x.shift[x.levels] ||
	     (pa ^ head[0]) & (forms[form].page_size - 1)))
		abort();
	(void)kd_xlat_read(&x, head[0], text, sizeof(text));
	(void)kd_xlat_walk(&x, head[0], count, &steps);
	return 0;
}

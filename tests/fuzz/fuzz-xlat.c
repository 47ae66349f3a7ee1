/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Page walks over memory of any bytes: they end, and what they say is consistent. The
 * first 16 bytes choose the address and the paging mode, the rest is memory from 0 on.
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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char text[] =
		"SYMBOL(swapper_pg_dir)=ffffffff80000000\n"
		"NUMBER(phys_base)=0\nNUMBER(KERNEL_IMAGE_SIZE)=65536\n"
		"NUMBER(pgtable_l5_enabled)=0";
	_cleanup_(kd_vmcoreinfo_freep) struct kd_vmcoreinfo *info = NULL;
	uint64_t head[2], run;
	struct kd_extent extent;
	kd_paddr_t pa;
	struct kd_xlat x;
	char line[256];

	if (size <= sizeof(head))
		return 0;
	memcpy(head, data, sizeof(head));
	extent = (struct kd_extent) { 0, size - sizeof(head) };
	struct bytes b = { { &ops, &extent, 1, 4096 }, data + sizeof(head) };

	memcpy(line, text, sizeof(text));
	line[sizeof(text) - 2] = head[1] & 1 ? '1' : '0';
	if (kd_vmcoreinfo_new(line, strlen(line), &info, NULL) < 0 ||
	    kd_xlat_init(&x, &b.memory, EM_X86_64, info, NULL) < 0)
		abort();
	x.enc_mask = head[1] & ~UINT64_C(1);
	if (kd_xlat_vtop(&x, head[0], &pa, &run) == 0 &&
	    (run == 0 || run > UINT64_C(1) << 30 || (pa ^ head[0]) & 4095))
		abort();
	(void)kd_xlat_read(&x, head[0], line, sizeof(line));
	return 0;
}

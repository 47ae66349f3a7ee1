/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A symbol table of any bytes: what is read is found again, names end, nothing leaves
 * the table. The first 8 bytes choose where its parts are, the rest is memory.
 */
#include <elf.h>
#include <inttypes.h>
#include <string.h>

#include "makedumpfile/layout/kallsyms.h"
#include "tests/fuzz/fuzz.h"

#define BASE UINT64_C(0xffffffff80000000)

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

/* Every symbol is found by its name, at one address or another, and by both ways the
 * same one. */
static void walk(const struct kd_kallsyms *k)
{
	struct kd_kallsyms_entry e = { 0 };
	const char *const names[] = { e.name };
	char name[KD_KSYM_NAME_SIZE];
	kd_vaddr_t addr;

	for (unsigned int n = 0; n < 64 && kd_kallsyms_next(k, &e); n++) {
		if (strlen(e.name) >= KD_KSYM_NAME_SIZE)
			abort();
		if (*e.name && strlen(e.name) < KD_KSYM_NAME_SIZE - 1) {
			kd_vaddr_t same;
			bool found = false;

			kd_kallsyms_find_each(k, names, 1, &found, &same);
			if (kd_kallsyms_find(k, e.name, &addr) < 0 || !found ||
			    same != addr)
				abort();
		}
		if (kd_kallsyms_at(k, e.addr, name, NULL) < 0)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_(kd_vmcoreinfo_freep) struct kd_vmcoreinfo *info = NULL;
	_cleanup_(kd_kallsyms_freep) struct kd_kallsyms *k = NULL;
	struct kd_extent extent = { 0, size > 8 ? size - 8 : 0 };
	struct bytes b = { { &ops, &extent, 1, 4096 }, data + 8 };
	struct kd_xlat x;
	char text[512];
	int n;

	if (size <= 8 || size > 1U << 20)
		return 0;
	n = snprintf(
		text, sizeof(text),
		"SYMBOL(swapper_pg_dir)=ffffffffbffff000\nNUMBER(phys_base)=0\n"
		"SYMBOL(_stext)=%" PRIx64 "\nSYMBOL(kallsyms_num_syms)=%" PRIx64 "\n"
		"SYMBOL(kallsyms_names)=%" PRIx64 "\nSYMBOL(kallsyms_offsets)=%" PRIx64
		"\nSYMBOL(kallsyms_token_index)=%" PRIx64 "\n"
		"SYMBOL(kallsyms_token_table)=%" PRIx64 "\n%s%" PRIx64 "\n",
		BASE + data[0], BASE + data[1], BASE + data[2], BASE + data[3],
		BASE + 4U * data[4], BASE + 4U * data[5],
		data[7] & 1 ? "SYMBOL(kallsyms_relative_base)=" : "X=", BASE + data[6]);
	if (kd_vmcoreinfo_new(text, (size_t)n, &info, NULL) < 0 ||
	    kd_xlat_init(&x, &b.memory, EM_X86_64, info, NULL) < 0)
		abort();
	if (kd_kallsyms_new(&x, info, &k, NULL) == 0)
		walk(k);
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vmcore/translate-riscv64 by hand-made entries: what vmcoreinfo says, leaves of each
 * size, entries that make no sense, tables that are lost.
 */
#include <elf.h>

#include "tests/unit/test.h"
#include "tests/unit/words.h"

#define ROOT   0x10000 /* swapper_pg_dir, physical */
#define START  UINT64_C(0xffffffd600000000)
#define KERNEL UINT64_C(0xffffffff80000000)
#define IMAGE                                              \
	"SYMBOL(swapper_pg_dir)=ffffffff80010000\n"        \
	"NUMBER(va_kernel_pa_offset)=0xffffffff80000000\n" \
	"NUMBER(KERNEL_LINK_ADDR)=0xffffffff80000000\n"    \
	"NUMBER(phys_ram_base)=2147483648\n"
#define SV39 "NUMBER(VA_BITS)=39\n"
#define SV48 "NUMBER(VA_BITS)=48\n"
#define SV57 "NUMBER(VA_BITS)=57\n"

#define MIB (UINT64_C(1) << 20)
#define GIB (UINT64_C(1) << 30)

static int start(struct words *w, const char *info, struct kd_xlat *ret)
{
	return words_start(w, EM_RISCV, 56, info, ret);
}

static void keys(struct test *t)
{
	static const struct {
		const char *text;
		int r;
		unsigned int levels;
	} table[] = {
		{ SV39 IMAGE, 0, 3 },
		{ SV48 IMAGE, 0, 4 },
		{ SV57 IMAGE, 0, 5 },
		{ IMAGE, -ENODATA, 0 },
		{ SV39 IMAGE "NUMBER(VA_BITS)=40\n", -EBADMSG, 0 },
		{ SV39 IMAGE "NUMBER(va_kernel_pa_offset)=x\n", -EBADMSG, 0 },
		{ SV39 IMAGE "SYMBOL(swapper_pg_dir)=ffffffff80010008\n", -EBADMSG, 0 },
		{ SV39 "NUMBER(va_kernel_pa_offset)=1\n", -ENODATA, 0 },
		{ SV39 "SYMBOL(swapper_pg_dir)=ffffffff80010000\n", -ENODATA, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		struct words w = { 0 };
		struct kd_xlat x = { 0 };
		int r = start(&w, table[i].text, &x);

		if (r != table[i].r)
			test_failed(t, __FILE__, __LINE__, "row %zu: %d", i, r);
		if (r < 0)
			continue;
		CHECK_INT(t, x.root, ROOT);
		CHECK_INT(t, x.levels, table[i].levels);
		CHECK_INT(t, x.phys_base, 2 * GIB);
	}
}

/* 0xffffffd600000000 in three levels is entry 344 of the top table, 0 of the others. */
static void entries(struct test *t)
{
	static const struct {
		unsigned int level;
		uint64_t value;
		int r;
		kd_paddr_t paddr;
		uint64_t run;
	} table[] = {
		/* PPN is 53..10; memory types and accessed, dirty, global around it */
		{ 1, UINT64_C(0x60200000200000e7), 0, 0x80000080000000, 4096 },
		{ 1, 0x200000cb, 0, 0x80000000, 4096 },
		{ 1, UINT64_C(0x80000000200020e7), 0, 0x80000000, 65536 },
		{ 2, 0x200800e7, 0, 0x80200000, 2 * MIB },
		{ 3, 0x200000e7, 0, 0x80000000, GIB },
		{ 1, 0x200000e6, -EFAULT, 0, 0 },
		{ 1, 0x20000001, -EBADMSG, 0, 0 }, /* a table below the last */
		{ 2, 0x20000005, -EBADMSG, 0, 0 }, /* writable only */
	};

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		struct words w = { 0 };
		struct kd_xlat x = { 0 };
		kd_paddr_t paddr = 0;
		uint64_t run = 0;
		int r;

		CHECK_INT(t, start(&w, SV39 IMAGE, &x), 0);
		for (unsigned int level = 3; level >= table[i].level; level--) {
			kd_paddr_t next = ROOT * (5 - level);

			w.word[w.n].at = ROOT * (4 - level) + (level == 3 ? 344 * 8 : 0);
			w.word[w.n++].value = level == table[i].level ? table[i].value
								      : next >> 2 | 1;
		}
		r = kd_xlat_vtop(&x, START, &paddr, &run);
		if (r != table[i].r || paddr != table[i].paddr || run != table[i].run)
			test_failed(t, __FILE__, __LINE__, "row %zu: %d, 0x%jx + 0x%jx",
				    i, r, (uintmax_t)paddr, (uintmax_t)run);
	}
}

static void lost_tables(struct test *t)
{
	struct words w = { 0 };
	kd_paddr_t paddr = 0;
	struct kd_xlat x;

	CHECK_INT(t, start(&w, SV39 IMAGE, &x), 0);
	CHECK_INT(t, kd_xlat_vtop(&x, KERNEL + 0x1234, &paddr, NULL), 0);
	CHECK_INT(t, paddr, 0x1234);
	CHECK_INT(t, kd_xlat_vtop(&x, START, &paddr, NULL), -EFAULT);
}

static const struct test_case cases[] = {
	{ "what vmcoreinfo says", keys },
	{ "entries of every kind", entries },
	{ "without page tables", lost_tables },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vmcore/translate-arm64 by hand-made entries: what vmcoreinfo says, where address bits
 * are kept, runs, blocks, entries that make no sense, tables that are lost, the trace.
 */
#include <elf.h>

#include "tests/unit/test.h"
#include "tests/unit/words.h"

#define KIMAGE UINT64_C(0xffff800080000000)
#define ROOT   0x10000 /* swapper_pg_dir, physical */
#define LPA2   "PAGESIZE=4096\nNUMBER(VA_BITS)=52\nNUMBER(TCR_EL1_T1SZ)=0xc\n"
#define SMALL  "PAGESIZE=4096\nNUMBER(VA_BITS)=48\nNUMBER(TCR_EL1_T1SZ)=0x10\n"
#define MIDDLE "PAGESIZE=16384\nNUMBER(VA_BITS)=47\nNUMBER(TCR_EL1_T1SZ)=0x11\n"
#define LARGE  "PAGESIZE=65536\nNUMBER(VA_BITS)=52\nNUMBER(TCR_EL1_T1SZ)=0xc\n"
#define IMAGE                                                                        \
	"SYMBOL(swapper_pg_dir)=ffff800081010000\nSYMBOL(_stext)=ffff800080010000\n" \
	"NUMBER(kimage_voffset)=0xffff800081000000\nNUMBER(PHYS_OFFSET)=0x40000000\n"

#define MIB   (UINT64_C(1) << 20)
#define GIB   (UINT64_C(1) << 30)
#define PAGE  3 /* a page, or a table */
#define BLOCK 1
#define CONT  (UINT64_C(1) << 52)

static int start(struct words *w, const char *info, struct kd_xlat *ret)
{
	return words_start(w, EM_AARCH64, 52, info, ret);
}

static const struct {
	const char *text;
	int r;
	unsigned int levels, top;
	uint64_t linear, linear_size;
} said_table[] = {
	{ SMALL IMAGE, 0, 4, 48, UINT64_MAX << 48, UINT64_C(1) << 47 },
	{ LPA2 IMAGE, 0, 5, 52, UINT64_MAX << 52,
	  (UINT64_C(1) << 52) - (UINT64_C(1) << 47) },
	/* built for 52 bits, a CPU without: one level less, 4K and 16K */
	{ LPA2 "NUMBER(TCR_EL1_T1SZ)=0x10\n" IMAGE, 0, 4, 48, UINT64_MAX << 48,
	  UINT64_C(1) << 47 },
	/* the same with 64K: as many levels, the end of a large top table */
	{ LARGE "NUMBER(TCR_EL1_T1SZ)=0x10\n" IMAGE, 0, 3, 52, UINT64_MAX << 48,
	  UINT64_C(1) << 47 },
	{ LARGE IMAGE, 0, 3, 52, UINT64_MAX << 52,
	  (UINT64_C(1) << 52) - (UINT64_C(1) << 47) },
	{ MIDDLE IMAGE "SYMBOL(swapper_pg_dir)=ffffc00081010000\n"
		       "NUMBER(kimage_voffset)=0xffffc00081000000\n",
	  0, 3, 47, UINT64_MAX << 47, UINT64_C(1) << 46 },
	/* before 5.9 T1SZ was not told, before 5.4 the halves were swapped */
	{ "NUMBER(VA_BITS)=48\n" IMAGE "SYMBOL(swapper_pg_dir)=ffff000081010000\n"
	  "NUMBER(kimage_voffset)=0xffff000081000000\n",
	  0, 4, 48, UINT64_MAX << 47, UINT64_C(1) << 47 },
	{ "NUMBER(VA_BITS)=39\n" IMAGE "SYMBOL(swapper_pg_dir)=ffffffc081010000\n"
	  "NUMBER(kimage_voffset)=0xffffffc081000000\n",
	  0, 3, 39, UINT64_MAX << 39, UINT64_C(1) << 38 },
	{ IMAGE, -ENODATA, 0, 0, 0, 0 },
	{ "NUMBER(VA_BITS)=x\n" IMAGE, -EBADMSG, 0, 0, 0, 0 },
	{ SMALL "NUMBER(TCR_EL1_T1SZ)=x\n" IMAGE, -EBADMSG, 0, 0, 0, 0 },
	{ SMALL "NUMBER(TCR_EL1_T1SZ)=-1\n" IMAGE, -EBADMSG, 0, 0, 0, 0 },
	{ SMALL "NUMBER(TCR_EL1_T1SZ)=12\n" IMAGE, -EBADMSG, 0, 0, 0, 0 },
	{ SMALL "NUMBER(VA_BITS)=64\n" IMAGE, -EBADMSG, 0, 0, 0, 0 },
	{ SMALL IMAGE "PAGESIZE=8192\n", -EBADMSG, 0, 0, 0, 0 },
	{ SMALL IMAGE "SYMBOL(swapper_pg_dir)=81010000\n", -EBADMSG, 0, 0, 0, 0 },
	{ SMALL IMAGE "SYMBOL(swapper_pg_dir)=ffff800081010008\n", -EBADMSG, 0, 0, 0, 0 },
	{ SMALL "SYMBOL(swapper_pg_dir)=ffff800081010000\n", -ENODATA, 0, 0, 0, 0 },
	{ SMALL "NUMBER(kimage_voffset)=1\n", -ENODATA, 0, 0, 0, 0 },
};

static void keys(struct test *t)
{
	for (size_t i = 0; i < ARRAY_SIZE(said_table); i++) {
		struct words w = { 0 };
		struct kd_xlat x = { 0 };
		int r = start(&w, said_table[i].text, &x);

		if (r != said_table[i].r)
			test_failed(t, __FILE__, __LINE__, "row %zu: %d", i, r);
		if (r < 0 || said_table[i].r < 0)
			continue;
		CHECK_INT(t, x.root, ROOT);
		CHECK_INT(t, x.levels, said_table[i].levels);
		CHECK_INT(t, x.shift[x.levels], said_table[i].top);
		CHECK_INT(t, x.linear, said_table[i].linear);
		CHECK_INT(t, x.linear_size, said_table[i].linear_size);
		CHECK_INT(t, x.phys_base, GIB);
	}
}

/* One entry, reached by tables at 0x20000, 0x30000 … for the lowest kernel address. */
static int at_level(struct words *w, const char *info, unsigned int level, uint64_t value,
		    struct kd_xlat *ret)
{
	unsigned int n;
	int r = start(w, info, ret);

	if (r < 0)
		return r;
	n = ret->levels;
	w->n = 0;
	for (unsigned int i = n; i >= level; i--) {
		w->word[w->n].at = ROOT * (n - i + 1);
		w->word[w->n++].value = i == level ? value : ROOT * (n - i + 2) | PAGE;
	}
	ret->linear_size = 0;
	return 0;
}

static const struct {
	const char *info;
	unsigned int level;
	uint64_t value;
	int r;
	kd_paddr_t paddr;
	uint64_t run;
} entry_table[] = {
	/* a page: all bits that may be an address, and all that may not */
	{ SMALL, 1, UINT64_C(0x0000fffffffff703), 0, 0xfffffffff000, 4096 },
	{ SMALL, 1, UINT64_C(0xffe0000000000fff), 0, 0, 4096 },
	/* Arm ARM, D8.3: [49:12] in place, [9:8] are 51:50 */
	{ LPA2, 1, UINT64_C(0x0003fffffffff003), 0, 0x3fffffffff000, 4096 },
	{ LPA2, 1, UINT64_C(0x0000000000000103), 0, 0x4000000000000, 4096 },
	{ LPA2, 1, UINT64_C(0x0000000000000203), 0, 0x8000000000000, 4096 },
	{ LPA2, 1, UINT64_C(0x0000000000000c03), 0, 0, 4096 },
	/* the same entries with 48 bits: shareability */
	{ SMALL, 1, UINT64_C(0x0000000000000303), 0, 0, 4096 },
	/* Arm ARM, D8.3: [47:16] in place, [15:12] are 51:48 */
	{ LARGE, 1, UINT64_C(0x0000ffffffff0003), 0, 0xffffffff0000, 65536 },
	{ LARGE, 1, UINT64_C(0x000000000000f303), 0, 0xf000000000000, 65536 },
	{ MIDDLE, 1, UINT64_C(0x0000ffffffffc003), 0, 0xffffffffc000, 16384 },
	/* blocks */
	{ SMALL, 2, 0x40200000 | BLOCK, 0, 0x40200000, 2 * MIB },
	{ SMALL, 3, 0x40000000 | BLOCK, 0, 0x40000000, GIB },
	{ SMALL, 4, BLOCK, -EBADMSG, 0, 0 },
	{ LPA2, 4, UINT64_C(0x8000000000) | BLOCK, 0, 0x8000000000, 512 * GIB },
	{ LPA2, 5, BLOCK, -EBADMSG, 0, 0 },
	{ MIDDLE, 2, 0x42000000 | BLOCK, 0, 0x42000000, 32 * MIB },
	{ MIDDLE, 3, BLOCK, -EBADMSG, 0, 0 },
	{ LARGE, 2, 0x40000000 | BLOCK, 0, 0x40000000, 512 * MIB },
	{ LARGE, 3, 0xf000 | BLOCK, 0, 0xf000000000000, 4096 * GIB },
	/* contiguous */
	{ SMALL, 1, CONT | 0x40000000 | PAGE, 0, 0x40000000, 65536 },
	{ SMALL, 2, CONT | 0x40000000 | BLOCK, 0, 0x40000000, 32 * MIB },
	{ SMALL, 3, CONT | 0x40000000 | BLOCK, 0, 0x40000000, GIB },
	{ MIDDLE, 1, CONT | 0x40000000 | PAGE, 0, 0x40000000, 2 * MIB },
	{ MIDDLE, 2, CONT | 0x40000000 | BLOCK, 0, 0x40000000, GIB },
	{ LARGE, 1, CONT | 0x40000000 | PAGE, 0, 0x40000000, 2 * MIB },
	{ LARGE, 2, CONT | 0x40000000 | BLOCK, 0, 0x40000000, 16 * GIB },
	/* nothing, and what can be nothing */
	{ SMALL, 1, 0, -EFAULT, 0, 0 },
	{ SMALL, 1, 0x40000002, -EFAULT, 0, 0 },
	{ SMALL, 1, 0x40000001, -EBADMSG, 0, 0 },
};

static void entries(struct test *t)
{
	for (size_t i = 0; i < ARRAY_SIZE(entry_table); i++) {
		struct words w = { 0 };
		struct kd_xlat x = { 0 };
		kd_paddr_t paddr = 0;
		char info[1024];
		uint64_t run = 0;
		int r;

		(void)snprintf(info, sizeof(info), "%s" IMAGE, entry_table[i].info);
		r = at_level(&w, info, entry_table[i].level, entry_table[i].value, &x);
		CHECK_INT(t, r, 0);
		r = kd_xlat_vtop(&x, UINT64_MAX << x.va_bits, &paddr, &run);
		if (r != entry_table[i].r || paddr != entry_table[i].paddr ||
		    run != entry_table[i].run)
			test_failed(t, __FILE__, __LINE__, "row %zu: %d, 0x%jx + 0x%jx",
				    i, r, (uintmax_t)paddr, (uintmax_t)run);
	}
}

/* Where in a run an address is counts, too; the user's half is not ours. */
static void within(struct test *t)
{
	struct words w = { 0 };
	kd_paddr_t paddr = 0;
	struct kd_xlat x;
	uint64_t run;

	CHECK_INT(t, at_level(&w, SMALL IMAGE, 1, CONT | 0x40000000 | PAGE, &x), 0);
	CHECK_INT(t, kd_xlat_vtop(&x, (UINT64_MAX << 48) + 0x123, &paddr, &run), 0);
	CHECK_INT(t, paddr, 0x40000123);
	CHECK_INT(t, run, 0x10000 - 0x123);
	CHECK_INT(t, kd_xlat_vtop(&x, 0x123, &paddr, &run), -EFAULT);
	CHECK_INT(t, kd_xlat_vtop(&x, (UINT64_MAX << 48) - 1, &paddr, &run), -EFAULT);
	CHECK_INT(t, kd_xlat_vtop(&x, UINT64_MAX, &paddr, &run), -EFAULT);
}

static void lost_tables(struct test *t)
{
	static const struct {
		const char *text;
		kd_vaddr_t addr;
		int r;
		kd_paddr_t paddr;
	} table[] = {
		{ SMALL IMAGE, KIMAGE + 0x1234567, 0, 0x234567 },
		{ SMALL IMAGE, UINT64_C(0xffff000000001000), 0, 0x40001000 },
		{ SMALL IMAGE, UINT64_C(0xffff7fffffffffff), 0, 0x80003fffffff },
		{ SMALL IMAGE, UINT64_C(0xffffffff00000000), -EFAULT, 0 },
		/* halves swapped */
		{ "NUMBER(VA_BITS)=48\n" IMAGE "SYMBOL(swapper_pg_dir)=ffff000081010000\n"
		  "SYMBOL(_stext)=ffff000080010000\n"
		  "NUMBER(kimage_voffset)=0xffff000081000000\n",
		  UINT64_C(0xffff800000001000), 0, 0x40001000 },
		/* 64K with 52 bits on 48: counted from either start */
		{ LARGE "NUMBER(TCR_EL1_T1SZ)=0x10\n" IMAGE, UINT64_C(0xffff000000010000),
		  0, 0x40010000 },
		{ LARGE "NUMBER(TCR_EL1_T1SZ)=0x10\n" IMAGE
			"NUMBER(PHYS_OFFSET)=0xfff1000040000000\n",
		  UINT64_C(0xffff000000010000), 0, 0x40010000 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		struct words w = { 0 };
		struct kd_xlat x = { 0 };
		kd_paddr_t paddr = 0;
		int r;

		CHECK_INT(t, start(&w, table[i].text, &x), 0);
		CHECK(t, !x.sound);
		r = kd_xlat_vtop(&x, table[i].addr, &paddr, NULL);
		if (r != table[i].r || paddr != table[i].paddr)
			test_failed(t, __FILE__, __LINE__, "row %zu: %d, 0x%jx", i, r,
				    (uintmax_t)paddr);
	}
}

/* Tables that are not lost are believed: what they do not map is not mapped. */
static void sound_tables(struct test *t)
{
	struct words w = {
		.n = 3,
		/* KIMAGE + 16 MiB is physical 0: PGD 256, PUD 2, PMD 8 */
		.word = { { ROOT + 256 * 8, 0x20000 | PAGE },
			  { 0x20000 + 2 * 8, 0x30000 | PAGE },
			  { 0x30000 + 8 * 8, BLOCK } },
	};
	kd_paddr_t paddr;
	struct kd_xlat x;

	CHECK_INT(t, start(&w, SMALL IMAGE, &x), 0);
	CHECK(t, x.sound);
	CHECK_INT(t, kd_xlat_vtop(&x, KIMAGE + 16 * MIB, &paddr, NULL), 0);
	CHECK_INT(t, paddr, 0);
	CHECK_INT(t, kd_xlat_vtop(&x, KIMAGE + 32 * MIB, &paddr, NULL), -EFAULT);
	CHECK_INT(t, kd_xlat_vtop(&x, UINT64_MAX << 48, &paddr, NULL), -EFAULT);
	/* an entry that is damaged is no statement */
	w.word[2].value = 0;
	w.word[w.n].at = ROOT;
	w.word[w.n++].value = BLOCK;
	CHECK_INT(t, kd_xlat_vtop(&x, UINT64_MAX << 48, &paddr, NULL), 0);
	CHECK_INT(t, paddr, GIB);
}

struct seen {
	size_t n;
	struct kd_xlat_step steps[8];
};

static void see(void *context, const struct kd_xlat_step *step)
{
	struct seen *s = context;

	if (s->n < ARRAY_SIZE(s->steps))
		s->steps[s->n++] = *step;
}

static void trace(struct test *t)
{
	struct words w = { 0 };
	struct seen s = { 0 };
	struct kd_xlat x;

	CHECK_INT(t, at_level(&w, SMALL IMAGE, 2, 0x40200000 | BLOCK, &x), 0);
	CHECK_INT(t, kd_xlat_walk(&x, (UINT64_MAX << 48) + 5, see, &s), 0);
	CHECK_INT(t, s.n, 3);
	CHECK_STR(t, s.steps[0].name, "PGD");
	CHECK_INT(t, s.steps[0].entry, ROOT);
	CHECK_INT(t, s.steps[0].value, 0x20000 | PAGE);
	CHECK_INT(t, s.steps[0].paddr, 0x20000);
	CHECK_INT(t, s.steps[0].leaf_size, 0);
	CHECK_STR(t, s.steps[1].name, "PUD");
	CHECK_STR(t, s.steps[2].name, "PMD");
	CHECK_INT(t, s.steps[2].paddr, 0x40200000);
	CHECK_INT(t, s.steps[2].leaf_size, 2 * MIB);

	s.n = 0;
	CHECK_INT(t, kd_xlat_walk(&x, UINT64_MAX, see, &s), -EFAULT);
	CHECK_INT(t, s.n, 1);
	CHECK_INT(t, s.steps[0].entry, ROOT + 511 * 8);
	CHECK_INT(t, s.steps[0].paddr, 0);
	CHECK_INT(t, kd_xlat_walk(&x, UINT64_MAX << 48, /* visit= */ NULL, NULL), 0);
}

static const struct test_case cases[] = {
	{ "what vmcoreinfo says", keys },
	{ "entries of every kind", entries },
	{ "inside a run", within },
	{ "without page tables", lost_tables },
	{ "page tables that can be believed", sound_tables },
	{ "the trace of a walk", trace },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}

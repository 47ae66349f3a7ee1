/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vmcore/xlat on synthetic machines: 4 and 5 levels, leaves of each size, SME, a moved
 * kernel, and tables that are damaged.
 */
#include "makedumpfile/vmcore/xlat.h"

#include <elf.h>
#include <fcntl.h>

#include "tests/tools/mkvmcore/mkvmcore.h"
#include "tests/unit/test.h"

#define TEXT	 UINT64_C(0xffffffff80000000)
#define DIRECT_4 UINT64_C(0xffff888000000000)
#define DIRECT_5 UINT64_C(0xff11000000000000)
#define VMEMMAP	 UINT64_C(0xffffea0000000000)
#define MIB	 (UINT64_C(1) << 20)

#define MACHINE "@ram start=0x100000 size=63M\n@data addr=0x2000000 text=here\n"

/** A core opened from a script, and its translation. */
struct machine {
	int fd;
	struct kd_vmcore *core;
	struct kd_xlat xlat;
	int r;
};

static void machine_init(struct machine *m, struct test *t, const char *script)
{
	struct kd_error err = { 0 };
	char path[32];

	*m = (struct machine) { .r = -EINVAL };
	m->fd = mkvmcore_memfd(script, path, sizeof(path), &err);
	if (m->fd < 0 || kd_vmcore_open_at(AT_FDCWD, path, &m->core, &err) < 0) {
		test_failed(t, __FILE__, __LINE__, "%s", err.message);
		return;
	}
	m->r = kd_xlat_init(&m->xlat, kd_vmcore_memory(m->core),
			    kd_vmcore_machine(m->core),
			    kd_vmcore_info(m->core, NULL, NULL), &err);
}

static void machine_done(struct machine *m)
{
	kd_vmcore_free(m->core);
	kd_close(m->fd);
}

static void check(struct test *t, const struct machine *m, kd_vaddr_t addr,
		  kd_paddr_t want, uint64_t want_run)
{
	kd_paddr_t got = 0;
	uint64_t run = 0;

	CHECK_INT(t, m->r, 0);
	if (m->r < 0)
		return;
	CHECK_INT(t, kd_xlat_vtop(&m->xlat, addr, &got, &run), 0);
	CHECK_INT(t, got, want);
	CHECK_INT(t, run, want_run);
	CHECK_INT(t, kd_xlat_vtop(&m->xlat, addr, &got, NULL), 0);
}

static void check_fails(struct test *t, const struct machine *m, kd_vaddr_t addr,
			int want)
{
	kd_paddr_t got = 7;

	CHECK_INT(t, m->r, 0);
	if (m->r < 0)
		return;
	CHECK_INT(t, kd_xlat_vtop(&m->xlat, addr, &got, NULL), want);
	CHECK_INT(t, got, 7);
}

static void four_levels(struct test *t)
{
	char text[5] = "";
	struct machine m;

	machine_init(&m, t, "@core preset=6.1\n" MACHINE);
	check(t, &m, TEXT + 0x1000000, 0x1000000, 2 * MIB);
	check(t, &m, TEXT + 0x1234567, 0x1234567, 0x1400000 - 0x1234567);
	check(t, &m, DIRECT_4 + 0x2000000, 0x2000000, 2 * MIB);
	check(t, &m, DIRECT_4 + 0x1fffff, 0x1fffff, 1);
	check_fails(t, &m, DIRECT_4 + 0x10000000, -EFAULT);
	check_fails(t, &m, 0, -EFAULT);
	check_fails(t, &m, UINT64_C(0x0000800000000000), -EFAULT);
	check_fails(t, &m, UINT64_C(0xffff7fffffffffff), -EFAULT);
	check_fails(t, &m, UINT64_MAX, -EFAULT);
	CHECK_INT(t, m.xlat.levels, 4);
	CHECK_INT(t, kd_xlat_read(&m.xlat, DIRECT_4 + 0x2000000, text, 4), 0);
	CHECK_STR(t, text, "here");
	machine_done(&m);
}

static void five_levels(struct test *t)
{
	struct machine m;

	machine_init(&m, t, "@core preset=7.1 levels=5\n" MACHINE);
	check(t, &m, TEXT + 0x1000000, 0x1000000, 2 * MIB);
	check(t, &m, DIRECT_5 + 0x2000000, 0x2000000, 2 * MIB);
	check_fails(t, &m, UINT64_C(0xfeffffffffffffff), -EFAULT);
	CHECK_INT(t, m.xlat.levels, 5);
	machine_done(&m);
}

static void all_leaf_sizes(struct test *t)
{
	struct machine m;

	machine_init(&m, t,
		     "@core preset=6.12 vmemmap=4k\n@ram start=1G size=1G\n" MACHINE);
	check(t, &m, DIRECT_4 + 0x40001000, 0x40001000, 0x3ffff000);
	check(t, &m, DIRECT_4 + 0x1000, 0x1000, 2 * MIB - 0x1000);
	CHECK_INT(t, m.r, 0);
	if (m.r == 0) {
		uint64_t run = 0;
		kd_paddr_t pa;

		CHECK_INT(t, kd_xlat_vtop(&m.xlat, VMEMMAP + 0x40, &pa, &run), 0);
		CHECK_INT(t, run, 4096 - 0x40);
	}
	machine_done(&m);
}

/* A KASLR'd kernel lies below where it is linked: phys_base is negative then. */
static void moved_kernel(struct test *t)
{
	struct machine m;

	machine_init(&m, t, "@core preset=6.12 phys_base=-0x30000000\n" MACHINE);
	check(t, &m, TEXT + 0x31000000, 0x1000000, 2 * MIB);
	machine_done(&m);
}

/* sme_mask says which of an entry's address bits are none. */
static void encrypted(struct test *t)
{
	struct machine m;

	machine_init(&m, t,
		     "@core preset=6.12\n" MACHINE
		     "@info NUMBER(sme_mask)=140737488355328\n"
		     /* PGD slot of the direct map: bit 47 set, still the same table */
		     "@data addr=0x1000888 u64=0x800001001067\n");
	check(t, &m, DIRECT_4 + 0x2000000, 0x2000000, 2 * MIB);
	machine_done(&m);
	machine_init(&m, t,
		     "@core preset=6.12\n" MACHINE
		     "@data addr=0x1000888 u64=0x800001001067\n");
	check_fails(t, &m, DIRECT_4 + 0x2000000, -ENXIO);
	machine_done(&m);
}

static void damaged_tables(struct test *t)
{
	static const struct {
		const char *entry;
		int r;
	} table[] = {
		{ "0", -EFAULT },	      /* lost */
		{ "0x1001066", -EFAULT },     /* not present */
		{ "0xfffffffff067", -ENXIO }, /* outside RAM */
		{ "0x10010e7", -EBADMSG },    /* a leaf where none can be */
		{ "0x2001067", -EFAULT },     /* somewhere else, zeros */
	};

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		char script[256];
		struct machine m;

		(void)snprintf(script, sizeof(script),
			       "@core preset=6.1\n" MACHINE
			       "@data addr=0x1000888 u64=%s\n",
			       table[i].entry);
		machine_init(&m, t, script);
		check_fails(t, &m, DIRECT_4 + 0x2000000, table[i].r);
		/* the kernel image needs no tables */
		check(t, &m, TEXT + 0x1000000, 0x1000000, 2 * MIB);
		machine_done(&m);
	}
}

static void image_without_tables(struct test *t)
{
	struct machine m;

	/* the top table is elsewhere, and empty */
	machine_init(&m, t,
		     "@core preset=6.1\n" MACHINE "@info NUMBER(KERNEL_IMAGE_SIZE)="
		     "536870912\n@info SYMBOL(swapper_pg_dir)=ffffffff82000000\n");
	check(t, &m, TEXT + 0x1234567, 0x1234567, 0x1235000 - 0x1234567);
	check(t, &m, TEXT + 0x1fffffff, 0x1fffffff, 1);
	check_fails(t, &m, TEXT + 0x20000000, -EFAULT);
	check_fails(t, &m, DIRECT_4, -EFAULT);
	machine_done(&m);
}

static void missing_keys(struct test *t)
{
	static const struct {
		const char *line;
		int r;
	} table[] = {
		{ "@info -SYMBOL(swapper_pg_dir)\n", 0 }, /* init_top_pgt serves */
		{ "@info -SYMBOL(swapper_pg_dir)\n@info -SYMBOL(init_top_pgt)\n",
		  -ENODATA },
		{ "@info -NUMBER(phys_base)\n", -ENODATA },
		{ "@info NUMBER(phys_base)=here\n", -EBADMSG },
		{ "@info SYMBOL(swapper_pg_dir)=ffffffff81000010\n", -EBADMSG },
		{ "@info SYMBOL(swapper_pg_dir)=ffff888001000000\n", -EBADMSG },
		{ "@info -NUMBER(pgtable_l5_enabled)\n@info -NUMBER(sme_mask)\n", 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		char script[256];
		struct machine m;

		(void)snprintf(script, sizeof(script), "@core preset=6.1\n" MACHINE "%s",
			       table[i].line);
		machine_init(&m, t, script);
		CHECK_INT(t, m.r, table[i].r);
		machine_done(&m);
	}
}

static void other_machines(struct test *t)
{
	_cleanup_(kd_vmcoreinfo_freep) struct kd_vmcoreinfo *info = NULL;
	struct kd_memory memory = { 0 };
	struct kd_error err = { 0 };
	struct kd_xlat x;

	CHECK_INT(t, kd_vmcoreinfo_new("A=1", 3, &info, NULL), 0);
	CHECK_INT(t, kd_xlat_init(&x, &memory, EM_S390, info, &err), -ENOTSUP);
	CHECK_STR(t, err.message, "page tables of ELF machine 22 are not supported");
}

static void reads_across_pages(struct test *t)
{
	char buf[8] = "";
	struct machine m;

	machine_init(&m, t,
		     "@core preset=6.1\n@ram start=0x100000 size=63M\n"
		     "@data addr=0x1ffffe text=ab\n@data addr=0x200000 text=cd\n");
	if (m.r == 0) {
		CHECK_INT(t, kd_xlat_read(&m.xlat, DIRECT_4 + 0x1ffffe, buf, 4), 0);
		CHECK_STR(t, buf, "abcd");
		CHECK_INT(t, kd_xlat_read(&m.xlat, DIRECT_4 + 0x3fffffe, buf, 4),
			  -EFAULT);
		/* mapped, but no RAM there */
		CHECK_INT(t, kd_xlat_read(&m.xlat, DIRECT_4 + 0x1000, buf, 4), -ENXIO);
	}
	machine_done(&m);
}

static const struct test_case cases[] = {
	{ "four levels", four_levels },
	{ "five levels", five_levels },
	{ "leaves of 4 KiB, 2 MiB and 1 GiB", all_leaf_sizes },
	{ "a kernel below its link address", moved_kernel },
	{ "an encryption bit among the address bits", encrypted },
	{ "damaged tables", damaged_tables },
	{ "the kernel image without tables", image_without_tables },
	{ "missing keys are named", missing_keys },
	{ "other machines", other_machines },
	{ "reading across pages and into nothing", reads_across_pages },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}

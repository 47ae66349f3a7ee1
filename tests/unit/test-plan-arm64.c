/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where an arm64 load's segments come to lie, for machines and kernels in a table, and
 * that tree, header and trampoline name those places.
 */
#include <elf.h>

#include "kexec/plan/plan.h"
#include "kexec/plan/trampoline-arm64.h"
#include "tests/unit/device-tree.h"

#define MIB (1ull << 20)
#define GIB (1ull << 30)

static const uint8_t kernel_bytes[3 * MIB] = { 'M', 'Z' };
static const uint8_t initrd_bytes[5 * MIB + 123] = { 0x1f, 0x8b };

/** What a case differs in. @crash: 0 size for a reboot */
struct machine {
	const char *name;
	uint64_t ram_start, ram_size;
	uint64_t crash_start, crash_size;
	uint64_t page;
	uint64_t text_offset;
	uint64_t mem_size;
	uint64_t initrd;
	int r;
	const char *words;
};

static const struct machine machines[] = {
	{ "crash", GIB, 2 * GIB, 0x70000000, 256 * MIB, 4096, 0, 40 * MIB, 1, 0, "" },
	{ "crash above 4 GiB", GIB, 8 * GIB, 0x1a0000000, 512 * MIB, 4096, 0, 40 * MIB, 1,
	  0, "" },
	{ "old text_offset", GIB, 2 * GIB, 0x70000000, 256 * MIB, 4096, 0x80000, 41 * MIB,
	  1, 0, "" },
	{ "64 KiB pages", GIB, 2 * GIB, 0x70000000, 256 * MIB, 65536, 0, 40 * MIB + 12345,
	  1, 0, "" },
	{ "no initrd", GIB, 2 * GIB, 0x70000000, 256 * MIB, 4096, 0, 40 * MIB, 0, 0, "" },
	{ "reboot", GIB, 2 * GIB, 0, 0, 4096, 0, 40 * MIB, 1, 0, "" },
	{ "reboot, RAM at 512 GiB", 512 * GIB, 64 * GIB, 0, 0, 4096, 0, 40 * MIB, 1, 0,
	  "" },
	{ "too small", GIB, 2 * GIB, 0x70000000, 32 * MIB, 4096, 0, 40 * MIB, 1, -ENOSPC,
	  "kernel" },
	{ "no room for the initrd", GIB, 2 * GIB, 0x70000000, 44 * MIB, 4096, 0, 40 * MIB,
	  1, -ENOSPC, "initrd" },
	{ "nothing left", GIB, 2 * GIB, 0x70000000, 46 * MIB, 4096, 0, 40 * MIB, 1,
	  -ENOSPC, "crash" },
	{ "kernel larger than it says", GIB, 2 * GIB, 0x70000000, 256 * MIB, 4096, 0,
	  2 * MIB, 1, -ENOTSUP, "larger" },
	{ "text_offset within a page", GIB, 2 * GIB, 0x70000000, 256 * MIB, 65536, 0x1000,
	  40 * MIB, 1, -ENOTSUP, "page" },
};

/** Everything a plan hangs on, made of a machine. */
struct load {
	struct device_tree dt;
	struct kd_host_note notes[2];
	struct kd_kexec_host host;
	struct kd_kernel image;
	struct kd_kexec_options options;
};

static void load_done(struct load *l)
{
	kd_ranges_done(&l->host.ram);
	kd_ranges_done(&l->host.busy);
}

static void load_init(struct load *l, const struct machine *m)
{
	*l = (struct load) { .notes = { { GIB + 0x1000, 0x200 },
					{ GIB + 0x3000, 0x200 } } };
	device_tree_make(&l->dt, 2, true);
	l->host = (struct kd_kexec_host) {
		.arch = KD_ARCH_ARM64,
		.page_size = m->page,
		.crash = { .start = m->crash_start,
			   .end = m->crash_start + m->crash_size },
		.kernel = { .start = GIB + 2 * MIB, .end = GIB + 30 * MIB },
		.text_vaddr = 0xffff800080010000,
		.page_offset = 0xffff000000000000 - GIB,
		.has_page_offset = true,
		.vmcoreinfo = { GIB + 0x5000, 0x1024 },
		.notes = l->notes,
		.n_notes = 2,
		.fdt = l->dt.bytes,
		.fdt_size = l->dt.size,
		.ram_total = m->ram_size,
	};
	(void)kd_ranges_insert(&l->host.ram, m->ram_start, m->ram_start + m->ram_size,
			       KD_RANGE_RAM);
	l->image = (struct kd_kernel) {
		.format = KD_KERNEL_ARM64,
		.arch = KD_ARCH_ARM64,
		.parts = { { .paddr = m->text_offset,
			     .memsz = m->mem_size - m->text_offset,
			     .data = { kernel_bytes, sizeof(kernel_bytes) } } },
		.n_parts = 1,
		.align = 2 * MIB,
		.mem_size = m->mem_size,
		.entry = m->text_offset,
		.cmdline_max = 2047,
		.relocatable = true,
		.above_4g = true,
	};
	l->options = (struct kd_kexec_options) {
		.purpose = m->crash_size ? KD_KEXEC_CRASH : KD_KEXEC_REBOOT,
		.cmdline = "console=ttyAMA0",
		.mem_max = UINT64_MAX,
		.seed = { 1, 2, 3 },
	};
	if (m->initrd)
		l->options.initrd = (struct kd_bytes) { initrd_bytes,
							sizeof(initrd_bytes) };
}

static const struct kd_kexec_segment *segment(const struct kd_kexec_plan *p,
					      enum kd_segment_role role)
{
	const struct kd_kexec_segment *found = NULL;

	for (size_t i = 0; i < p->n; i++)
		if (p->segments[i].role == role)
			found = &p->segments[i];
	return found;
}

static uint64_t be64(const void *fdt, const char *name, size_t at)
{
	int size;
	const fdt64_t *v = fdt_getprop(fdt, fdt_path_offset(fdt, "/chosen"), name, &size);

	return v && size >= (int)(8 * at + 8) ? fdt64_ld(v + at) : 0;
}

static uint64_t le64(const uint8_t *p)
{
	uint64_t v = 0;

	for (int i = 7; i >= 0; i--)
		v = v << 8 | p[i];
	return v;
}

/* What every kernel checks of every load, and that nothing lies outside. */
static void check_segments(struct test *t, const struct machine *m,
			   const struct kd_kexec_plan *p)
{
	uint64_t start = m->crash_size ? m->crash_start : m->ram_start;
	uint64_t end = start + (m->crash_size ? m->crash_size : m->ram_size);

	for (size_t i = 0; i < p->n; i++) {
		const struct kd_kexec_segment *s = &p->segments[i];

		CHECK_INT(t, s->mem % m->page, 0);
		CHECK_INT(t, s->memsz % m->page, 0);
		CHECK(t, s->bufsz <= s->memsz && s->bufsz > 0 && s->buf);
		CHECK(t, s->mem >= start && s->mem + s->memsz <= end);
		for (size_t j = 0; j < i; j++)
			CHECK(t, s->mem >= p->segments[j].mem + p->segments[j].memsz ||
					 p->segments[j].mem >= s->mem + s->memsz);
	}
}

static void check_kernel(struct test *t, const struct machine *m,
			 const struct kd_kexec_plan *p)
{
	const struct kd_kexec_segment *k = segment(p, KD_SEGMENT_KERNEL);
	const struct kd_kexec_segment *i = segment(p, KD_SEGMENT_INITRD);
	const struct kd_kexec_segment *d = segment(p, KD_SEGMENT_DTB);
	const struct kd_kexec_segment *c = segment(p, KD_SEGMENT_PURGATORY);
	uint64_t window;

	CHECK_INT(t, !i, !m->initrd);
	if (!k || !d || !c)
		return test_failed(t, __FILE__, __LINE__, "a segment is missing");
	CHECK_INT(t, (k->mem - m->text_offset) % (2 * MIB), 0);
	CHECK_INT(t, k->memsz, kd_align_up(m->mem_size - m->text_offset, m->page));
	CHECK(t, k->buf == kernel_bytes && k->bufsz == sizeof(kernel_bytes));
	window = kd_align_down(k->mem, GIB);
	if (i) {
		CHECK(t, i->mem >= window && i->mem + i->memsz <= window + 32 * GIB);
		CHECK_INT(t, be64(d->buf, "linux,initrd-start", 0), i->mem);
		CHECK_INT(t, be64(d->buf, "linux,initrd-end", 0), i->mem + i->bufsz);
	}
	CHECK_INT(t, d->mem % 8, 0);
	CHECK_INT(t, d->mem / (2 * MIB), (d->mem + d->bufsz - 1) / (2 * MIB));
	CHECK_INT(t, p->entry, c->mem);
	CHECK_INT(t, le64((const uint8_t *)c->buf + 24), k->mem);
	CHECK_INT(t, le64((const uint8_t *)c->buf + 32), d->mem);
}

static void check_crash(struct test *t, const struct machine *m,
			const struct kd_kexec_plan *p)
{
	const struct kd_kexec_segment *h = segment(p, KD_SEGMENT_ELFCOREHDR);
	const struct kd_kexec_segment *d = segment(p, KD_SEGMENT_DTB);
	const Elf64_Ehdr *elf = h ? h->buf : NULL;

	if (!h || !d)
		return test_failed(t, __FILE__, __LINE__, "a segment is missing");
	CHECK_INT(t, elf->e_machine, EM_AARCH64);
	CHECK_INT(t, h->mem % 65536, 0);
	CHECK_INT(t, be64(d->buf, "linux,elfcorehdr", 0), h->mem);
	CHECK_INT(t, be64(d->buf, "linux,elfcorehdr", 1), h->memsz);
	CHECK_INT(t, be64(d->buf, "linux,usable-memory-range", 0), m->crash_start);
	CHECK_INT(t, be64(d->buf, "linux,usable-memory-range", 1), m->crash_size);
}

static void check_machine(struct test *t, const struct machine *m)
{
	_cleanup_(load_done) struct load l;
	struct kd_kexec_plan plan = { 0 };
	struct kd_error err = { 0 };
	int r;

	load_init(&l, m);
	r = kd_kexec_plan_build(&l.host, &l.image, &l.options, &plan, &err);
	if (r != m->r || !strstr(err.message, m->words))
		test_failed(t, __FILE__, __LINE__, "%s: %d, %s", m->name, r, err.message);
	if (r == 0) {
		check_segments(t, m, &plan);
		check_kernel(t, m, &plan);
	}
	if (r == 0 && m->crash_size)
		check_crash(t, m, &plan);
	if (r == 0)
		CHECK_STR(t, plan.cmdline, "console=ttyAMA0");
	kd_kexec_plan_done(&plan);
}

static void test_machines(struct test *t)
{
	for (size_t i = 0; i < ARRAY_SIZE(machines); i++)
		check_machine(t, &machines[i]);
}

/* ,high and ,cma: all of it in the tree, in the kernel's order. */
static void test_all_ranges(struct test *t)
{
	static const uint64_t want[] = { 0x1a0000000, 512 * MIB,  0x60000000,
					 128 * MIB,   0x80000000, 64 * MIB };
	struct kd_range cma = { .start = 0x80000000, .end = 0x84000000 };
	_cleanup_(load_done) struct load l;
	const struct kd_kexec_segment *d;
	struct kd_kexec_plan plan = { 0 };

	load_init(&l, &machines[1]);
	l.host.crash_low = (struct kd_range) { .start = 0x60000000, .end = 0x68000000 };
	l.host.crash_cma = (struct kd_ranges) { .items = &cma, .n = 1 };
	CHECK_INT(t, kd_kexec_plan_build(&l.host, &l.image, &l.options, &plan, NULL), 0);
	d = segment(&plan, KD_SEGMENT_DTB);
	for (size_t i = 0; d && i < ARRAY_SIZE(want); i++)
		CHECK_INT(t, be64(d->buf, "linux,usable-memory-range", i), want[i]);
	CHECK_INT(t, d ? be64(d->buf, "linux,usable-memory-range", 6) : 1, 0);
	kd_kexec_plan_done(&plan);
}

/* What firmware keeps within RAM is dumped, and nothing is put there. */
static void test_busy(struct test *t)
{
	_cleanup_(load_done) struct load l;
	const struct machine *m = &machines[5]; /* reboot */
	struct kd_kexec_plan plan = { 0 };

	load_init(&l, m);
	(void)kd_ranges_insert(&l.host.busy, GIB + 0x10, GIB + 700 * MIB + 1,
			       KD_RANGE_RESERVED);
	CHECK_INT(t, kd_kexec_plan_build(&l.host, &l.image, &l.options, &plan, NULL), 0);
	for (size_t i = 0; i < plan.n; i++)
		CHECK(t, plan.segments[i].mem >= GIB + 700 * MIB + m->page);
	kd_kexec_plan_done(&plan);
}

static void refused(struct test *t, const struct load *l, int code, const char *words)
{
	struct kd_kexec_plan plan = { 0 };
	struct kd_error err = { 0 };

	CHECK_INT(t, kd_kexec_plan_build(&l->host, &l->image, &l->options, &plan, &err),
		  code);
	CHECK(t, plan.n == 0);
	if (!strstr(err.message, words))
		test_failed(t, __FILE__, __LINE__, "\"%s\" lacks \"%s\"", err.message,
			    words);
}

static void test_refused(struct test *t)
{
	_cleanup_(load_done) struct load l;
	char line[2100];

	load_init(&l, &machines[0]);
	l.host.fdt_size = 0;
	refused(t, &l, -ENODATA, "/sys/firmware/fdt");
	l.host.fdt_size = 20;
	refused(t, &l, -EBADMSG, "device tree");
	l.host.fdt_size = l.dt.size;
	l.image.format = KD_KERNEL_ELF;
	refused(t, &l, -ENOTSUP, "Image");
	l.image.format = KD_KERNEL_ARM64;
	memset(line, 'x', sizeof(line) - 1);
	line[sizeof(line) - 1] = '\0';
	l.options.cmdline = line;
	refused(t, &l, -E2BIG, "2047");
}

/* A tree of the caller's takes the place of the host's; zeros are no seed. */
static void test_given(struct test *t)
{
	_cleanup_(load_done) struct load l;
	const struct kd_kexec_segment *d;
	struct kd_kexec_plan plan = { 0 };
	struct device_tree mine;
	char text[256];

	load_init(&l, &machines[0]);
	device_tree_make(&mine, 2, false);
	l.host.fdt_size = 0;
	l.options.dtb = (struct kd_bytes) { mine.bytes, mine.size };
	memset(l.options.seed, 0, sizeof(l.options.seed));
	CHECK_INT(t, kd_kexec_plan_build(&l.host, &l.image, &l.options, &plan, NULL), 0);
	d = segment(&plan, KD_SEGMENT_DTB);
	if (d) {
		CHECK_STR(t, device_tree_get(d->buf, "stdout-path", text), "-");
		CHECK_STR(t, device_tree_get(d->buf, "rng-seed", text), "-");
	}
	kd_kexec_plan_done(&plan);
}

/* As GNU as makes it of: ldr x17, 1f; ldr x0, 2f; mov x1, xzr; mov x2, xzr; mov x3, xzr;
 * br x17; 1: .quad 0x1122334455667788; 2: .quad 0x99aabbccddeeff00 */
static void test_trampoline(struct test *t)
{
	static const uint8_t want[KD_TRAMPOLINE_ARM64_SIZE] = {
		0xd1, 0x00, 0x00, 0x58, 0xe0, 0x00, 0x00, 0x58, 0xe1, 0x03,
		0x1f, 0xaa, 0xe2, 0x03, 0x1f, 0xaa, 0xe3, 0x03, 0x1f, 0xaa,
		0x20, 0x02, 0x1f, 0xd6, 0x88, 0x77, 0x66, 0x55, 0x44, 0x33,
		0x22, 0x11, 0x00, 0xff, 0xee, 0xdd, 0xcc, 0xbb, 0xaa, 0x99,
	};
	uint8_t code[KD_TRAMPOLINE_ARM64_SIZE];

	kd_trampoline_arm64(0x1122334455667788, 0x99aabbccddeeff00, code);
	CHECK(t, memcmp(code, want, sizeof(code)) == 0);
}

static const struct test_case cases[] = {
	{ "machines and kernels", test_machines },
	{ ",high and ,cma", test_all_ranges },
	{ "RAM that firmware keeps", test_busy },
	{ "refused", test_refused },
	{ "a device tree of the caller's", test_given },
	{ "trampoline", test_trampoline },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}

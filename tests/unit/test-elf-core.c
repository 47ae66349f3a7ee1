/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vmcore/elf-core and vmcore/segments: what a core shows as memory, whatever its
 * headers claim: overlaps, odd alignment, truncation, more than 65534 segments.
 */
#include "makedumpfile/vmcore/elf-core.h"

#include <fcntl.h>

#include "tests/unit/elf-maker.h"

#define TEXT_BASE   UINT64_C(0xffffffff81000000)
#define DIRECT_BASE UINT64_C(0xffff888000000000)

static Elf64_Phdr segment(uint64_t paddr, uint64_t size, uint64_t offset)
{
	return (Elf64_Phdr) { .p_type = PT_LOAD,
			      .p_offset = offset,
			      .p_paddr = paddr,
			      .p_vaddr = DIRECT_BASE + paddr,
			      .p_filesz = size,
			      .p_memsz = size };
}

/* Fill [offset, offset + size) of the file with @c. */
static void fill(struct elf_maker *m, struct test *t, uint64_t offset, size_t size,
		 char c)
{
	_cleanup_(kd_freep) char *data = malloc(size);

	memset(data, c, size);
	elf_maker_put(m, t, offset, data, size);
}

/* As /proc/vmcore, which can be mapped, or as a file on a disk. */
static struct kd_vmcore *open_as(struct test *t, const struct elf_maker *m, bool can_map)
{
	struct kd_file_view *view = NULL;
	struct kd_error err = { 0 };
	struct kd_vmcore *core = NULL;

	CHECK_INT(t, kd_file_view_open_at(AT_FDCWD, m->path, &view, &err), 0);
	if (!view)
		return NULL;
	CHECK(t, !view->can_map);
	view->can_map = can_map;
	CHECK_INT(t, kd_vmcore_open_view(view, &core, &err), 0);
	if (!core) {
		test_failed(t, __FILE__, __LINE__, "%s", err.message);
		kd_file_view_free(view);
	}
	return core;
}

static struct kd_vmcore *open_core(struct test *t, const struct elf_maker *m)
{
	return open_as(t, m, /* can_map= */ true);
}

static void check_extents(struct test *t, const struct kd_vmcore *core,
			  const struct kd_extent *want, size_t n)
{
	const struct kd_memory *m = kd_vmcore_memory(core);

	CHECK_INT(t, m->n_extents, n);
	for (size_t i = 0; i < MIN(n, m->n_extents); i++) {
		CHECK_INT(t, m->extents[i].start, want[i].start);
		CHECK_INT(t, m->extents[i].end, want[i].end);
	}
}

/* The same bytes by copy and through a window, mapped and not. */
static void check_byte(struct test *t, const struct kd_vmcore *core, kd_paddr_t addr,
		       char want)
{
	const struct kd_memory *m = kd_vmcore_memory(core);
	struct kd_window w;
	const void *p;
	char got = 0;

	CHECK_INT(t, kd_memory_read(m, addr, &got, 1), 0);
	CHECK_INT(t, got, want);
	for (int no_map = 0; no_map < 2; no_map++) {
		CHECK_INT(t, kd_window_init(&w, m, 1 << 16, no_map), 0);
		CHECK_INT(t, kd_window_get(&w, addr, 1, &p), 0);
		CHECK_INT(t, *(const char *)p, want);
		CHECK_INT(t, w.copied, no_map);
		kd_window_done(&w);
	}
}

static void overlapping(struct test *t)
{
	static const struct kd_extent want[] = { { 0x100000, 0x110000 } };
	struct elf_maker m;
	struct kd_vmcore *core;
	uint64_t offset = 0;
	Elf64_Phdr ph[3];

	elf_maker_init(&m, t);
	ph[0] = segment(0x104000, 0x4000, 0x2000); /* kernel text, listed first */
	ph[0].p_vaddr = TEXT_BASE;
	ph[1] = segment(0x100000, 0xa000, 0x8000);
	ph[2] = segment(0x108000, 0x8000, 0x12000); /* overlaps the one before */
	elf_maker_headers(&m, t, ph, 3);
	fill(&m, t, 0x2000, 0x4000, 'T');
	fill(&m, t, 0x8000, 0xa000, 'R');
	fill(&m, t, 0x12000, 0x8000, 'S');
	core = open_core(t, &m);
	if (core) {
		check_extents(t, core, want, 1);
		check_byte(t, core, 0x105000, 'R');
		check_byte(t, core, 0x109fff, 'R');
		check_byte(t, core, 0x10a000, 'S');
		check_byte(t, core, 0x10ffff, 'S');
		CHECK_INT(t, kd_vmcore_page_offset(core, &offset), 0);
		CHECK_INT(t, offset, DIRECT_BASE);
		CHECK_INT(t, kd_vmcore_machine(core), EM_X86_64);
		CHECK_STR(t, kd_vmcore_oddities(core), "0 usable VMCOREINFO notes");
	}
	kd_vmcore_free(core);
	elf_maker_done(&m);
}

static void mid_page(struct test *t)
{
	static const struct kd_extent want[] = { { 0x1200, 0x9e00 }, { 0xa100, 0xa101 } };
	struct elf_maker m;
	struct kd_vmcore *core;
	Elf64_Phdr ph[3];
	char buf[0x8c00];

	elf_maker_init(&m, t);
	/* not congruent to the file modulo a page, meeting in the middle of one */
	ph[0] = segment(0x4700, 0x5700, 0x6333);
	ph[1] = segment(0x1200, 0x3500, 0x1111);
	ph[2] = segment(0xa100, 1, 0x1000);
	elf_maker_headers(&m, t, ph, 3);
	fill(&m, t, 0x1111, 0x3500, 'A');
	fill(&m, t, 0x6333, 0x5700, 'B');
	fill(&m, t, 0x1000, 1, 'C');
	core = open_core(t, &m);
	if (core) {
		check_extents(t, core, want, 2);
		check_byte(t, core, 0x1200, 'A');
		check_byte(t, core, 0x46ff, 'A');
		check_byte(t, core, 0x4700, 'B');
		check_byte(t, core, 0x9dff, 'B');
		check_byte(t, core, 0xa100, 'C');
		CHECK_INT(
			t,
			kd_memory_read(kd_vmcore_memory(core), 0x1200, buf, sizeof(buf)),
			0);
		CHECK_INT(t, buf[0x34ff], 'A');
		CHECK_INT(t, buf[0x3500], 'B');
		CHECK_INT(t, buf[sizeof(buf) - 1], 'B');
	}
	kd_vmcore_free(core);
	elf_maker_done(&m);
}

static void truncated(struct test *t)
{
	static const struct kd_extent want[] = { { 0x100000, 0x102800 } };
	struct elf_maker m;
	struct kd_vmcore *core;
	struct kd_window w;
	const void *p;
	Elf64_Phdr ph[2] = { segment(0x100000, 0x8000, 0x1000),
			     segment(0x200000, 0x8000, 0x9000) };

	elf_maker_init(&m, t);
	elf_maker_headers(&m, t, ph, 2);
	fill(&m, t, 0x1000, 0x2800, 'x');
	core = open_core(t, &m);
	if (core) {
		check_extents(t, core, want, 1);
		check_byte(t, core, 0x1027ff, 'x');
		/* a map that reached past the file would kill us with SIGBUS */
		CHECK_INT(t, kd_window_init(&w, kd_vmcore_memory(core), 1 << 20, false),
			  0);
		CHECK_INT(t, kd_window_get(&w, 0x102000, 0x800, &p), 0);
		CHECK_INT(t, kd_window_get(&w, 0x102000, 0x801, &p), -ENXIO);
		kd_window_done(&w);
		CHECK_STR(t, kd_vmcore_oddities(core),
			  "55296 bytes missing at the end of the file, "
			  "0 usable VMCOREINFO notes");
	}
	kd_vmcore_free(core);
	elf_maker_done(&m);
}

/* A mapping would end in SIGBUS: a file is read, and a page that went costs itself. */
static void cut_while_open(struct test *t)
{
	Elf64_Phdr ph[1] = { segment(0x100000, 0x8000, 0x1000) };
	struct elf_maker m;
	struct kd_vmcore *core;
	struct kd_window w;
	const void *p;

	elf_maker_init(&m, t);
	elf_maker_headers(&m, t, ph, 1);
	fill(&m, t, 0x1000, 0x8000, 'x');
	core = open_as(t, &m, /* can_map= */ false);
	if (core) {
		CHECK_INT(t, kd_window_init(&w, kd_vmcore_memory(core), 1 << 20, false),
			  0);
		CHECK_INT(t, kd_window_get(&w, 0x107000, 0x1000, &p), 0);
		CHECK(t, w.copied);
		CHECK_INT(t, ftruncate(m.fd, 0x2000), 0);
		CHECK_INT(t, kd_window_get(&w, 0x102000, 0x1000, &p), -EIO);
		CHECK_INT(t, kd_window_get(&w, 0x100000, 0x1000, &p), 0);
		CHECK_INT(t, *(const char *)p, 'x');
		kd_window_done(&w);
	}
	kd_vmcore_free(core);
	elf_maker_done(&m);
}

/* What /proc gives is told from files on disks. */
static void what_can_be_mapped(struct test *t)
{
	struct kd_file_view *view = NULL;

	CHECK_INT(t, kd_file_view_open_at(AT_FDCWD, "/proc/self/mem", &view, NULL), 0);
	if (view)
		CHECK(t, view->can_map);
	kd_file_view_free(view);
}

/* What a filter left out is memory that is known to be, but not to be had. */
static void left_out_by_a_filter(struct test *t)
{
	static const struct kd_extent want[] = { { 0x100000, 0x108000 },
						 { 0x200000, 0x208000 } };
	struct elf_maker m;
	struct kd_vmcore *core;
	Elf64_Phdr ph[4] = { segment(0x100000, 0x1000, 0x1000), segment(0x200000, 0, 0),
			     segment(0x300000, 0, 0), segment(0x203000, 0x1000, 0x1000) };

	ph[0].p_memsz = 0x8000;
	ph[1].p_memsz = 0x8000;
	/* more memory than any machine has: corrupt */
	ph[2].p_memsz = UINT64_C(1) << 51;
	elf_maker_init(&m, t);
	elf_maker_headers(&m, t, ph, 4);
	fill(&m, t, 0x1000, 0x1000, 'x');
	core = open_core(t, &m);
	if (core) {
		const struct kd_memory *memory = kd_vmcore_memory(core);
		kd_pfn_t from = 0, end = 0;
		char byte;

		check_extents(t, core, want, 2);
		CHECK_INT(t, kd_memory_read(memory, 0x100fff, &byte, 1), 0);
		CHECK_INT(t, kd_memory_read(memory, 0x101000, &byte, 1), -ENODATA);
		CHECK_INT(t, kd_memory_read(memory, 0x204000, &byte, 1), -ENODATA);
		CHECK_INT(t, kd_memory_read(memory, 0x208000, &byte, 1), -ENXIO);
		CHECK_INT(t, memory->ops->present(memory, &from, &end), 1);
		CHECK_INT(t, from, 0x100);
		CHECK_INT(t, end, 0x101);
		from = end;
		CHECK_INT(t, memory->ops->present(memory, &from, &end), 1);
		CHECK_INT(t, from, 0x203);
		CHECK_INT(t, end, 0x204);
		from = end;
		CHECK_INT(t, memory->ops->present(memory, &from, &end), 0);
		CHECK(t, strncmp(kd_vmcore_oddities(core), "1 segments", 10) == 0);
	}
	kd_vmcore_free(core);
	elf_maker_done(&m);
}

static void absurd_segments(struct test *t)
{
	static const struct kd_extent want[] = { { 0x100000, 0x101000 } };
	struct elf_maker m;
	struct kd_vmcore *core;
	Elf64_Phdr ph[5] = {
		segment(UINT64_MAX - 0xfff, 0x2000, 0x1000), /* wraps */
		segment(UINT64_C(1) << 60, 0x1000, 0x1000),  /* no such address */
		segment(0x100000, 0x1000, 0x1000),
		segment(0x300000, 0x1000, UINT64_MAX - 0x10), /* far behind the file */
		segment(0x400000, 0x1000, 0x2000),	      /* right behind it */
	};

	elf_maker_init(&m, t);
	elf_maker_headers(&m, t, ph, 5);
	fill(&m, t, 0x1000, 0x1000, 'x');
	core = open_core(t, &m);
	if (core) {
		check_extents(t, core, want, 1);
		check_byte(t, core, 0x100000, 'x');
		CHECK(t, strncmp(kd_vmcore_oddities(core),
				 "2 segments that make no sense", 29) == 0);
	}
	kd_vmcore_free(core);
	elf_maker_done(&m);
}

static size_t make_note(char *out, const char *name, uint32_t type, const char *desc)
{
	Elf64_Nhdr h = { .n_namesz = (uint32_t)strlen(name) + 1,
			 .n_descsz = (uint32_t)strlen(desc),
			 .n_type = type };
	size_t desc_at = sizeof(h) + (h.n_namesz + 3) / 4 * 4;

	memcpy(out, &h, sizeof(h));
	memcpy(out + sizeof(h), name, h.n_namesz);
	memcpy(out + desc_at, desc, h.n_descsz);
	return desc_at + (h.n_descsz + 3) / 4 * 4;
}

static void notes(struct test *t)
{
	static const struct kd_extent want[] = { { 0x100000, 0x101000 } };
	char first[64] = { 0 }, second[128] = { 0 };
	size_t offset = 0, size = 0, n1, n2;
	const struct kd_vmcoreinfo *info;
	struct elf_maker m;
	struct kd_vmcore *core;
	const char *all;
	Elf64_Phdr ph[4] = { { .p_type = PT_NOTE, .p_offset = 0x1000 },
			     segment(0x100000, 0x1000, 0x2000),
			     { .p_type = PT_NOTE, .p_offset = 0x1800 },
			     /* above what MAX_PHYSMEM_BITS allows */
			     segment(UINT64_C(1) << 45, 0x1000, 0x2000) };

	elf_maker_init(&m, t);
	n1 = make_note(first, "CORE", NT_PRSTATUS, "12345");
	n2 = make_note(second, "CORE", NT_PRSTATUS, "");
	n2 += make_note(second + n2, "VMCOREINFO", 0,
			"PAGESIZE=16384\nNUMBER(MAX_PHYSMEM_BITS)=44\n");
	ph[0].p_filesz = n1 - 3; /* its padding is not in the segment */
	ph[2].p_filesz = n2;
	elf_maker_headers(&m, t, ph, 4);
	elf_maker_put(&m, t, 0x1000, first, n1);
	elf_maker_put(&m, t, 0x1800, second, n2);
	fill(&m, t, 0x2000, 0x1000, 'x');
	core = open_core(t, &m);
	if (core) {
		check_extents(t, core, want, 1);
		CHECK_INT(t, kd_vmcore_n_cpus(core), 2);
		info = kd_vmcore_info(core, &offset, &size);
		all = kd_vmcore_notes(core, &n1);
		CHECK(t, info);
		CHECK(t, offset + size <= n1);
		CHECK(t, memcmp(all + offset, "PAGESIZE=16384\n", 15) == 0);
		CHECK_INT(t, kd_vmcore_memory(core)->page_size, 16384);
	}
	kd_vmcore_free(core);
	elf_maker_done(&m);
}

/* Drivers' dumps come before the kernel's own notes and can be of any size. */
static void device_dumps(struct test *t)
{
	Elf64_Nhdr dump = { .n_namesz = 6, .n_descsz = 20 << 20, .n_type = 0x700 };
	const uint64_t dump_size = sizeof(dump) + 8 + dump.n_descsz;
	struct elf_maker m;
	struct kd_vmcore *core;
	char own[128] = { 0 };
	size_t size, n;
	Elf64_Phdr ph[2] = { { .p_type = PT_NOTE, .p_offset = 0x2000 },
			     segment(0x100000, 0x1000, 0x1000) };

	n = make_note(own, "CORE", NT_PRSTATUS, "1234");
	n += make_note(own + n, "VMCOREINFO", 0, "OSRELEASE=6.1\n");
	ph[0].p_filesz = 2 * dump_size + n;
	elf_maker_init(&m, t);
	elf_maker_headers(&m, t, ph, 2);
	fill(&m, t, 0x1000, 0x1000, 'x');
	elf_maker_put(&m, t, 0x2000, &dump, sizeof(dump));
	elf_maker_put(&m, t, 0x2000 + dump_size, &dump, sizeof(dump));
	elf_maker_put(&m, t, 0x2000 + 2 * dump_size, own, n);
	core = open_core(t, &m);
	if (core) {
		CHECK_INT(t, kd_vmcore_n_cpus(core), 1);
		CHECK(t, kd_vmcore_info(core, NULL, NULL));
		(void)kd_vmcore_notes(core, &size);
		CHECK_INT(t, size, n);
		CHECK_STR(t, kd_vmcore_oddities(core),
			  "64 bytes of notes, others left out");
	}
	kd_vmcore_free(core);
	elf_maker_done(&m);
}

/* gABI: e_phnum PN_XNUM, the count in section 0's sh_info. */
static void extended_count(struct test *t)
{
	enum {
		N = 70000
	};
	_cleanup_(kd_freep) Elf64_Phdr *ph = calloc(N, sizeof(*ph));
	Elf64_Shdr shdr = { .sh_info = N };
	const uint64_t data = 0x800000;
	struct elf_maker m;
	struct kd_vmcore *core;

	elf_maker_init(&m, t);
	for (size_t i = 0; i < N; i++)
		ph[N - 1 - i] = segment(0x2000 * i, 0x1000, data);
	m.ehdr.e_phnum = PN_XNUM;
	m.ehdr.e_shoff = data + 0x1000;
	elf_maker_headers(&m, t, ph, N);
	fill(&m, t, data, 0x1000, 'x');
	elf_maker_put(&m, t, m.ehdr.e_shoff, &shdr, sizeof(shdr));
	core = open_core(t, &m);
	if (core) {
		CHECK_INT(t, kd_vmcore_memory(core)->n_extents, N);
		check_byte(t, core, 0x2000 * (N - 1), 'x');
	}
	kd_vmcore_free(core);
	elf_maker_done(&m);
}

static void refused(struct test *t)
{
	static const struct {
		size_t at; /* byte of the ELF header to change */
		uint8_t value;
		int r;
	} table[] = {
		{ EI_MAG0, 0, -ENOEXEC },
		{ EI_CLASS, ELFCLASS32, -ENOTSUP },
		{ EI_DATA, ELFDATA2MSB, -ENOTSUP },
		{ offsetof(Elf64_Ehdr, e_type), ET_EXEC, -ENOEXEC },
		{ offsetof(Elf64_Ehdr, e_phentsize), 55, -EBADMSG },
		{ offsetof(Elf64_Ehdr, e_phnum), 0, -EBADMSG },
		{ offsetof(Elf64_Ehdr, e_phnum) + 1, 0x7f, -EBADMSG },
		{ offsetof(Elf64_Ehdr, e_phoff) + 7, 0xff, -EBADMSG },
	};
	Elf64_Phdr ph = segment(0x100000, 0x1000, 0x1000);

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		struct kd_vmcore *core = NULL;
		struct kd_error err = { 0 };
		struct elf_maker m;

		elf_maker_init(&m, t);
		elf_maker_headers(&m, t, &ph, 1);
		fill(&m, t, 0x1000, 0x1000, 'x');
		elf_maker_put(&m, t, table[i].at, &table[i].value, 1);
		CHECK_INT(t, kd_vmcore_open_at(AT_FDCWD, m.path, &core, &err),
			  table[i].r);
		CHECK(t, !core);
		CHECK(t, strncmp(err.message, m.path, strlen(m.path)) == 0);
		elf_maker_done(&m);
	}
}

static void not_even_a_header(struct test *t)
{
	struct kd_vmcore *core = NULL;
	struct elf_maker m;

	CHECK_INT(t, kd_vmcore_open_at(AT_FDCWD, "/nonexistent", &core, NULL), -ENOENT);
	elf_maker_init(&m, t);
	CHECK_INT(t, kd_vmcore_open_at(AT_FDCWD, m.path, &core, NULL), -ENOEXEC);
	elf_maker_put(&m, t, 0, ELFMAG, 4);
	CHECK_INT(t, kd_vmcore_open_at(AT_FDCWD, m.path, &core, NULL), -ENOEXEC);
	elf_maker_done(&m);
	kd_vmcore_free(NULL);
}

static const struct test_case cases[] = {
	{ "overlapping segments, kernel text first", overlapping },
	{ "segments that begin and end mid-page", mid_page },
	{ "a truncated file is bounded", truncated },
	{ "a file cut while it is open", cut_while_open },
	{ "what can be mapped", what_can_be_mapped },
	{ "memory a filter left out is absent", left_out_by_a_filter },
	{ "segments that make no sense are dropped", absurd_segments },
	{ "notes of several segments", notes },
	{ "device dumps do not crowd out the kernel's notes", device_dumps },
	{ "more program headers than e_phnum holds", extended_count },
	{ "files that are refused", refused },
	{ "no header at all", not_even_a_header },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}

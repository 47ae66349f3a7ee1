/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * RAM in a file, an allocator for the kernel's area, x86_64 page tables: see
 * machine.h. Trusts its callers, which parsed the script. Called by build.c, memmap.c
 * and log.c.
 */
#include "tests/tools/mkvmcore/machine.h"

#include <string.h>

#include "base/io.h"

#define ENTRY_TABLE   UINT64_C(0x67) /* present, writable, user, accessed, dirty */
#define ENTRY_LEAF    UINT64_C(0x63)
#define ENTRY_PSE     UINT64_C(0x80)
#define ENTRY_ADDRESS UINT64_C(0x000ffffffffff000)
#define HUGE	      (UINT64_C(1) << 30)

/* Bases without KASLR, Documentation/arch/x86/x86_64/mm.rst */
#define PAGE_OFFSET_4 UINT64_C(0xffff888000000000)
#define PAGE_OFFSET_5 UINT64_C(0xff11000000000000)
#define VMEMMAP_4     UINT64_C(0xffffea0000000000)
#define VMEMMAP_5     UINT64_C(0xffd4000000000000)

/* PRESENT, HAS_MEM_MAP, ONLINE, EARLY: include/linux/mmzone.h */
#define SECTION_FLAGS	  0xf
#define SECTIONS_PER_ROOT (MK_PAGE / 16)

int mk_ram_add(struct mk *mk, kd_paddr_t start, uint64_t size, struct kd_error *err)
{
	uint64_t end;

	if (start % MK_PAGE || size % MK_PAGE || !size ||
	    __builtin_add_overflow(start, size, &end))
		return kd_fail_msg(err, -EINVAL, "RAM is whole pages");
	if (mk->n_ram == MK_RAM_MAX)
		return kd_fail_msg(err, -EINVAL, "more than %d @ram", MK_RAM_MAX);
	if (!mk->file_end)
		mk->file_end = MK_FILE_RAM;
	mk->ram[mk->n_ram++] = (struct mk_ram) { start, end, mk->file_end };
	mk->file_end += size;
	return 0;
}

static const struct mk_ram *find_ram(const struct mk *mk, kd_paddr_t addr, size_t size)
{
	for (size_t i = 0; i < mk->n_ram; i++)
		if (addr >= mk->ram[i].start && addr < mk->ram[i].end &&
		    size <= mk->ram[i].end - addr)
			return &mk->ram[i];
	return NULL;
}

int mk_write(struct mk *mk, kd_paddr_t addr, const void *data, size_t size,
	     struct kd_error *err)
{
	const struct mk_ram *ram = find_ram(mk, addr, size);
	int r;

	if (!ram)
		return kd_fail_msg(err, -ENXIO, "0x%jx is not in any @ram",
				   (uintmax_t)addr);
	r = kd_pwrite_full(mk->fd, data, size, ram->offset + (addr - ram->start));
	return r < 0 ? kd_fail(err, r, "output") : 0;
}

int mk_read(struct mk *mk, kd_paddr_t addr, void *data, size_t size, struct kd_error *err)
{
	const struct mk_ram *ram = find_ram(mk, addr, size);
	ssize_t n;

	if (!ram)
		return kd_fail_msg(err, -ENXIO, "0x%jx is not in any @ram",
				   (uintmax_t)addr);
	n = kd_pread_full(mk->fd, data, size, ram->offset + (addr - ram->start));
	if (n < 0)
		return kd_fail(err, (int)n, "output");
	memset((char *)data + n, 0,
	       size - (size_t)n); /* the file grows as it is written */
	return 0;
}

int mk_write_u64(struct mk *mk, kd_paddr_t addr, uint64_t v, struct kd_error *err)
{
	return mk_write(mk, addr, &v, sizeof(v), err);
}

int mk_alloc(struct mk *mk, uint64_t size, uint64_t align, kd_paddr_t *ret,
	     struct kd_error *err)
{
	kd_paddr_t start = kd_align_up(mk->next, align);

	if (!find_ram(mk, start, (size_t)size))
		return kd_fail_msg(err, -EINVAL,
				   "the kernel's area at 0x%jx needs more @ram",
				   (uintmax_t)mk->config.kernel);
	mk->next = start + size;
	*ret = start;
	return 0;
}

kd_vaddr_t mk_text_address(const struct mk *mk, kd_paddr_t addr)
{
	return MK_KERNEL_MAP + addr - (uint64_t)mk->config.phys_base;
}

kd_vaddr_t mk_direct_address(const struct mk *mk, kd_paddr_t addr)
{
	return mk->page_offset + addr;
}

static int next_table(struct mk *mk, kd_paddr_t slot, kd_paddr_t *ret,
		      struct kd_error *err)
{
	uint64_t entry;
	int r;

	r = mk_read(mk, slot, &entry, sizeof(entry), err);
	if (r < 0)
		return r;
	if (entry) {
		*ret = entry & ENTRY_ADDRESS;
		return 0;
	}
	r = mk_alloc(mk, MK_PAGE, MK_PAGE, ret, err);
	if (r < 0)
		return r;
	return mk_write_u64(mk, slot, *ret | ENTRY_TABLE, err);
}

int mk_map(struct mk *mk, kd_vaddr_t va, kd_paddr_t pa, uint64_t size,
	   struct kd_error *err)
{
	unsigned int leaf = size == HUGE ? 3 : size == MK_LARGE ? 2 : 1;
	kd_paddr_t table = mk->root;
	int r;

	for (unsigned int level = mk->config.levels;; level--) {
		kd_paddr_t slot = table + ((va >> (12 + 9 * (level - 1))) & 511) * 8;

		if (level == leaf)
			return mk_write_u64(mk, slot,
					    pa | ENTRY_LEAF | (leaf > 1 ? ENTRY_PSE : 0),
					    err);
		r = next_table(mk, slot, &table, err);
		if (r < 0)
			return r;
	}
}

static int map_direct(struct mk *mk, struct kd_error *err)
{
	int r;

	for (size_t i = 0; i < mk->n_ram; i++) {
		kd_paddr_t pa = kd_align_down(mk->ram[i].start, MK_LARGE);

		while (pa < mk->ram[i].end) {
			bool huge = pa % HUGE == 0 && pa + HUGE <= mk->ram[i].end;
			uint64_t size = huge ? HUGE : MK_LARGE;

			r = mk_map(mk, mk_direct_address(mk, pa), pa, size, err);
			if (r < 0)
				return r;
			pa += size;
		}
	}
	return 0;
}

/* One section's struct pages: 2 MiB, all pages in use and not special. */
static int fill_memmap(struct mk *mk, kd_paddr_t at, uint64_t bytes, struct kd_error *err)
{
	size_t size = (size_t)kd_layout_get(&mk->layout, KD_F_PAGE_SIZEOF);
	size_t per_page = MK_PAGE / size;
	uint8_t page[MK_PAGE] = { 0 };
	int32_t refcount = 1, mapcount = -1;
	int r = 0;

	for (size_t i = 0; i < per_page; i++) {
		uint8_t *p = page + i * size;

		memcpy(p + kd_layout_get(&mk->layout, KD_F_PAGE_REFCOUNT), &refcount, 4);
		memcpy(p + kd_layout_get(&mk->layout, KD_F_PAGE_MAPCOUNT), &mapcount, 4);
	}
	for (uint64_t done = 0; r == 0 && done < bytes; done += sizeof(page))
		r = mk_write(mk, at + done, page, sizeof(page), err);
	return r;
}

static int add_section(struct mk *mk, uint64_t number, kd_paddr_t roots,
		       struct kd_error *err)
{
	uint64_t bytes = (UINT64_C(1) << (MK_SECTION_BITS - 12)) *
			 (uint64_t)kd_layout_get(&mk->layout, KD_F_PAGE_SIZEOF);
	uint64_t step = mk->config.small_vmemmap ? MK_PAGE : MK_LARGE;
	kd_paddr_t slot = roots + number / SECTIONS_PER_ROOT * 8, root, memmap;
	uint64_t entry;
	int r;

	r = mk_read(mk, slot, &entry, sizeof(entry), err);
	if (r < 0)
		return r;
	root = entry - mk->page_offset;
	if (!entry) {
		r = mk_alloc(mk, MK_PAGE, MK_PAGE, &root, err);
		if (r == 0)
			r = mk_write_u64(mk, slot, mk_direct_address(mk, root), err);
	}
	slot = root + number % SECTIONS_PER_ROOT * 16;
	if (r == 0)
		r = mk_read(mk, slot, &entry, sizeof(entry), err);
	if (r < 0 || entry)
		return r; /* two @ram may share a section */
	r = mk_alloc(mk, bytes, MK_LARGE, &memmap, err);
	for (uint64_t at = 0; r == 0 && at < bytes; at += step)
		r = mk_map(mk, mk->vmemmap + number * bytes + at, memmap + at, step, err);
	if (r == 0 && !mk->config.zero_memmap)
		r = fill_memmap(mk, memmap, bytes, err);
	/* encoded so that adding a PFN gives its struct page: sparse_encode_mem_map() */
	return r < 0 ? r : mk_write_u64(mk, slot, mk->vmemmap | SECTION_FLAGS, err);
}

static int add_sections(struct mk *mk, struct kd_error *err)
{
	uint64_t bits = mk->config.levels == 5 ? 52 : 46;
	uint64_t n_roots = (UINT64_C(1) << (bits - MK_SECTION_BITS)) / SECTIONS_PER_ROOT;
	kd_paddr_t roots;
	int r;

	r = mk_alloc(mk, n_roots * 8, MK_PAGE, &roots, err);
	if (r < 0)
		return r;
	kd_strbuf_addf(&mk->symbols, "SYMBOL(mem_section)=%jx\n",
		       (uintmax_t)mk_direct_address(mk, roots));
	kd_strbuf_addf(&mk->symbols, "LENGTH(mem_section)=%ju\n", (uintmax_t)n_roots);
	for (size_t i = 0; i < mk->n_ram; i++) {
		uint64_t first = mk->ram[i].start >> MK_SECTION_BITS;
		uint64_t last = (mk->ram[i].end - 1) >> MK_SECTION_BITS;

		if (last >> (bits - MK_SECTION_BITS))
			return kd_fail_msg(err, -EINVAL, "RAM beyond %ju bits",
					   (uintmax_t)bits);
		for (uint64_t s = first; s <= last; s++) {
			r = add_section(mk, s, roots, err);
			if (r < 0)
				return r;
		}
	}
	return 0;
}

int mk_machine_start(struct mk *mk, struct kd_error *err)
{
	int r;

	mk->page_offset = mk->config.levels == 5 ? PAGE_OFFSET_5 : PAGE_OFFSET_4;
	mk->vmemmap = mk->config.levels == 5 ? VMEMMAP_5 : VMEMMAP_4;
	mk->next = mk->config.kernel;
	r = mk_alloc(mk, MK_PAGE, MK_PAGE, &mk->root, err);
	if (r == 0)
		r = map_direct(mk, err);
	if (r == 0)
		r = add_sections(mk, err);
	if (r < 0)
		return r;
	/* two names of one thing; makedumpfile wants the second */
	kd_strbuf_addf(&mk->symbols,
		       "SYMBOL(swapper_pg_dir)=%jx\nSYMBOL(init_top_pgt)=%jx\n",
		       (uintmax_t)mk_text_address(mk, mk->root),
		       (uintmax_t)mk_text_address(mk, mk->root));
	kd_strbuf_addf(&mk->symbols, "SYMBOL(_stext)=%jx\n",
		       (uintmax_t)mk_text_address(mk, mk->config.kernel));
	kd_strbuf_addf(&mk->symbols, "SYMBOL(vmemmap)=%jx\n", (uintmax_t)mk->vmemmap);
	return 0;
}

int mk_machine_finish(struct mk *mk, struct kd_error *err)
{
	kd_paddr_t pa = kd_align_down(mk->config.kernel, MK_LARGE);
	int r = 0;

	/* mapping takes pages of the area itself: the last 2 MiB may grow once more */
	for (; r == 0 && pa < mk->next; pa += MK_LARGE)
		r = mk_map(mk, mk_text_address(mk, pa), pa, MK_LARGE, err);
	mk->kernel_end = kd_align_up(mk->next, MK_PAGE);
	return r;
}

uint64_t mk_offset(const struct mk *mk, const char *name)
{
	uint64_t v = 0;

	(void)kd_vmcoreinfo_offset(mk->info, name, &v);
	return v;
}

uint64_t mk_size(const struct mk *mk, const char *name)
{
	uint64_t v = 0;

	(void)kd_vmcoreinfo_size(mk->info, name, &v);
	return v;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * --vtop ADDRESS: one kernel address translated, entry by entry, and what is there: a
 * help for whoever wonders about a page that is missing. Called by main.c.
 */
#include <elf.h>
#include <fcntl.h>
#include <inttypes.h>

#include "makedumpfile/program/look.h"
#include "makedumpfile/vmcore/elf-headers.h"

static void show_step(void *context, const struct kd_xlat_step *step)
{
	(void)context;
	printf("  %s : %16" PRIx64 " => %16" PRIx64, step->name, step->entry,
	       step->value);
	if (step->leaf_size)
		printf("  (maps %" PRIu64 " KiB at %" PRIx64 ")", step->leaf_size / 1024,
		       step->paddr);
	else if (!step->paddr)
		printf("  (maps nothing)");
	printf("\n");
}

/* Where an ELF core has the byte; other formats have pages compressed. */
static int file_offset(const char *path, kd_paddr_t paddr, uint64_t *ret)
{
	_cleanup_(kd_closep) int fd = openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
	struct kd_elf_segment s;
	struct kd_elf elf;
	int r;

	if (fd < 0)
		return -errno;
	r = kd_elf_init(&elf, fd, /* err= */ NULL);
	for (uint32_t i = 0; r == 0 && i < elf.phnum; i++) {
		r = kd_elf_segment(&elf, i, &s, /* err= */ NULL);
		if (r == 0 && s.type == PT_LOAD && paddr >= s.paddr &&
		    paddr - s.paddr < s.filesz) {
			*ret = s.offset + (paddr - s.paddr);
			return 0;
		}
	}
	return r < 0 ? r : -ENODATA;
}

static void view_donep(struct kd_memmap_view *v)
{
	if (v->memmap)
		kd_memmap_view_done(v);
}

static const char *class_of(struct kd_look *look, kd_pfn_t pfn, struct kd_page *ret)
{
	_cleanup_(view_donep) struct kd_memmap_view view = { 0 };
	struct kd_page_format format;
	struct kd_class_rules rules;
	const uint8_t *raw;
	struct kd_page next;
	uint64_t n;

	if (look->know.knowledge == KD_KNOW_NOTHING ||
	    kd_page_format_init(&format, &look->know.layout, /* err= */ NULL) < 0 ||
	    kd_memmap_view_init(&view, &look->know.memmap) < 0 ||
	    kd_memmap_get(&view, pfn, &raw, &n) < 0)
		return NULL;
	kd_page_decode(&format, raw, ret);
	if (n > 1)
		kd_page_decode(&format, raw + format.size, &next);
	kd_class_rules_init(&rules, &look->know.layout, look->know.memmap.page_shift);
	return kd_class_name(kd_classify(&rules, pfn, ret, n > 1 ? &next : NULL).class);
}

static void show_page(struct kd_look *look, const char *path, kd_paddr_t paddr)
{
	const struct kd_memory *memory = look->seen.memory;
	kd_pfn_t pfn = paddr / memory->page_size;
	struct kd_page page = { 0 };
	const char *class;
	uint64_t offset = 0;

	printf("pfn             : %" PRIx64 "\n", pfn);
	if (!kd_memory_find(memory, paddr))
		printf("file offset     : none, not in this dump\n");
	else if (file_offset(path, paddr, &offset) == 0)
		printf("file offset     : %" PRIx64 "\n", offset);
	else
		printf("file offset     : none, pages are compressed\n");
	class = class_of(look, pfn, &page);
	if (!class) {
		printf("page            : unknown, no struct page can be read\n");
		return;
	}
	printf("page            : %s\n", class);
	printf("struct page     : flags %" PRIx64 ", mapping %" PRIx64
	       ", private %" PRIx64 ", _mapcount %" PRIx32 ", compound %" PRIx64 "\n",
	       page.flags, page.mapping, page.private, page.mapcount, page.compound);
}

int kd_run_vtop(struct kd_program *p, struct kd_error *err)
{
	_cleanup_(kd_look_done) struct kd_look look;
	kd_vaddr_t addr = p->options.vtop;
	kd_paddr_t paddr = 0;
	int r;

	r = kd_look_open(p, &look, err);
	if (r < 0)
		return r;
	if (!look.know.has_xlat)
		return kd_fail_msg(err, -ENODATA, "%s: page tables cannot be found",
				   p->options.input);
	printf("Translating virtual address %" PRIx64 " to physical address.\n", addr);
	r = kd_xlat_walk(&look.know.xlat, addr, show_step, /* context= */ NULL);
	if (r < 0)
		printf("  the page tables do not map it\n");
	r = kd_xlat_vtop(&look.know.xlat, addr, &paddr, /* ret_run= */ NULL);
	if (r < 0)
		return kd_fail(err, r, "address %" PRIx64 " cannot be translated", addr);
	printf("VIRTUAL           PHYSICAL\n%16" PRIx64 "  %" PRIx64 "\n", addr, paddr);
	show_page(&look, p->options.input, paddr);
	return 0;
}

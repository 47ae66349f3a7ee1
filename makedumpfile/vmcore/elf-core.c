/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An ELF core as memory and notes: see elf-core.h. Trusts nothing in the file; what
 * makes no sense is left out and told through kd_vmcore_oddities(), since half a dump
 * is worth more than none. Called by the façade, dmesg and the tools.
 */
#include "makedumpfile/vmcore/elf-core.h"

#include <elf.h>
#include <string.h>
#include <sys/mman.h>

#include "makedumpfile/vmcore/elf-headers.h"
#include "makedumpfile/vmcore/notes.h"
#include "makedumpfile/vmcore/segments.h"

/* __START_KERNEL_map, arch/x86/include/asm/page_64_types.h: virtual addresses from
 * here on are the kernel image's, not the direct map's. */
#define X86_64_KERNEL_MAP UINT64_C(0xffffffff80000000)

#define DEFAULT_PAGE_SIZE 4096

/* e_flags of an ELF dump that is not whole, makedumpfile's DUMP_ELF_INCOMPLETE; a kernel's
 * own core has 0 (kernel/crash_core.c, crash_prepare_elf64_headers()) */
#define ELF_INCOMPLETE 1U

struct kd_vmcore {
	struct kd_memory memory; /* first: the ops are given a pointer to it */
	struct kd_memory_ops ops;
	struct kd_file_view *file;
	uint16_t machine;
	bool incomplete;
	uint64_t host_page;
	struct kd_segments segments;
	void *notes;
	size_t notes_size;
	bool notes_cut;
	struct kd_vmcoreinfo *info;
	size_t info_offset;
	size_t info_size;
	bool info_replaced;
	unsigned int n_cpus;
	uint64_t page_offset;
	bool has_page_offset;
	char oddities[KD_ERROR_SIZE];
};

static const struct kd_vmcore *to_core(const struct kd_memory *m)
{
	return (const struct kd_vmcore *)m;
}

static int core_read(const struct kd_memory *m, kd_paddr_t addr, void *buf, size_t size)
{
	const struct kd_vmcore *core = to_core(m);
	char *out = buf;

	while (size) {
		const struct kd_segment *s = kd_segments_find(&core->segments, addr);
		size_t part;
		ssize_t n;

		if (!s)
			return core->segments.n_absent ? -ENODATA : -ENXIO;
		part = (size_t)MIN((uint64_t)size, s->end - addr);
		n = kd_file_view_read(core->file, out, part,
				      s->offset + (addr - s->start));
		if (n < 0 || (size_t)n != part)
			return -EIO;
		addr += part;
		out += part;
		size -= part;
	}
	return 0;
}

static int core_map(const struct kd_memory *m, kd_paddr_t addr, size_t want,
		    const void **ret_map, struct kd_extent *ret_slice)
{
	const struct kd_vmcore *core = to_core(m);
	const struct kd_segment *s = kd_segments_find(&core->segments, addr);
	struct kd_extent slice;
	uint64_t offset, lead;
	char *map;

	if (!s)
		return -ENXIO;
	slice.start = MAX(s->start, kd_align_down(addr, core->host_page));
	/* what rounding down took is added again, so that @want bytes from @addr fit */
	slice.end = addr + MIN((uint64_t)want, s->end - addr);
	offset = s->offset + (slice.start - s->start);
	/* segments need not be congruent to the file modulo a page */
	lead = offset % core->host_page;
	map = mmap(NULL, (size_t)(slice.end - slice.start + lead), PROT_READ, MAP_PRIVATE,
		   core->file->fd, (off_t)(offset - lead));
	if (map == MAP_FAILED)
		return -errno;
	*ret_map = map + lead;
	*ret_slice = slice;
	return 0;
}

static void core_unmap(const struct kd_memory *m, const void *map, struct kd_extent slice)
{
	const struct kd_vmcore *core = to_core(m);
	uintptr_t lead = (uintptr_t)map % core->host_page;

	(void)munmap((void *)((uintptr_t)map - lead),
		     (size_t)(slice.end - slice.start) + lead);
}

/* Frames of which a segment shows any byte: memory may begin and end inside of one. */
static int core_present(const struct kd_memory *m, kd_pfn_t *from, kd_pfn_t *ret_end)
{
	const struct kd_segments *s = &to_core(m)->segments;
	kd_pfn_t start, end;
	size_t i = kd_segments_after(s, *from * m->page_size);

	if (i == s->n_items)
		return 0;
	start = MAX(*from, s->items[i].start / m->page_size);
	do
		end = (s->items[i].end - 1) / m->page_size + 1;
	while (++i < s->n_items && s->items[i].start / m->page_size <= end);
	*from = start;
	*ret_end = end;
	return 1;
}

/* What the file allows and what of it needs telling. */
static void set_ops(struct kd_vmcore *core)
{
	core->ops = (struct kd_memory_ops) { .read = core_read };
	if (core->file->fd >= 0 && core->file->can_map) {
		core->ops.map = core_map;
		core->ops.unmap = core_unmap;
	}
	if (core->segments.n_absent)
		core->ops.present = core_present;
	core->memory.ops = &core->ops;
}

/* Remember where the direct map begins: the last PT_LOAD that says so, since the
 * first ones are the kernel image's (fs/proc/vmcore.c keeps the order of
 * kernel/crash_core.c, crash_prepare_elf64_headers()). */
static void note_page_offset(struct kd_vmcore *core, const struct kd_elf_segment *s)
{
	if (!s->vaddr || s->vaddr == UINT64_MAX || s->vaddr < s->paddr)
		return;
	if (core->machine == EM_X86_64 && s->vaddr >= X86_64_KERNEL_MAP)
		return;
	core->page_offset = s->vaddr - s->paddr;
	core->has_page_offset = true;
}

static int read_segments(struct kd_vmcore *core, const struct kd_elf *elf,
			 struct kd_error *err)
{
	struct kd_elf_segment s;
	int r;

	for (uint32_t i = 0; i < elf->phnum; i++) {
		r = kd_elf_segment(elf, i, &s, err);
		if (r < 0)
			return r;
		if (s.type != PT_LOAD)
			continue;
		note_page_offset(core, &s);
		r = kd_segments_add(&core->segments, s.paddr, s.filesz, s.offset,
				    elf->size);
		/* p_memsz beyond p_filesz is memory a filter left out */
		if (r == 0 && s.memsz > s.filesz)
			r = kd_segments_add_absent(&core->segments, s.paddr, s.filesz,
						   s.memsz, elf->size);
		if (r < 0)
			return kd_fail(err, r, "program header %u", i);
	}
	return 0;
}

static void read_vmcoreinfo(struct kd_vmcore *core)
{
	size_t offset, size;

	if (kd_notes_find_vmcoreinfo(core->notes, core->notes_size, &offset, &size) < 0)
		return;
	if (kd_vmcoreinfo_new((const char *)core->notes + offset, size, &core->info,
			      /* err= */ NULL) < 0)
		return;
	core->info_offset = offset;
	core->info_size = size;
}

static int read_notes(struct kd_vmcore *core, const struct kd_elf *elf,
		      struct kd_error *err)
{
	struct kd_notes it;
	int r;

	r = kd_elf_load_notes(elf, &core->notes, &core->notes_size, err);
	if (r < 0)
		return r;
	core->notes_cut = r > 0;
	it = (struct kd_notes) { .data = core->notes, .size = core->notes_size };
	while (core->notes_size && kd_notes_next(&it))
		if (kd_notes_is(&it, "CORE", NT_PRSTATUS))
			core->n_cpus++;
	core->notes_cut |= it.broken;
	read_vmcoreinfo(core);
	return 0;
}

/* What the kernel said about its own limits: a stray segment at 2^51 would otherwise
 * make every bitmap behind us absurd. */
static void apply_vmcoreinfo(struct kd_vmcore *core)
{
	int64_t bits;

	core->memory.page_size = DEFAULT_PAGE_SIZE;
	if (core->info)
		(void)kd_vmcoreinfo_page_size(core->info, &core->memory.page_size);
	kd_segments_limit(&core->segments, KD_MAX_PFN * core->memory.page_size);
	if (!core->info)
		return;
	if (kd_vmcoreinfo_number(core->info, "MAX_PHYSMEM_BITS", &bits) == 0 &&
	    bits >= 32 && bits < 56)
		kd_segments_limit(&core->segments, UINT64_C(1) << bits);
}

static void describe_oddities(struct kd_vmcore *core)
{
	const struct kd_segments *s = &core->segments;
	size_t n = 0;
	struct {
		bool is;
		uint64_t count;
		const char *text;
	} const all[] = {
		{ s->dropped, s->dropped, "segments that make no sense" },
		{ s->missing, s->missing, "bytes missing at the end of the file" },
		{ core->notes_cut, core->notes_size, "bytes of notes, others left out" },
		{ !core->info, 0, "usable VMCOREINFO notes" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
		int k;

		if (!all[i].is)
			continue;
		k = snprintf(core->oddities + n, sizeof(core->oddities) - n, "%s%ju %s",
			     n ? ", " : "", (uintmax_t)all[i].count, all[i].text);
		if (k < 0 || (size_t)k >= sizeof(core->oddities) - n)
			break;
		n += (size_t)k;
	}
}

static int load(struct kd_vmcore *core, struct kd_error *err)
{
	struct kd_elf elf;
	int r;

	r = kd_elf_init_view(&elf, core->file, err);
	if (r < 0)
		return r;
	core->machine = elf.machine;
	core->incomplete = elf.flags & ELF_INCOMPLETE;
	r = read_segments(core, &elf, err);
	if (r < 0)
		return r;
	r = read_notes(core, &elf, err);
	if (r < 0)
		return r;
	apply_vmcoreinfo(core);
	r = kd_segments_finish(&core->segments);
	if (r < 0)
		return kd_fail(err, r, "segments");
	if (!core->segments.n_items)
		return kd_fail_msg(err, -EBADMSG, "no memory in it");
	set_ops(core);
	core->memory.extents = core->segments.extents;
	core->memory.n_extents = core->segments.n_extents;
	describe_oddities(core);
	return 0;
}

int kd_vmcore_open_view(struct kd_file_view *file, struct kd_vmcore **ret,
			struct kd_error *err)
{
	_cleanup_(kd_vmcore_freep) struct kd_vmcore *core = malloc(sizeof(*core));
	int r;

	if (!core)
		return kd_fail(err, -ENOMEM, "vmcore");
	*core = (struct kd_vmcore) {
		.file = file,
		.host_page = (uint64_t)sysconf(_SC_PAGESIZE),
	};
	r = load(core, err);
	if (r < 0) {
		core->file = NULL; /* the caller's still */
		return r;
	}
	*ret = TAKE_PTR(core);
	return 0;
}

int kd_vmcore_open_at(int dir_fd, const char *path, struct kd_vmcore **ret,
		      struct kd_error *err)
{
	_cleanup_(kd_file_view_freep) struct kd_file_view *file = NULL;
	int r = kd_file_view_open_at(dir_fd, path, &file, err);

	if (r < 0)
		return r;
	r = kd_vmcore_open_view(file, ret, err);
	if (r < 0)
		return kd_fail(err, r, "%s", path);
	file = NULL; /* the core's now */
	return 0;
}

void kd_vmcore_free(struct kd_vmcore *core)
{
	if (!core)
		return;
	kd_file_view_free(core->file);
	kd_segments_done(&core->segments);
	free(core->notes);
	kd_vmcoreinfo_free(core->info);
	free(core);
}

bool kd_vmcore_incomplete(const struct kd_vmcore *core)
{
	return core->incomplete || core->segments.missing;
}

uint64_t kd_vmcore_missing(const struct kd_vmcore *core)
{
	return core->segments.missing;
}

const struct kd_memory *kd_vmcore_memory(const struct kd_vmcore *core)
{
	return &core->memory;
}

uint16_t kd_vmcore_machine(const struct kd_vmcore *core)
{
	return core->machine;
}

const void *kd_vmcore_notes(const struct kd_vmcore *core, size_t *ret_size)
{
	*ret_size = core->notes_size;
	return core->notes;
}

const struct kd_vmcoreinfo *kd_vmcore_info(const struct kd_vmcore *core,
					   size_t *ret_offset, size_t *ret_size)
{
	if (!core->info)
		return NULL;
	if (ret_offset)
		*ret_offset = core->info_offset;
	if (ret_size)
		*ret_size = core->info_size;
	return core->info;
}

/* What was there stays for who looks at the bytes, under a name that nobody asks for. */
static void disown_info(struct kd_vmcore *core)
{
	static const char name[12] = "DISCARDED";
	size_t offset, size;

	if (kd_notes_find_vmcoreinfo(core->notes, core->notes_size, &offset, &size) == 0)
		memcpy((char *)core->notes + offset - sizeof(name), name, sizeof(name));
}

int kd_vmcore_replace_info(struct kd_vmcore *core, const char *text, size_t size,
			   struct kd_error *err)
{
	size_t at = (size_t)kd_align_up(core->notes_size, 4);
	size_t room = kd_notes_info_bytes(size);
	_cleanup_(kd_vmcoreinfo_freep) struct kd_vmcoreinfo *info = NULL;
	char *notes;
	int r;

	r = kd_vmcoreinfo_new(text, size, &info, err);
	if (r < 0)
		return r;
	notes = realloc(core->notes, at + room);
	if (!notes)
		return kd_fail(err, -ENOMEM, "VMCOREINFO");
	core->notes = notes;
	disown_info(core);
	memset(notes + core->notes_size, 0, at - core->notes_size + room);
	kd_notes_put_info(notes + at, text, size);
	core->notes_size = at + room;
	core->info_offset = at + KD_NOTES_INFO_HEAD;
	core->info_size = size;
	kd_vmcoreinfo_free(core->info);
	core->info = TAKE_PTR(info);
	core->info_replaced = true;
	(void)kd_vmcoreinfo_page_size(core->info, &core->memory.page_size);
	core->oddities[0] = '\0';
	describe_oddities(core);
	return 0;
}

bool kd_vmcore_info_replaced(const struct kd_vmcore *core)
{
	return core->info_replaced;
}

unsigned int kd_vmcore_n_cpus(const struct kd_vmcore *core)
{
	return core->n_cpus;
}

int kd_vmcore_page_offset(const struct kd_vmcore *core, uint64_t *ret)
{
	if (!core->has_page_offset)
		return -ENODATA;
	*ret = core->page_offset;
	return 0;
}

const char *kd_vmcore_oddities(const struct kd_vmcore *core)
{
	return core->oddities;
}

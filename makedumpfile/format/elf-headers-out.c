/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Headers and notes of an ELF dump: see elf-headers-out.h. Program headers are made in
 * rows, never all at once. Called by elf-writer.c.
 */
#include "makedumpfile/format/elf-headers-out.h"

#include <elf.h>
#include <string.h>

#define ROW 256

/* docs/format-elf.md 2 */
#define INCOMPLETE 0x1U

/* Name of the note that says what was erased, with its NUL; type 0. makedumpfile(8) */
#define ERASE_NAME "ERASEINFO"

#define NOTE_ALIGN 4U

/* The most any header may hold of notes: 8192 CPUs' registers take some 4 MiB. */
#define NOTES_MAX INT32_MAX

/**
 * Where everything before the pages lies.
 *
 * @n: program headers; @section: of the section header that counts them, 0 without
 * @erase: of the ERASEINFO note; @notes_size: with it
 */
struct places {
	uint64_t n;
	uint64_t section;
	uint64_t notes;
	uint64_t erase;
	uint64_t notes_size;
	uint64_t data;
};

int kd_elf_info_check(const struct kd_elf_info *info, struct kd_error *err)
{
	if (!kd_is_power_of_2(info->page_size) || info->page_size < 4096 ||
	    info->page_size > 262144)
		return kd_fail_msg(err, -EINVAL, "no page size: %u", info->page_size);
	if (info->notes_size > NOTES_MAX || info->erase_size > NOTES_MAX)
		return kd_fail_msg(err, -EFBIG, "notes of %zu bytes", info->notes_size);
	return 0;
}

static uint64_t erase_note_size(const struct kd_elf_info *info)
{
	return sizeof(Elf64_Nhdr) + kd_align_up(sizeof(ERASE_NAME), NOTE_ALIGN) +
	       kd_align_up(info->erase_size, NOTE_ALIGN);
}

static int find_places(const struct kd_elf_info *info, const struct kd_elf_plan *plan,
		       struct places *ret)
{
	struct places p = { .n = 1 + plan->n };
	uint64_t table = sizeof(Elf64_Ehdr) + p.n * sizeof(Elf64_Phdr), bytes, end;
	kd_pfn_t last = 0;

	if (p.n >= PN_XNUM) {
		p.section = table;
		table += sizeof(Elf64_Shdr);
	}
	p.notes = table;
	p.erase = p.notes + kd_align_up(info->notes_size, NOTE_ALIGN);
	p.notes_size = info->notes_size;
	if (info->erase)
		p.notes_size = p.erase + erase_note_size(info) - p.notes;
	p.data = kd_align_up(p.notes + p.notes_size, info->page_size);

	if (plan->n)
		last = plan->pieces[plan->n - 1].start + plan->n_pages -
		       plan->pieces[plan->n - 1].before;
	if (__builtin_mul_overflow(plan->n_pages, info->page_size, &bytes) ||
	    __builtin_add_overflow(bytes, p.data, &end) || end > INT64_MAX ||
	    last > UINT64_MAX / info->page_size)
		return -EFBIG;
	*ret = p;
	return 0;
}

static int put(struct kd_sink *s, uint64_t offset, const void *data, size_t size)
{
	return size ? s->ops->write(s, offset, data, size) : 0;
}

int kd_elf_put_zeros(struct kd_sink *s, uint64_t from, uint64_t to)
{
	static const uint8_t zeros[65536];
	int r = 0;

	for (size_t n; from < to && r == 0; from += n) {
		n = (size_t)MIN(to - from, (uint64_t)sizeof(zeros));
		r = put(s, from, zeros, n);
	}
	return r;
}

static int put_elf_header(const struct kd_elf_info *info, const struct places *p,
			  struct kd_sink *s)
{
	Elf64_Ehdr h = {
		.e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64, ELFDATA2LSB,
			     EV_CURRENT },
		.e_type = ET_CORE,
		.e_machine = info->machine,
		.e_version = EV_CURRENT,
		.e_phoff = sizeof(Elf64_Ehdr),
		.e_flags = INCOMPLETE,
		.e_ehsize = sizeof(Elf64_Ehdr),
		.e_phentsize = sizeof(Elf64_Phdr),
		.e_phnum = (Elf64_Half)MIN(p->n, (uint64_t)PN_XNUM),
	};

	if (p->section) {
		h.e_shoff = p->section;
		h.e_shentsize = sizeof(Elf64_Shdr);
		h.e_shnum = 1;
	}
	return put(s, 0, &h, sizeof(h));
}

/* gABI, "Program Header": the count that e_phnum cannot hold. */
static int put_section(const struct places *p, struct kd_sink *s)
{
	Elf64_Shdr section = { .sh_type = SHT_NULL, .sh_info = (Elf64_Word)p->n };

	return p->section ? put(s, p->section, &section, sizeof(section)) : 0;
}

static Elf64_Phdr load_header(const struct kd_elf_info *info, const struct places *p,
			      const struct kd_elf_piece *piece)
{
	uint64_t size = (piece[1].before - piece->before) * info->page_size;
	uint64_t paddr = piece->start * info->page_size;

	/* p_align 0: crash takes page-aligned segments with another for netdump's. */
	return (Elf64_Phdr) {
		.p_type = PT_LOAD,
		.p_flags = PF_R | PF_W | PF_X,
		.p_offset = p->data + piece->before * info->page_size,
		.p_vaddr = info->has_direct_map ? info->page_offset + paddr : 0,
		.p_paddr = paddr,
		.p_filesz = size,
		.p_memsz = size,
	};
}

static int put_program_headers(const struct kd_elf_info *info,
			       const struct kd_elf_plan *plan, const struct places *p,
			       struct kd_sink *s)
{
	Elf64_Phdr row[ROW];
	size_t n = 0;
	uint64_t at = sizeof(Elf64_Ehdr);

	row[n++] = (Elf64_Phdr) { .p_type = PT_NOTE,
				  .p_offset = p->notes,
				  .p_filesz = p->notes_size,
				  .p_memsz = p->notes_size };
	for (size_t i = 0; i <= plan->n; i++) {
		if (n == ROW || i == plan->n) {
			int r = put(s, at, row, n * sizeof(row[0]));

			if (r < 0)
				return r;
			at += n * sizeof(row[0]);
			n = 0;
		}
		if (i < plan->n)
			row[n++] = load_header(info, p, &plan->pieces[i]);
	}
	return 0;
}

static int put_notes(const struct kd_elf_info *info, const struct places *p,
		     struct kd_sink *s)
{
	Elf64_Nhdr head = { .n_namesz = sizeof(ERASE_NAME),
			    .n_descsz = (Elf64_Word)info->erase_size };
	uint64_t text = p->erase + sizeof(head) +
			kd_align_up(sizeof(ERASE_NAME), NOTE_ALIGN);
	uint64_t end = p->notes + info->notes_size;
	int r = put(s, p->notes, info->notes, info->notes_size);

	if (r == 0 && info->erase) {
		if ((r = kd_elf_put_zeros(s, end, p->erase)) < 0 ||
		    (r = put(s, p->erase, &head, sizeof(head))) < 0 ||
		    (r = put(s, p->erase + sizeof(head), ERASE_NAME,
			     sizeof(ERASE_NAME))) < 0 ||
		    (r = kd_elf_put_zeros(s, p->erase + sizeof(head) + sizeof(ERASE_NAME),
					  text)) < 0 ||
		    (r = put(s, text, info->erase, info->erase_size)) < 0)
			return r;
		end = text + info->erase_size;
	}
	return r < 0 ? r : kd_elf_put_zeros(s, end, p->data);
}

int kd_elf_headers_write(const struct kd_elf_info *info, const struct kd_elf_plan *plan,
			 struct kd_sink *sink, uint64_t *ret_data, struct kd_error *err)
{
	struct places p;
	int r;

	r = find_places(info, plan, &p);
	if (r < 0)
		return kd_fail(err, r, "%llu pages", (unsigned long long)plan->n_pages);
	if ((r = put_elf_header(info, &p, sink)) < 0 ||
	    (r = put_program_headers(info, plan, &p, sink)) < 0 ||
	    (r = put_section(&p, sink)) < 0 || (r = put_notes(info, &p, sink)) < 0)
		return kd_fail(err, r, "dump header");
	*ret_data = p.data;
	return 0;
}

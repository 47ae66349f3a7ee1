/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ELF headers by libelf's conversion functions, over bytes that were bounded here:
 * libelf's own descriptors would load whole tables and trust section counts, which a
 * capture kernel with a few MB left cannot afford. Called by elf-core.c and
 * layout/running.c.
 */
#include "makedumpfile/vmcore/elf-headers.h"

#include <gelf.h>
#include <libelf.h>
#include <string.h>

/* include/uapi/linux/vmcore.h: notes that drivers add to a vmcore, "novmcoredd" without */
#define NT_VMCOREDD	 0x700
#define MAX_DEVICE_DUMPS 1024

/* From the file's bytes to a host structure. */
static int convert(const void *raw, size_t size, Elf_Type type, void *ret)
{
	Elf_Data from = {
		.d_buf = (void *)raw,
		.d_type = type,
		.d_size = size,
		.d_version = EV_CURRENT,
	};
	Elf_Data to = {
		.d_buf = ret,
		.d_type = type,
		.d_size = size,
		.d_version = EV_CURRENT,
	};

	if (elf_version(EV_CURRENT) == EV_NONE ||
	    !elf64_xlatetom(&to, &from, ELFDATA2LSB))
		return -EBADMSG;
	return 0;
}

static int read_at(const struct kd_elf *elf, uint64_t offset, void *buf, size_t size)
{
	return kd_file_view_read_all(elf->view ?: &elf->lent, buf, size, offset);
}

static int check_ident(const unsigned char *ident, struct kd_error *err)
{
	if (memcmp(ident, ELFMAG, SELFMAG) != 0)
		return kd_fail_msg(err, -ENOEXEC, "not an ELF file");
	if (ident[EI_CLASS] != ELFCLASS64)
		return kd_fail_msg(err, -ENOTSUP, "32-bit ELF cores are not supported");
	if (ident[EI_DATA] != ELFDATA2LSB)
		return kd_fail_msg(err, -ENOTSUP,
				   "big-endian ELF cores are not supported");
	return 0;
}

/* With 65535 program headers or more, the count is sh_info of section 0 (gABI,
 * PN_XNUM). */
static int program_header_count(const struct kd_elf *elf, const Elf64_Ehdr *ehdr,
				uint32_t *ret)
{
	char raw[sizeof(Elf64_Shdr)];
	Elf64_Shdr shdr;
	int r;

	if (ehdr->e_phnum != PN_XNUM) {
		*ret = ehdr->e_phnum;
		return 0;
	}
	if (!ehdr->e_shoff)
		return -EBADMSG;
	r = read_at(elf, ehdr->e_shoff, raw, sizeof(raw));
	if (r < 0)
		return r;
	r = convert(raw, sizeof(raw), ELF_T_SHDR, &shdr);
	if (r < 0)
		return r;
	*ret = shdr.sh_info;
	return 0;
}

static int check_table(const struct kd_elf *elf, const Elf64_Ehdr *ehdr,
		       struct kd_error *err)
{
	uint64_t bytes = (uint64_t)elf->phnum * sizeof(Elf64_Phdr);

	if (ehdr->e_phentsize != sizeof(Elf64_Phdr))
		return kd_fail(err, -EBADMSG, "program header size %u",
			       ehdr->e_phentsize);
	if (!elf->phnum || elf->phnum > KD_ELF_MAX_SEGMENTS)
		return kd_fail(err, -EBADMSG, "%u program headers", elf->phnum);
	if (elf->phoff > elf->size || bytes > elf->size - elf->phoff)
		return kd_fail(err, -EBADMSG,
			       "program headers behind the end of the file");
	return 0;
}

static int init(struct kd_elf *elf, struct kd_error *err)
{
	char raw[sizeof(Elf64_Ehdr)];
	Elf64_Ehdr ehdr;
	int r;

	r = read_at(elf, 0, raw, sizeof(raw));
	if (r == -EBADMSG)
		return kd_fail_msg(err, -ENOEXEC, "not an ELF file");
	if (r < 0)
		return kd_fail(err, r, "ELF header");
	r = check_ident((const unsigned char *)raw, err);
	if (r < 0)
		return r;
	r = convert(raw, sizeof(raw), ELF_T_EHDR, &ehdr);
	if (r < 0)
		return kd_fail(err, r, "ELF header");
	if (ehdr.e_type != ET_CORE)
		return kd_fail_msg(err, -ENOEXEC, "not a core file (ELF type %u)",
				   ehdr.e_type);
	elf->machine = ehdr.e_machine;
	elf->flags = ehdr.e_flags;
	elf->phoff = ehdr.e_phoff;
	r = program_header_count(elf, &ehdr, &elf->phnum);
	if (r < 0)
		return kd_fail(err, r, "program header count");
	return check_table(elf, &ehdr, err);
}

int kd_elf_init_view(struct kd_elf *ret, const struct kd_file_view *view,
		     struct kd_error *err)
{
	struct kd_elf elf = { .view = view, .size = view->size };
	int r = init(&elf, err);

	if (r < 0)
		return r;
	*ret = elf;
	return 0;
}

int kd_elf_init(struct kd_elf *ret, int fd, struct kd_error *err)
{
	struct kd_elf elf = { .view = NULL };
	int r = kd_file_view_init(&elf.lent, fd);

	if (r < 0)
		return kd_fail(err, r, "file size");
	elf.size = elf.lent.size;
	r = init(&elf, err);
	if (r < 0)
		return r;
	*ret = elf;
	return 0;
}

int kd_elf_segment(const struct kd_elf *elf, uint32_t i, struct kd_elf_segment *ret,
		   struct kd_error *err)
{
	char raw[sizeof(Elf64_Phdr)];
	Elf64_Phdr p;
	int r;

	if (i >= elf->phnum)
		return kd_fail(err, -EINVAL, "program header %u of %u", i, elf->phnum);
	r = read_at(elf, elf->phoff + (uint64_t)i * sizeof(p), raw, sizeof(raw));
	if (r == 0)
		r = convert(raw, sizeof(raw), ELF_T_PHDR, &p);
	if (r < 0)
		return kd_fail(err, r, "program header %u", i);
	*ret = (struct kd_elf_segment) {
		.type = p.p_type,
		.offset = p.p_offset,
		.vaddr = p.p_vaddr,
		.paddr = p.p_paddr,
		.filesz = p.p_filesz,
		.memsz = p.p_memsz,
	};
	return 0;
}

/* How many of @size bytes of notes at @offset are leading device dumps. They come
 * first, can be hundreds of MB, and must not crowd out what tells about the kernel. */
static uint64_t device_dumps(const struct kd_elf *elf, uint64_t offset, uint64_t size)
{
	uint64_t skipped = 0;

	for (unsigned int i = 0; i < MAX_DEVICE_DUMPS; i++) {
		Elf64_Nhdr h;
		uint64_t note;

		if (size - skipped < sizeof(h) ||
		    read_at(elf, offset + skipped, &h, sizeof(h)) < 0 ||
		    h.n_type != NT_VMCOREDD)
			break;
		note = sizeof(h) + kd_align_up(h.n_namesz, 4) +
		       kd_align_up(h.n_descsz, 4);
		if (note > size - skipped)
			break;
		skipped += note;
	}
	return skipped;
}

/* Append one PT_NOTE to the buffer. Returns 0, or 1 when part of it is left out. */
static int append_notes(const struct kd_elf *elf, const struct kd_elf_segment *s,
			char **data, size_t *size)
{
	uint64_t room = (uint64_t)KD_ELF_MAX_NOTES - *size, there, skip = 0, take;
	size_t padded;
	char *bigger;
	int r;

	if (s->offset >= elf->size)
		return s->filesz != 0;
	there = MIN(elf->size - s->offset, s->filesz);
	if (there > room)
		skip = device_dumps(elf, s->offset, there);
	take = MIN(there - skip, room);
	if (!take)
		return s->filesz != 0;
	padded = (size_t)kd_align_up(take, 4);
	bigger = realloc(*data, *size + padded);
	if (!bigger)
		return -ENOMEM;
	*data = bigger;
	memset(bigger + *size, 0, padded);
	r = read_at(elf, s->offset + skip, bigger + *size, (size_t)take);
	if (r < 0)
		return r;
	*size += padded;
	return take < s->filesz;
}

int kd_elf_load_notes(const struct kd_elf *elf, void **ret, size_t *ret_size,
		      struct kd_error *err)
{
	_cleanup_(kd_freep) char *data = NULL;
	struct kd_elf_segment s;
	size_t size = 0;
	int r, cut = 0;

	for (uint32_t i = 0; i < elf->phnum; i++) {
		r = kd_elf_segment(elf, i, &s, err);
		if (r < 0)
			return r;
		if (s.type != PT_NOTE)
			continue;
		r = append_notes(elf, &s, &data, &size);
		if (r < 0)
			return kd_fail(err, r, "notes in program header %u", i);
		cut |= r;
	}
	*ret = TAKE_PTR(data);
	*ret_size = size;
	return cut;
}

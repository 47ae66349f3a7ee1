/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vmlinux by libelf: see vmlinux.h. Trusts nothing that libelf did not bound. Called by
 * extra.c and generate.c.
 */
#include "makedumpfile/layout/vmlinux.h"

#include <ctype.h>
#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <string.h>

#include "makedumpfile/vmcore/notes.h"

/** @symbols: data of .symtab, NULL without; @strings: index of its string section */
struct kd_vmlinux {
	int fd;
	Elf *elf;
	Elf_Data *symbols;
	size_t n_symbols, strings;
	char release[KD_RELEASE_SIZE];
	char build_id[KD_BUILD_ID_HEX];
};

static void find_symbols(struct kd_vmlinux *v)
{
	Elf_Scn *section = NULL;
	GElf_Shdr header;

	while ((section = elf_nextscn(v->elf, section))) {
		if (!gelf_getshdr(section, &header) || header.sh_type != SHT_SYMTAB ||
		    !header.sh_entsize)
			continue;
		v->symbols = elf_getdata(section, NULL);
		v->strings = header.sh_link;
		v->n_symbols = v->symbols ? v->symbols->d_size / sizeof(Elf64_Sym) : 0;
		return;
	}
}

int kd_vmlinux_symbol(const struct kd_vmlinux *v, const char *name, kd_vaddr_t *ret)
{
	GElf_Sym symbol;

	for (size_t i = 0; i < v->n_symbols; i++) {
		const char *own;

		if (!gelf_getsym(v->symbols, (int)i, &symbol) ||
		    symbol.st_shndx == SHN_UNDEF)
			continue;
		own = elf_strptr(v->elf, v->strings, symbol.st_name);
		if (own && *own == *name && strcmp(own, name) == 0) {
			*ret = symbol.st_value;
			return 0;
		}
	}
	return -ENODATA;
}

/* The bytes of a section in the file, not converted and not inflated. */
static bool raw(Elf_Scn *section, const GElf_Shdr *header, const void **ret,
		size_t *ret_size)
{
	Elf_Data *data;

	if (header->sh_type == SHT_NOBITS || (header->sh_flags & SHF_COMPRESSED))
		return false;
	data = elf_rawdata(section, NULL);
	if (!data || !data->d_buf || !data->d_size)
		return false;
	*ret = data->d_buf;
	*ret_size = data->d_size;
	return true;
}

int kd_vmlinux_section(const struct kd_vmlinux *v, const char *name, const void **ret,
		       size_t *ret_size)
{
	Elf_Scn *section = NULL;
	GElf_Shdr header;
	size_t names;

	if (elf_getshdrstrndx(v->elf, &names) < 0)
		return -ENODATA;
	while ((section = elf_nextscn(v->elf, section))) {
		const char *own;

		if (!gelf_getshdr(section, &header))
			continue;
		own = elf_strptr(v->elf, names, header.sh_name);
		if (own && strcmp(own, name) == 0)
			return raw(section, &header, ret, ret_size) ? 0 : -ENODATA;
	}
	return -ENODATA;
}

/* What the file has at link address @addr, up to its section's end. */
static bool contents(const struct kd_vmlinux *v, kd_vaddr_t addr, const char **ret,
		     size_t *ret_size)
{
	Elf_Scn *section = NULL;
	GElf_Shdr header;
	const void *data;
	size_t size;

	while ((section = elf_nextscn(v->elf, section))) {
		if (!gelf_getshdr(section, &header) || !(header.sh_flags & SHF_ALLOC) ||
		    addr < header.sh_addr || addr - header.sh_addr >= header.sh_size)
			continue;
		if (!raw(section, &header, &data, &size) || addr - header.sh_addr >= size)
			return false;
		*ret = (const char *)data + (addr - header.sh_addr);
		*ret_size = size - (size_t)(addr - header.sh_addr);
		return true;
	}
	return false;
}

/* linux_banner (init/version.c): "Linux version RELEASE (…". */
static void read_release(struct kd_vmlinux *v)
{
	static const char start[] = "Linux version ";
	size_t skip = sizeof(start) - 1, size = 0, n = 0;
	const char *text = NULL;
	kd_vaddr_t banner;

	if (kd_vmlinux_symbol(v, "linux_banner", &banner) < 0 ||
	    !contents(v, banner, &text, &size) || size <= skip ||
	    memcmp(text, start, skip) != 0)
		return;
	while (skip + n < size && isgraph((unsigned char)text[skip + n]))
		n++;
	if (n < sizeof(v->release))
		memcpy(v->release, text + skip, n);
}

static void read_build_id(struct kd_vmlinux *v)
{
	struct kd_notes it = { 0 };

	if (kd_vmlinux_section(v, ".notes", &it.data, &it.size) < 0 &&
	    kd_vmlinux_section(v, ".note.gnu.build-id", &it.data, &it.size) < 0)
		return;
	while (kd_notes_next(&it)) {
		if (!kd_notes_is(&it, "GNU", NT_GNU_BUILD_ID) ||
		    2 * it.desc_size >= sizeof(v->build_id))
			continue;
		for (size_t i = 0; i < it.desc_size; i++)
			(void)snprintf(v->build_id + 2 * i, 3, "%02x",
				       ((const uint8_t *)it.desc)[i]);
		return;
	}
}

static bool is_ours(Elf *elf)
{
	GElf_Ehdr header;

	return elf && elf_kind(elf) == ELF_K_ELF && gelf_getclass(elf) == ELFCLASS64 &&
	       gelf_getehdr(elf, &header) && header.e_ident[EI_DATA] == ELFDATA2LSB;
}

int kd_vmlinux_open_at(int dir_fd, const char *path, struct kd_vmlinux **ret,
		       struct kd_error *err)
{
	_cleanup_(kd_vmlinux_freep) struct kd_vmlinux *v = malloc(sizeof(*v));

	if (!v)
		return kd_fail(err, -ENOMEM, "%s", path);
	*v = (struct kd_vmlinux) { .fd = -EBADF };
	v->fd = openat(dir_fd, path, O_RDONLY | O_CLOEXEC);
	if (v->fd < 0)
		return kd_fail(err, -errno, "%s", path);
	(void)elf_version(EV_CURRENT);
	v->elf = elf_begin(v->fd, ELF_C_READ_MMAP, NULL);
	if (!is_ours(v->elf))
		return kd_fail_msg(err, -ENOEXEC, "%s: no 64-bit little-endian ELF file",
				   path);
	find_symbols(v);
	read_release(v);
	read_build_id(v);
	*ret = TAKE_PTR(v);
	return 0;
}

void kd_vmlinux_free(struct kd_vmlinux *v)
{
	if (!v)
		return;
	if (v->elf)
		(void)elf_end(v->elf);
	kd_close(v->fd);
	free(v);
}

int kd_vmlinux_fd(const struct kd_vmlinux *v)
{
	return v->fd;
}

const char *kd_vmlinux_release(const struct kd_vmlinux *v)
{
	return v->release;
}

const char *kd_vmlinux_build_id(const struct kd_vmlinux *v)
{
	return v->build_id;
}

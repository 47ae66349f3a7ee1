/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ELF files by libelf: see elf-needs.h. Goes by the program headers, as the loader
 * does: a stripped file may have no sections. Called by closure.
 */
#include <fcntl.h>
#include <gelf.h>
#include <limits.h>
#include <string.h>

#include "base/io.h"
#include "capture-kernel/image/elf-needs.h"

#define MAX_STRINGS (1U << 20) /* bytes of a dynamic string table that are looked at */

void kd_elf_needs_done(struct kd_elf_needs *needs)
{
	free(needs->interpreter);
	free(needs->rpath);
	free(needs->runpath);
	kd_strlist_done(&needs->needed);
	*needs = (struct kd_elf_needs) { 0 };
}

static void end_elfp(Elf **elf)
{
	(void)elf_end(*elf);
}

/* A copy of the NUL-terminated string at @at, or an error when it has no end. */
static int copy_string(const Elf_Data *data, uint64_t at, char **ret)
{
	const char *text;
	char *copy;

	if (!data || !data->d_buf || at >= data->d_size)
		return -ENOEXEC;
	text = (const char *)data->d_buf + at;
	if (strnlen(text, data->d_size - at) == data->d_size - at)
		return -ENOEXEC;
	copy = strdup(text);
	if (!copy)
		return -ENOMEM;
	free(*ret);
	*ret = copy;
	return 0;
}

static Elf_Data *segment(Elf *elf, const GElf_Phdr *ph, Elf_Type type)
{
	if (ph->p_filesz == 0 || ph->p_offset > INT64_MAX)
		return NULL;
	return elf_getdata_rawchunk(elf, (int64_t)ph->p_offset, ph->p_filesz, type);
}

/* The file's bytes that are loaded at @address. */
static Elf_Data *bytes_at(Elf *elf, size_t n_phdrs, uint64_t address, uint64_t size)
{
	GElf_Phdr ph;

	for (size_t i = 0; i < n_phdrs; i++) {
		uint64_t into;

		if (!gelf_getphdr(elf, (int)i, &ph) || ph.p_type != PT_LOAD ||
		    address < ph.p_vaddr)
			continue;
		into = address - ph.p_vaddr;
		if (into >= ph.p_filesz || size > ph.p_filesz - into ||
		    ph.p_offset > INT64_MAX - into)
			continue;
		return elf_getdata_rawchunk(elf, (int64_t)(ph.p_offset + into), size,
					    ELF_T_BYTE);
	}
	return NULL;
}

static Elf_Data *dynamic_strings(Elf *elf, size_t n_phdrs, Elf_Data *dynamic, size_t n)
{
	uint64_t address = 0, size = 0;
	GElf_Dyn dyn;

	for (size_t i = 0; i < n && gelf_getdyn(dynamic, (int)i, &dyn); i++) {
		if (dyn.d_tag == DT_NULL)
			break;
		if (dyn.d_tag == DT_STRTAB)
			address = dyn.d_un.d_ptr;
		if (dyn.d_tag == DT_STRSZ)
			size = dyn.d_un.d_val;
	}
	if (size == 0 || size > MAX_STRINGS)
		return NULL;
	return bytes_at(elf, n_phdrs, address, size);
}

static int read_entry(const GElf_Dyn *dyn, const Elf_Data *strings,
		      struct kd_elf_needs *ret)
{
	_cleanup_(kd_freep) char *name = NULL;
	int r;

	switch (dyn->d_tag) {
	case DT_NEEDED:
		r = copy_string(strings, dyn->d_un.d_val, &name);
		return r < 0 ? r : kd_strlist_add(&ret->needed, name);
	case DT_RPATH:
		return copy_string(strings, dyn->d_un.d_val, &ret->rpath);
	case DT_RUNPATH:
		return copy_string(strings, dyn->d_un.d_val, &ret->runpath);
	default:
		return 0;
	}
}

static int read_dynamic(Elf *elf, size_t n_phdrs, const GElf_Phdr *ph,
			struct kd_elf_needs *ret)
{
	Elf_Data *dynamic = segment(elf, ph, ELF_T_DYN), *strings;
	size_t entry = gelf_fsize(elf, ELF_T_DYN, 1, EV_CURRENT), n;
	GElf_Dyn dyn;
	int r;

	if (!dynamic || entry == 0)
		return -ENOEXEC;
	n = MIN(dynamic->d_size / entry, (size_t)INT_MAX);
	strings = dynamic_strings(elf, n_phdrs, dynamic, n);
	for (size_t i = 0; i < n && gelf_getdyn(dynamic, (int)i, &dyn); i++) {
		if (dyn.d_tag == DT_NULL)
			break;
		r = read_entry(&dyn, strings, ret);
		if (r < 0)
			return r;
	}
	return 0;
}

static int read_elf(Elf *elf, struct kd_elf_needs *ret)
{
	GElf_Ehdr eh;
	GElf_Phdr ph;
	size_t n;
	int r = 0;

	if (!gelf_getehdr(elf, &eh) || elf_getphdrnum(elf, &n) < 0 || n > INT_MAX)
		return -ENOEXEC;
	ret->is_elf = true;
	ret->elf_class = gelf_getclass(elf);
	ret->machine = eh.e_machine;
	for (size_t i = 0; i < n && r == 0; i++) {
		if (!gelf_getphdr(elf, (int)i, &ph))
			return -ENOEXEC;
		if (ph.p_type == PT_INTERP)
			r = copy_string(segment(elf, &ph, ELF_T_BYTE), 0,
					&ret->interpreter);
		else if (ph.p_type == PT_DYNAMIC)
			r = read_dynamic(elf, n, &ph, ret);
	}
	return r;
}

/* "#! /bin/sh -e": the first word; fs/binfmt_script.c reads no more than 256 bytes. */
static int read_script(int fd, struct kd_elf_needs *ret)
{
	char line[257];
	ssize_t n;
	char *word;

	n = kd_pread_full(fd, line, sizeof(line) - 1, 0);
	if (n < 0)
		return (int)n;
	line[n] = '\0';
	if (strncmp(line, "#!", 2) != 0)
		return 0;
	word = line + 2 + strspn(line + 2, " \t");
	word[strcspn(word, " \t\n")] = '\0';
	if (word[0] != '/')
		return 0;
	ret->interpreter = strdup(word);
	return ret->interpreter ? 0 : -ENOMEM;
}

int kd_elf_needs_read(int fd, struct kd_elf_needs *ret, struct kd_error *err)
{
	_cleanup_(kd_elf_needs_done) struct kd_elf_needs needs = { 0 };
	_cleanup_(end_elfp) Elf *elf = NULL;
	int r;

	if (elf_version(EV_CURRENT) == EV_NONE)
		return kd_fail(err, -ENOSYS, "libelf");
	elf = elf_begin(fd, ELF_C_READ, NULL);
	if (elf && elf_kind(elf) == ELF_K_ELF)
		r = read_elf(elf, &needs);
	else
		r = read_script(fd, &needs);
	if (r < 0)
		return kd_fail(err, r, "reading what it needs");

	*ret = needs;
	needs = (struct kd_elf_needs) { 0 };
	return 0;
}

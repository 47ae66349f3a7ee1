/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * PE section headers: see pe.h. Trusts nothing in the file: each offset is compared with
 * what is there.
 */
#include "kexec/image/pe.h"

#include "base/le.h"
#include "kexec/image/format.h"

/* DOS header */
#define DOS_SIZE  0x40
#define PE_OFFSET 0x3c

/* "PE\0\0" and the COFF header behind it */
#define N_SECTIONS    6
#define OPTIONAL_SIZE 20
#define HEADER_SIZE   24 /* the optional header follows, then the sections */

/* section header */
#define NAME_SIZE    8
#define VIRTUAL_SIZE 8
#define RAW_SIZE     16
#define RAW_OFFSET   20
#define SECTION_SIZE 40

int kd_pe_open(struct kd_bytes file, struct kd_pe *ret, struct kd_error *err)
{
	struct kd_pe pe = { .file = file };
	struct kd_bytes header;
	uint64_t at;

	if (!kd_bytes_have(file, 0, "MZ", 2))
		return kd_fail_msg(err, -ENOEXEC, "not an EFI program");
	if (file.size < DOS_SIZE)
		return kd_fail_msg(err, -ENOEXEC, "cut short");
	at = kd_le32(file.data + PE_OFFSET);
	if (!kd_bytes_part(file, at, HEADER_SIZE, &header) ||
	    memcmp(header.data, "PE\0\0", 4) != 0)
		return kd_fail_msg(err, -ENOEXEC, "no PE header, or cut short");
	pe.n_sections = kd_le16(header.data + N_SECTIONS);
	at += HEADER_SIZE + kd_le16(header.data + OPTIONAL_SIZE);
	if (!kd_bytes_part(file, at, pe.n_sections * (uint64_t)SECTION_SIZE, &pe.table))
		return kd_fail_msg(err, -ENOEXEC, "cut short inside of its headers");
	*ret = pe;
	return 0;
}

int kd_pe_section(const struct kd_pe *pe, const char *name, struct kd_bytes *ret,
		  struct kd_error *err)
{
	char padded[NAME_SIZE] = { 0 };
	uint32_t size;

	memcpy(padded, name, strnlen(name, NAME_SIZE));
	for (unsigned int i = 0; i < pe->n_sections; i++) {
		const uint8_t *s = pe->table.data + (size_t)i * SECTION_SIZE;

		if (memcmp(s, padded, NAME_SIZE) != 0)
			continue;
		/* What is in the file is a multiple of the alignment; a virtual size of 0
		 * stands for all of it. */
		size = kd_le32(s + RAW_SIZE);
		if (kd_le32(s + VIRTUAL_SIZE))
			size = MIN(size, kd_le32(s + VIRTUAL_SIZE));
		if (!kd_bytes_part(pe->file, kd_le32(s + RAW_OFFSET), size, ret))
			return kd_fail_msg(err, -ENOEXEC, "cut short: no end of %s",
					   name);
		return 0;
	}
	return -ENODATA;
}

uint64_t kd_pe_end(const struct kd_pe *pe)
{
	uint64_t end = 0;

	for (unsigned int i = 0; i < pe->n_sections; i++) {
		const uint8_t *s = pe->table.data + (size_t)i * SECTION_SIZE;

		end = MAX(end, (uint64_t)kd_le32(s + RAW_OFFSET) + kd_le32(s + RAW_SIZE));
	}
	return end;
}

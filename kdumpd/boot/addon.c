/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writing and reading systemd-stub's addons: see addon.h. The layout is Microsoft's "PE
 * Format", PE32+: headers, a few bytes of code that only says it is not to be run, and
 * the sections that matter. Trusts nothing in a file. Called by boot-places.c.
 */
#include "kdumpd/boot/addon.h"

#include <string.h>

#include "base/le.h"
#include "kexec/image/pe.h"

#define FILE_ALIGN   512u
#define MEMORY_ALIGN 4096u
#define PE_AT	     0x40u
#define OPTIONAL_AT  (PE_AT + 24u)
#define OPTIONAL_LEN 240u /* 112, and 16 data directories that are empty */
#define SECTIONS_AT  (OPTIONAL_AT + OPTIONAL_LEN)
#define SECTION_LEN  40u
#define SECTIONS     3u

#define PE32_PLUS	    0x20b
#define EXECUTABLE_LARGE    0x0022 /* IMAGE_FILE_EXECUTABLE_IMAGE, LARGE_ADDRESS_AWARE */
#define EFI_APPLICATION	    10
#define NX_COMPAT	    0x0100
#define CODE		    0x60000020 /* IMAGE_SCN_CNT_CODE, MEM_EXECUTE, MEM_READ */
#define INITIALIZED_DATA    0x40000040 /* IMAGE_SCN_CNT_INITIALIZED_DATA, MEM_READ */
#define FIRST_SECTION_VA    MEMORY_ALIGN
#define SECTION_NAME_LENGTH 8

/* What a shim asks of everything it is to trust: the generation of what made the file. */
#define SBAT                                                                   \
	"sbat,1,SBAT Version,sbat,1,https://github.com/rhboot/shim/blob/main/" \
	"SBAT.md\nkdumpd-addon,1,kdumpd,kdumpd,1,kernel parameters\n"

/* return EFI_UNSUPPORTED: an addon that somebody starts does nothing */
static const uint8_t code_x86_64[] = { 0x48, 0xb8, 3, 0, 0, 0, 0, 0, 0, 0x80, 0xc3 };
static const uint8_t code_arm64[] = {
	0x60, 0x00, 0x80, 0xd2, /* mov x0, #3 */
	0x00, 0x00, 0xf0, 0xf2, /* movk x0, #0x8000, lsl #48 */
	0xc0, 0x03, 0x5f, 0xd6, /* ret */
};

/** IMAGE_FILE_MACHINE_*, and the code. */
static const struct machine {
	enum kd_arch arch;
	uint16_t number;
	struct kd_bytes code;
} machines[] = {
	{ KD_ARCH_X86_64, 0x8664, { code_x86_64, sizeof(code_x86_64) } },
	{ KD_ARCH_ARM64, 0xaa64, { code_arm64, sizeof(code_arm64) } },
};

struct section {
	const char *name;
	struct kd_bytes data;
	uint32_t flags;
};

static const struct machine *find_machine(enum kd_arch arch)
{
	for (size_t i = 0; i < ARRAY_SIZE(machines); i++)
		if (machines[i].arch == arch)
			return &machines[i];
	return NULL;
}

static uint32_t aligned(size_t size, uint32_t to)
{
	return (uint32_t)kd_align_up(size, to);
}

/* Fills one section header; *va and *raw are where the section goes, and step on. */
static void put_section(uint8_t *to, const struct section *s, uint32_t *va, uint32_t *raw)
{
	uint32_t raw_size = aligned(s->data.size, FILE_ALIGN);

	memcpy(to, s->name, strnlen(s->name, SECTION_NAME_LENGTH));
	kd_put_le32(to + 8, (uint32_t)s->data.size);
	kd_put_le32(to + 12, *va);
	kd_put_le32(to + 16, raw_size);
	kd_put_le32(to + 20, raw_size ? *raw : 0);
	kd_put_le32(to + 36, s->flags);
	*va += MAX(aligned(s->data.size, MEMORY_ALIGN), MEMORY_ALIGN);
	*raw += raw_size;
}

static void put_optional(uint8_t *to, uint32_t code_size, uint32_t image_size)
{
	kd_put_le16(to, PE32_PLUS);
	kd_put_le32(to + 4, code_size);
	kd_put_le32(to + 16, FIRST_SECTION_VA); /* entry */
	kd_put_le32(to + 20, FIRST_SECTION_VA); /* code */
	kd_put_le32(to + 32, MEMORY_ALIGN);
	kd_put_le32(to + 36, FILE_ALIGN);
	kd_put_le32(to + 56, image_size);
	kd_put_le32(to + 60, FILE_ALIGN); /* headers */
	kd_put_le16(to + 68, EFI_APPLICATION);
	kd_put_le16(to + 70, NX_COMPAT);
	kd_put_le32(to + 108, 16); /* data directories, all empty */
}

static void put_headers(uint8_t head[static FILE_ALIGN], const struct machine *m,
			const struct section sections[static SECTIONS])
{
	uint32_t va = FIRST_SECTION_VA, raw = FILE_ALIGN;

	memcpy(head, "MZ", 2);
	kd_put_le32(head + 0x3c, PE_AT);
	memcpy(head + PE_AT, "PE\0\0", 4);
	kd_put_le16(head + PE_AT + 4, m->number);
	kd_put_le16(head + PE_AT + 6, SECTIONS);
	kd_put_le16(head + PE_AT + 20, OPTIONAL_LEN);
	kd_put_le16(head + PE_AT + 22, EXECUTABLE_LARGE);
	for (size_t i = 0; i < SECTIONS; i++)
		put_section(head + SECTIONS_AT + i * SECTION_LEN, &sections[i], &va,
			    &raw);
	put_optional(head + OPTIONAL_AT, aligned(m->code.size, FILE_ALIGN), va);
}

static void pad(struct kd_strbuf *to, size_t written)
{
	static const uint8_t zeros[FILE_ALIGN];

	kd_strbuf_add(to, zeros, kd_align_up(written, FILE_ALIGN) - written);
}

static struct kd_bytes text(const char *s)
{
	return (struct kd_bytes) { (const uint8_t *)s, strlen(s) };
}

int kd_addon_write(enum kd_arch arch, const char *line, struct kd_strbuf *to,
		   struct kd_error *err)
{
	const struct machine *m = find_machine(arch);
	uint8_t head[FILE_ALIGN] = { 0 };
	struct section sections[SECTIONS];

	if (!m)
		return kd_fail_msg(err, -ENOTSUP,
				   "no addon for a unified kernel image of %s can be "
				   "made here",
				   kd_arch_name(arch));
	sections[0] = (struct section) { ".text", m->code, CODE };
	sections[1] = (struct section) { ".sbat", text(SBAT), INITIALIZED_DATA };
	sections[2] = (struct section) { ".cmdline", text(line), INITIALIZED_DATA };
	put_headers(head, m, sections);
	kd_strbuf_add(to, head, sizeof(head));
	for (size_t i = 0; i < SECTIONS; i++) {
		kd_strbuf_add(to, sections[i].data.data, sections[i].data.size);
		pad(to, sections[i].data.size);
	}
	return to->status < 0 ? kd_fail(err, to->status, "addon") : 0;
}

int kd_addon_find(const void *file, size_t size, size_t *ret_at, size_t *ret_length,
		  struct kd_error *err)
{
	struct kd_bytes all = { file, size }, line;
	struct kd_pe pe;
	int r;

	r = kd_pe_open(all, &pe, err);
	if (r < 0)
		return kd_fail(err, -EBADMSG, "addon");
	r = kd_pe_section(&pe, ".cmdline", &line, err);
	if (r == -ENODATA)
		return r;
	if (r < 0)
		return kd_fail(err, -EBADMSG, "addon");
	*ret_at = (size_t)(line.data - all.data);
	*ret_length = strnlen((const char *)line.data, line.size);
	return 0;
}

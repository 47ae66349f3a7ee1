/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ELF vmlinux: what its program headers load. An x86_64 one is linked to physical
 * addresses and entered at one, an arm64 one is linked to virtual addresses and begins
 * with the header that an Image has. Reads no section: debug information, nine tenths of
 * a file, never gets into memory. Trusts nothing in the file. Called by kernel.c.
 */
#include <inttypes.h>

#include "base/le.h"
#include "kexec/image/arm64.h"
#include "kexec/image/format.h"

/* Elf64_Ehdr */
#define IDENT_CLASS 4
#define IDENT_DATA  5
#define TYPE	    16
#define MACHINE	    18
#define ENTRY	    24
#define PHOFF	    32
#define PHENTSIZE   54
#define PHNUM	    56
#define HEADER_SIZE 64
#define CLASS_64    2
#define LITTLE	    1
#define ET_REL	    1
#define ET_CORE	    4

/* Elf64_Phdr */
#define P_TYPE	  0
#define P_OFFSET  8
#define P_VADDR	  16
#define P_PADDR	  24
#define P_FILESZ  32
#define P_MEMSZ	  40
#define PHDR_SIZE 56
#define PT_LOAD	  1
#define PT_INTERP 3

#define PAGE 4096

static const struct machine {
	unsigned int number;
	enum kd_arch arch;
	const char *name;
} machines[] = {
	{ 62, KD_ARCH_X86_64, "x86_64" },    { 183, KD_ARCH_ARM64, "arm64" },
	{ 243, KD_ARCH_RISCV64, "riscv64" }, { 21, KD_ARCH_PPC64, "ppc64" },
	{ 22, KD_ARCH_S390X, "s390x" },
};

/* The program headers, or none when they are not all in the file. */
static struct kd_bytes program_headers(struct kd_bytes file)
{
	struct kd_bytes table = { 0 };

	if (file.size >= HEADER_SIZE && kd_le16(file.data + PHENTSIZE) == PHDR_SIZE)
		(void)kd_bytes_part(file, kd_le64(file.data + PHOFF),
				    kd_le16(file.data + PHNUM) * (uint64_t)PHDR_SIZE,
				    &table);
	return table;
}

static uint64_t extent(struct kd_bytes head)
{
	struct kd_bytes table = program_headers(head);
	uint64_t end = 0, last;

	for (size_t at = 0; at < table.size; at += PHDR_SIZE) {
		const uint8_t *p = table.data + at;

		if (kd_le32(p + P_TYPE) != PT_LOAD)
			continue;
		if (__builtin_add_overflow(kd_le64(p + P_OFFSET), kd_le64(p + P_FILESZ),
					   &last))
			return UINT64_MAX;
		end = MAX(end, last);
	}
	return end ? end : UINT64_MAX;
}

static int check_type(const uint8_t *p, struct kd_error *err)
{
	switch (kd_le16(p + TYPE)) {
	case ET_CORE:
		return kd_fail_msg(err, -ENOEXEC, "not a kernel but a core dump");
	case ET_REL:
		return kd_fail_msg(err, -ENOEXEC,
				   "not a kernel but a module or another object file");
	default:
		return 0;
	}
}

static int check_machine(struct kd_kernel *k, struct kd_error *err)
{
	unsigned int number = kd_le16(k->file.data + MACHINE);

	for (size_t i = 0; i < ARRAY_SIZE(machines); i++) {
		if (machines[i].number != number)
			continue;
		k->arch = machines[i].arch;
		if (k->arch == KD_ARCH_X86_64 || k->arch == KD_ARCH_ARM64)
			return 0;
		return kd_fail_msg(err, -ENOTSUP,
				   "an ELF file for %s: there is no loader for %s",
				   machines[i].name, machines[i].name);
	}
	return kd_fail_msg(err, -ENOTSUP, "an ELF file for another machine (%u)", number);
}

static int check_header(struct kd_kernel *k, struct kd_error *err)
{
	const uint8_t *p = k->file.data;
	int r;

	if (k->file.size < HEADER_SIZE)
		return kd_fail_msg(err, -ENOEXEC, "an ELF file, cut short");
	if (p[IDENT_CLASS] != CLASS_64)
		return kd_fail_msg(err, -ENOTSUP, "an ELF file that is not a 64-bit one");
	if (p[IDENT_DATA] != LITTLE)
		return kd_fail_msg(err, -ENOTSUP,
				   "an ELF file that is not a little-endian one");
	r = check_type(p, err);
	return r < 0 ? r : check_machine(k, err);
}

/* Keep the parts in the order of their addresses, none over another. */
static int add_part(struct kd_kernel *k, const struct kd_kernel_part *part,
		    struct kd_error *err)
{
	uint64_t end;
	size_t i = k->n_parts;

	if (__builtin_add_overflow(part->paddr, part->memsz, &end))
		return kd_fail_msg(err, -ENOEXEC,
				   "its part at 0x%" PRIx64 " ends beyond all addresses",
				   part->paddr);
	if (k->n_parts == KD_KERNEL_PARTS)
		return kd_fail_msg(err, -ENOTSUP, "more than %d parts to load",
				   KD_KERNEL_PARTS);
	for (; i > 0 && k->parts[i - 1].paddr > part->paddr; i--)
		k->parts[i] = k->parts[i - 1];
	k->parts[i] = *part;
	k->n_parts++;
	if ((i > 0 && part->paddr - k->parts[i - 1].paddr < k->parts[i - 1].memsz) ||
	    (i + 1 < k->n_parts && end > k->parts[i + 1].paddr))
		return kd_fail_msg(err, -ENOEXEC,
				   "its part at 0x%" PRIx64 " lies over another one",
				   part->paddr);
	return 0;
}

/* @place: P_PADDR or P_VADDR, whichever addresses the machine's kernels are entered by */
static int read_parts(struct kd_kernel *k, size_t place, struct kd_error *err)
{
	struct kd_bytes table = program_headers(k->file);

	for (size_t at = 0; at < table.size; at += PHDR_SIZE) {
		const uint8_t *p = table.data + at;
		struct kd_kernel_part part = { .paddr = kd_le64(p + place),
					       .memsz = kd_le64(p + P_MEMSZ) };
		int r;

		if (kd_le32(p + P_TYPE) == PT_INTERP)
			return kd_fail_msg(err, -ENOEXEC, "not a kernel but a program");
		if (kd_le32(p + P_TYPE) != PT_LOAD || !part.memsz)
			continue;
		if (!kd_bytes_part(k->file, kd_le64(p + P_OFFSET), kd_le64(p + P_FILESZ),
				   &part.data))
			return kd_fail_msg(err, -ENOEXEC,
					   "an ELF file, cut short: no end of the part "
					   "for 0x%" PRIx64,
					   part.paddr);
		if (part.data.size > part.memsz)
			return kd_fail_msg(err, -ENOEXEC,
					   "its part at 0x%" PRIx64
					   " is longer than its memory",
					   part.paddr);
		r = add_part(k, &part, err);
		if (r < 0)
			return r;
	}
	if (!k->n_parts)
		return kd_fail_msg(err, -ENOEXEC,
				   "an ELF file with nothing to load, or cut short");
	return 0;
}

/* From the first part's start to the last one's end. */
static int measure(struct kd_kernel *k, struct kd_error *err)
{
	const struct kd_kernel_part *last = &k->parts[k->n_parts - 1];

	k->mem_size = last->paddr + last->memsz - k->parts[0].paddr;
	if (k->mem_size > KD_KERNEL_MEMORY_MAX)
		return kd_fail_msg(err, -ENOEXEC,
				   "its parts lie 0x%" PRIx64 " bytes apart",
				   k->mem_size);
	return 0;
}

static const struct kd_kernel_part *part_at(const struct kd_kernel *k, uint64_t address)
{
	for (size_t i = 0; i < k->n_parts; i++)
		if (address >= k->parts[i].paddr &&
		    address - k->parts[i].paddr < k->parts[i].data.size)
			return &k->parts[i];
	return NULL;
}

static int open_x86(struct kd_kernel *k, struct kd_error *err)
{
	k->entry = kd_le64(k->file.data + ENTRY);
	if (!part_at(k, k->entry))
		return kd_fail_msg(err, -ENOEXEC,
				   "its entry 0x%" PRIx64 " lies in none of its parts",
				   k->entry);
	k->align = PAGE;
	k->min_addr = k->parts[0].paddr;
	return 0;
}

/* The entry is the kernel's first byte, which its header calls text_offset from the
 * place. */
static int open_arm64(struct kd_kernel *k, struct kd_error *err)
{
	uint64_t entry = kd_le64(k->file.data + ENTRY), length = k->mem_size;
	struct kd_arm64_header h;
	struct kd_bytes image;
	int r;

	if (entry != k->parts[0].paddr)
		return kd_fail_msg(err, -ENOEXEC,
				   "its entry 0x%" PRIx64 " is not where it begins",
				   entry);
	image = k->parts[0].data;
	r = kd_arm64_header(image, &h, err);
	if (r < 0)
		return r;
	if (h.image_size < length)
		return kd_fail_msg(err, -ENOEXEC,
				   "its header asks for 0x%" PRIx64
				   " bytes of memory, its parts for 0x%" PRIx64,
				   h.image_size, length);
	kd_arm64_fill(k, &h);
	for (size_t i = 0; i < k->n_parts; i++)
		k->parts[i].paddr += h.text_offset - entry;
	return 0;
}

static bool probe(struct kd_bytes head)
{
	return kd_bytes_have(head, 0, "\177ELF", 4);
}

static int open_elf(struct kd_kernel *k, struct kd_error *err)
{
	bool x86;
	int r;

	r = check_header(k, err);
	if (r < 0)
		return r;
	x86 = k->arch == KD_ARCH_X86_64;
	r = read_parts(k, x86 ? P_PADDR : P_VADDR, err);
	if (r < 0)
		return r;
	r = measure(k, err);
	if (r < 0)
		return r;
	return x86 ? open_x86(k, err) : open_arm64(k, err);
}

const struct kd_kernel_reader kd_reader_elf = {
	.format = KD_KERNEL_ELF,
	.probe = probe,
	.open = open_elf,
	.extent = extent,
};

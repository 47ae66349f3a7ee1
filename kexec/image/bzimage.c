/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading a bzImage's setup header: see bzimage.h. The rules are those of the kernel's
 * bzImage64_probe() (arch/x86/kernel/kexec-bzimage64.c) and, beyond them, that the file
 * is as long as its header says. Trusts nothing it is given. Called by load.c, kernel.c.
 */
#include "kexec/image/bzimage.h"

#include <inttypes.h>
#include <string.h>

#include "base/le.h"
#include "kexec/image/format.h"
#include "kexec/image/guess.h"

/* struct setup_header, Documentation/arch/x86/boot.rst */
#define SETUP_SECTS	 0x1f1
#define SYSSIZE		 0x1f4
#define SETUP_HEADER	 0x1f1
#define BOOT_FLAG	 0x1fe
#define JUMP_LENGTH	 0x201 /* of a short jump to the header's end */
#define HEADER_MAGIC	 0x202
#define VERSION		 0x206
#define LOADFLAGS	 0x211
#define KERNEL_ALIGNMENT 0x230
#define RELOCATABLE	 0x234
#define XLOADFLAGS	 0x236
#define CMDLINE_SIZE	 0x238
#define PAYLOAD_OFFSET	 0x248
#define PAYLOAD_LENGTH	 0x24c
#define PREF_ADDRESS	 0x258
#define INIT_SIZE	 0x260
#define HEADER_END_MIN	 0x264 /* behind init_size */
#define HEADER_END_MAX	 0x290 /* where boot_params goes on with something else */
#define ENTRY_64	 0x200 /* startup_64, from the protected-mode part's start */
#define SECTOR		 512
#define LOADED_HIGH	 0x01 /* loadflags */
#define KERNEL_64	 0x01 /* xloadflags */
#define LOADED_ABOVE_4G	 0x02 /* xloadflags */
#define EFI_KEXEC	 0x10 /* xloadflags */
#define LA57		 0x20 /* xloadflags, XLF_5LEVEL */
#define VERSION_MIN	 0x020c
#define SETUP_SECTS_ZERO 4 /* what a setup_sects of 0 stands for */
#define SYSSIZE_UNIT	 16
#define ALIGN_MIN	 4096ull
#define ALIGN_MAX	 (1ull << 30)
#define LOWEST		 (1ull << 20) /* the first MiB is the firmware's and the BIOS' */
#define PHYSICAL_MAX	 (1ull << 52) /* x86's limit of a physical address */

static int check_header(const uint8_t *p, size_t n, struct kd_error *err)
{
	const char *kind = kd_kernel_guess((struct kd_bytes) { p, n });
	unsigned int version;

	if (n < KD_BZIMAGE_HEAD || memcmp(p + HEADER_MAGIC, "HdrS", 4) != 0 ||
	    kd_le16(p + BOOT_FLAG) != 0xaa55)
		return kd_fail_msg(err, -ENOEXEC, "not a bzImage%s%s",
				   kind ? " but " : "", kind ? kind : "");
	version = kd_le16(p + VERSION);
	if (version < VERSION_MIN)
		return kd_fail_msg(
			err, -ENOTSUP,
			"its boot protocol %u.%02u is older than the 2.12 that "
			"kexec needs",
			version >> 8, version & 0xff);
	if (!(p[LOADFLAGS] & LOADED_HIGH))
		return kd_fail_msg(err, -ENOTSUP, "a zImage, not a bzImage");
	if (!(p[XLOADFLAGS] & KERNEL_64))
		return kd_fail_msg(err, -ENOTSUP, "not a 64-bit kernel");
	if (!(p[XLOADFLAGS] & LOADED_ABOVE_4G) || !p[RELOCATABLE])
		return kd_fail_msg(err, -ENOTSUP,
				   "not a relocatable kernel, so it cannot run in the "
				   "memory reserved for it");
	return 0;
}

static uint64_t setup_size(const uint8_t *p)
{
	return ((p[SETUP_SECTS] ? p[SETUP_SECTS] : SETUP_SECTS_ZERO) + 1ull) * SECTOR;
}

int kd_bzimage_check(const void *head, size_t head_size, uint64_t file_size,
		     struct kd_bzimage *ret, struct kd_error *err)
{
	const uint8_t *p = head;
	uint64_t need;
	int r;

	r = check_header(p, head_size, err);
	if (r < 0)
		return r;

	need = setup_size(p) + kd_le32(p + SYSSIZE) * (uint64_t)SYSSIZE_UNIT;
	/* syssize counts in units of 16 bytes, the file may end inside the last one. */
	if (need > kd_align_up(file_size, SYSSIZE_UNIT))
		return kd_fail_msg(err, -ENOEXEC,
				   "cut short: %" PRIu64
				   " bytes, its header says %" PRIu64,
				   file_size, need);

	*ret = (struct kd_bzimage) {
		.version = kd_le16(p + VERSION),
		.cmdline_size = kd_le32(p + CMDLINE_SIZE),
		.init_size = kd_le32(p + INIT_SIZE),
		.kernel_bytes = need,
	};
	return 0;
}

static bool probe(struct kd_bytes head)
{
	return kd_bytes_have(head, HEADER_MAGIC, "HdrS", 4) &&
	       kd_bytes_have(head, BOOT_FLAG, "\x55\xaa", 2);
}

/* The setup header as boot_params takes it over. */
static int find_setup(struct kd_kernel *k, struct kd_error *err)
{
	unsigned int end = HEADER_MAGIC + k->file.data[JUMP_LENGTH];

	if (end < HEADER_END_MIN || end > HEADER_END_MAX ||
	    !kd_bytes_part(k->file, SETUP_HEADER, end - SETUP_HEADER, &k->setup))
		return kd_fail_msg(err, -ENOEXEC, "its setup header ends at 0x%x", end);
	return 0;
}

/* What is copied to memory: all behind the setup, with the compressed kernel in it. */
static int find_code(struct kd_kernel *k, const struct kd_bzimage *b,
		     struct kd_error *err)
{
	const uint8_t *p = k->file.data;
	uint64_t end = MIN(b->kernel_bytes, (uint64_t)k->file.size);
	uint64_t start = setup_size(p);
	struct kd_bytes *code = &k->parts[0].data, payload;

	if (end < start + ENTRY_64 + 1 ||
	    !kd_bytes_part(k->file, start, end - start, code))
		return kd_fail_msg(err, -ENOEXEC, "no 64-bit code in it");
	if (!kd_bytes_part(*code, kd_le32(p + PAYLOAD_OFFSET),
			   kd_le32(p + PAYLOAD_LENGTH), &payload))
		return kd_fail_msg(err, -ENOEXEC,
				   "its header has the compressed kernel behind its end");
	k->mem_size = MAX(b->init_size, (uint64_t)code->size);
	k->parts[0].memsz = k->mem_size;
	k->n_parts = 1;
	return 0;
}

/* Below pref_address the decompressor would move the kernel up into memory that nobody
 * gave it (startup_64 in arch/x86/boot/compressed/head_64.S). */
static int find_place(struct kd_kernel *k, struct kd_error *err)
{
	uint64_t align = kd_le32(k->file.data + KERNEL_ALIGNMENT);
	uint64_t address = kd_le64(k->file.data + PREF_ADDRESS);

	if (!kd_is_power_of_2(align) || align > ALIGN_MAX)
		return kd_fail_msg(err, -ENOEXEC,
				   "its header asks for an alignment of 0x%" PRIx64,
				   align);
	if (address >= PHYSICAL_MAX)
		return kd_fail_msg(err, -ENOEXEC,
				   "its header asks for the address 0x%" PRIx64, address);
	k->align = MAX(align, ALIGN_MIN);
	k->min_addr = kd_align_up(MAX(address, LOWEST), k->align);
	return 0;
}

static int open_bzimage(struct kd_kernel *k, struct kd_error *err)
{
	struct kd_bzimage b = { 0 };
	unsigned int flags;
	int r;

	r = kd_bzimage_check(k->file.data, k->file.size, k->file.size, &b, err);
	if (r < 0)
		return r;
	r = find_setup(k, err);
	if (r < 0)
		return r;
	r = find_code(k, &b, err);
	if (r < 0)
		return r;
	r = find_place(k, err);
	if (r < 0)
		return r;

	flags = kd_le16(k->file.data + XLOADFLAGS);
	k->arch = KD_ARCH_X86_64;
	k->entry = ENTRY_64;
	k->cmdline_max = b.cmdline_size;
	k->relocatable = true;
	k->above_4g = flags & LOADED_ABOVE_4G;
	k->la57 = flags & LA57;
	k->efi = flags & EFI_KEXEC;
	return 0;
}

const struct kd_kernel_reader kd_reader_bzimage = {
	.format = KD_KERNEL_BZIMAGE,
	.probe = probe,
	.open = open_bzimage,
	.head_tells = true,
};

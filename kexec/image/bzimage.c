/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading a bzImage's setup header: see bzimage.h. The rules are those of the kernel's
 * bzImage64_probe() (arch/x86/kernel/kexec-bzimage64.c) and, beyond them, that the file
 * is as long as its header says. Trusts nothing it is given. Called by load.c.
 */
#include "kexec/image/bzimage.h"

#include <inttypes.h>
#include <string.h>

/* struct setup_header, Documentation/arch/x86/boot.rst */
#define SETUP_SECTS	 0x1f1
#define SYSSIZE		 0x1f4
#define BOOT_FLAG	 0x1fe
#define HEADER_MAGIC	 0x202
#define VERSION		 0x206
#define LOADFLAGS	 0x211
#define RELOCATABLE	 0x234
#define XLOADFLAGS	 0x236
#define CMDLINE_SIZE	 0x238
#define INIT_SIZE	 0x260
#define SECTOR		 512
#define LOADED_HIGH	 0x01 /* loadflags */
#define KERNEL_64	 0x01 /* xloadflags */
#define LOADED_ABOVE_4G	 0x02 /* xloadflags */
#define VERSION_MIN	 0x020c
#define SETUP_SECTS_ZERO 4 /* what a setup_sects of 0 stands for */
#define SYSSIZE_UNIT	 16

static uint32_t le(const uint8_t *p, unsigned int bytes)
{
	uint32_t v = 0;

	for (unsigned int i = 0; i < bytes; i++)
		v |= (uint32_t)p[i] << (8 * i);
	return v;
}

/* What else the file may be, in words that help; NULL when we do not know either. */
static const char *other_kind(const uint8_t *p, size_t n)
{
	static const struct {
		const char *magic;
		size_t size;
		const char *words;
	} kinds[] = {
		{ "\x7f"
		  "ELF",
		  4, "an ELF file" },
		{ "\x1f\x8b", 2, "a gzip file" },
		{ "\x28\xb5\x2f\xfd", 4, "a zstd file" },
		{ "\xfd"
		  "7zXZ",
		  5, "an xz file" },
		{ "070701", 6, "a cpio archive" },
		{ "MZ", 2, "an EFI program without a Linux boot header" },
		{ "#!", 2, "a script" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (n >= kinds[i].size && memcmp(p, kinds[i].magic, kinds[i].size) == 0)
			return kinds[i].words;
	return NULL;
}

static int check_header(const uint8_t *p, size_t n, struct kd_error *err)
{
	const char *kind = other_kind(p, n);
	unsigned int version;

	if (n < KD_BZIMAGE_HEAD || memcmp(p + HEADER_MAGIC, "HdrS", 4) != 0 ||
	    le(p + BOOT_FLAG, 2) != 0xaa55)
		return kd_fail_msg(err, -ENOEXEC, "not a bzImage%s%s",
				   kind ? " but " : "", kind ? kind : "");
	version = le(p + VERSION, 2);
	if (version < VERSION_MIN)
		return kd_fail_msg(
			err, -ENOEXEC,
			"its boot protocol %u.%02u is older than the 2.12 that "
			"kexec needs",
			version >> 8, version & 0xff);
	if (!(p[LOADFLAGS] & LOADED_HIGH))
		return kd_fail_msg(err, -ENOEXEC, "a zImage, not a bzImage");
	if (!(p[XLOADFLAGS] & KERNEL_64))
		return kd_fail_msg(err, -ENOEXEC, "not a 64-bit kernel");
	if (!(p[XLOADFLAGS] & LOADED_ABOVE_4G) || !p[RELOCATABLE])
		return kd_fail_msg(err, -ENOEXEC,
				   "not a relocatable kernel, so it cannot run in the "
				   "memory reserved for it");
	return 0;
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

	need = ((p[SETUP_SECTS] ? p[SETUP_SECTS] : SETUP_SECTS_ZERO) + 1ull) * SECTOR +
	       le(p + SYSSIZE, 4) * (uint64_t)SYSSIZE_UNIT;
	/* syssize counts in units of 16 bytes, the file may end inside the last one. */
	if (need > kd_align_up(file_size, SYSSIZE_UNIT))
		return kd_fail_msg(err, -ENOEXEC,
				   "cut short: %" PRIu64
				   " bytes, its header says %" PRIu64,
				   file_size, need);

	*ret = (struct kd_bzimage) {
		.version = le(p + VERSION, 2),
		.cmdline_size = le(p + CMDLINE_SIZE, 4),
		.init_size = le(p + INIT_SIZE, 4),
		.kernel_bytes = need,
	};
	return 0;
}

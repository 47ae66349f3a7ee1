/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names for what people take for a kernel: see guess.h. A table of first bytes, most of
 * them from file(1)'s and the kernel's scripts/extract-vmlinux's list. Trusts nothing.
 */
#include "kexec/image/guess.h"

#include "kexec/image/format.h"

/** @why: for a kind that may hold a kernel, why it is not started all the same */
struct kind {
	size_t offset;
	const char *magic;
	size_t size;
	const char *words;
	const char *why;
};

#define UNPACK "only gzip and zstd are unpacked here"

static const struct kind kinds[] = {
	{ 0, "\177ELF", 4, "an ELF file", NULL },
	{ 0, "\x1f\x8b", 2, "a gzip file", NULL },
	{ 0, "\x28\xb5\x2f\xfd", 4, "a zstd file", NULL },
	{ 0,
	  "\xfd"
	  "7zXZ",
	  5, "an xz file", UNPACK },
	{ 0, "BZh", 3, "a bzip2 file", UNPACK },
	{ 0, "\x5d\0\0", 3, "an lzma file", UNPACK },
	{ 0, "\x89LZO", 4, "an lzop file", UNPACK },
	{ 0, "\x04\x22\x4d\x18", 4, "an lz4 file", UNPACK },
	{ 0, "\x02\x21\x4c\x18", 4, "an lz4 file", UNPACK },
	{ 0, "\x27\x05\x19\x56", 4, "a U-Boot image",
	  "unpack the kernel from it with dumpimage" },
	{ 0, "\xd0\x0d\xfe\xed", 4, "a device tree, or a U-Boot FIT image", NULL },
	{ 0x38, "RSC\x05", 4, "a riscv64 kernel", "there is no loader for riscv64" },
	{ 0, "070701", 6, "a cpio archive", NULL },
	{ 0, "!<arch>\n", 8, "an archive or a Debian package", NULL },
	{ 0, "\xed\xab\xee\xdb", 4, "an RPM package", NULL },
	{ 0, "KDUMP   ", 8, "a dump", NULL },
	{ 0, "makedumpfile", 12, "a flattened dump", NULL },
	{ 0, "MZ", 2, "an EFI program", NULL },
	{ 0, "#!", 2, "a script", NULL },
};

static const struct kind *find(struct kd_bytes head)
{
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (kd_bytes_have(head, kinds[i].offset, kinds[i].magic, kinds[i].size))
			return &kinds[i];
	return NULL;
}

const char *kd_kernel_guess(struct kd_bytes head)
{
	const struct kind *kind = find(head);

	return kind ? kind->words : NULL;
}

int kd_kernel_refuse(struct kd_bytes head, struct kd_error *err)
{
	const struct kind *kind = find(head);

	if (!head.size)
		return kd_fail_msg(err, -ENOEXEC, "not a kernel but an empty file");
	if (kd_bytes_have(head, 0, "MZ", 2))
		return kd_fail_msg(err, -ENOEXEC,
				   "an EFI program without a Linux kernel inside");
	if (!kind)
		return kd_fail_msg(err, -ENOEXEC, "not a kernel of a known kind");
	if (kind->why)
		return kd_fail_msg(err, -ENOTSUP, "%s: %s", kind->words, kind->why);
	return kd_fail_msg(err, -ENOEXEC, "not a kernel but %s", kind->words);
}

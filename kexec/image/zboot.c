/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * EFI zboot: a small EFI program around a packed kernel, as arm64, riscv64 and loongarch
 * distributions ship it (struct linux_efi_zboot_header, include/linux/efi.h;
 * drivers/firmware/efi/libstub/zboot-header.S). The payload becomes the file, to be
 * unpacked as what it is. Trusts nothing in the file. Called by kernel.c's loop.
 */
#include "base/le.h"
#include "kexec/image/format.h"
#include "kexec/image/unpack.h"

#define IMAGE_TYPE	 0x04
#define PAYLOAD_OFFSET	 0x08
#define PAYLOAD_SIZE	 0x0c
#define COMPRESSION	 0x18 /* a name, NUL-terminated */
#define COMPRESSION_SIZE 0x20
#define HEADER_SIZE	 0x40

static bool probe(struct kd_bytes head)
{
	return kd_bytes_have(head, 0, "MZ", 2) &&
	       kd_bytes_have(head, IMAGE_TYPE, "zimg", 4);
}

/* The name as far as it is one: letters and digits. */
static void compression_name(struct kd_bytes file, char ret[static COMPRESSION_SIZE + 1])
{
	static const char fine[] = "abcdefghijklmnopqrstuvwxyz0123456789";

	memcpy(ret, file.data + COMPRESSION, COMPRESSION_SIZE);
	ret[COMPRESSION_SIZE] = '\0';
	ret[strspn(ret, fine)] = '\0';
}

static int check_compression(struct kd_bytes file, struct kd_bytes payload,
			     struct kd_error *err)
{
	char name[COMPRESSION_SIZE + 1];
	bool good;

	compression_name(file, name);
	/* "zstd22", for the level, before "zstd" was its name */
	if (strcmp(name, "gzip") == 0)
		good = kd_unpack_is_gzip(payload);
	else if (strcmp(name, "zstd") == 0 || strcmp(name, "zstd22") == 0)
		good = kd_unpack_is_zst(payload);
	else
		return kd_fail_msg(
			err, -ENOTSUP,
			"packed by \"%s\": only gzip and zstd are unpacked here", name);
	if (!good)
		return kd_fail_msg(err, -EBADMSG, "damaged: no %s stream where it says",
				   name);
	return 0;
}

static int unwrap_zboot(struct kd_kernel *k, struct kd_error *err)
{
	struct kd_bytes payload;
	int r;

	if (k->file.size < HEADER_SIZE ||
	    !kd_bytes_part(k->file, kd_le32(k->file.data + PAYLOAD_OFFSET),
			   kd_le32(k->file.data + PAYLOAD_SIZE), &payload))
		return kd_fail_msg(err, -ENOEXEC, "cut short");
	r = check_compression(k->file, payload, err);
	if (r < 0)
		return r;
	k->file = payload;
	return 0;
}

const struct kd_kernel_wrapping kd_wrapping_zboot = {
	.name = "zboot",
	.probe = probe,
	.unwrap = unwrap_zboot,
};

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes a container and its one item: see boot-image.h. The item's payload is made in
 * place, for a kernel with its initrd should be in memory once. Trusts the sizes: blob.c
 * keeps them below 1 GiB.
 */
#include "kexec/lower/boot-image.h"

#include <stdlib.h>
#include <string.h>

#include "base/le.h"
#include "base/types.h"

#define HEADER	       32
#define ITEM_ALIGN     8
#define CONTAINER      0x544f4f42 /* "BOOT" */
#define CONTAINER_ITEM 0x868cf7e6
#define KERNEL_X64     0x4c4e524b /* "KRNL" */
#define CMDLINE	       0x4c444d43 /* "CMDL" */
#define VERSION	       0x00010000
#define ITEM_MAGIC     0xb5781729
#define NO_CRC32       0x4a87e8d6

static void put_header(uint8_t *to, uint32_t type, uint64_t length, uint32_t extra)
{
	kd_put_le32(to, type);
	kd_put_le32(to + 4, (uint32_t)length);
	kd_put_le32(to + 8, extra);
	kd_put_le32(to + 12, VERSION);
	kd_put_le32(to + 24, ITEM_MAGIC);
	kd_put_le32(to + 28, NO_CRC32);
}

static uint8_t *one_item(uint32_t type, uint64_t length, size_t *ret_size)
{
	uint64_t inside = HEADER + kd_align_up(length, ITEM_ALIGN);
	uint8_t *image = calloc(1, HEADER + inside);

	if (!image)
		return NULL;
	put_header(image, CONTAINER, inside, CONTAINER_ITEM);
	put_header(image + HEADER, type, length, 0);
	*ret_size = HEADER + inside;
	return image;
}

uint8_t *kd_boot_image_kernel(uint64_t size, size_t *ret_size, uint8_t **ret_code)
{
	uint8_t *image = one_item(KERNEL_X64, KD_BOOT_IMAGE_HEAD - 2 * HEADER + size,
				  ret_size);

	if (!image)
		return NULL;
	kd_put_le64(image + 2 * HEADER, KD_BOOT_IMAGE_HEAD); /* entry */
	*ret_code = image + KD_BOOT_IMAGE_HEAD;
	return image;
}

uint8_t *kd_boot_image_cmdline(const char *cmdline, size_t *ret_size)
{
	size_t length = strlen(cmdline) + 1;
	uint8_t *image = one_item(CMDLINE, length, ret_size);

	if (image)
		memcpy(image + 2 * HEADER, cmdline, length);
	return image;
}

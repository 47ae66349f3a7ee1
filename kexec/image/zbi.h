/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Zircon boot images: a container of items, read and written. The format is that of
 * Fuchsia's sdk/lib/zbi-format/zbi.h: 32-byte headers of little-endian words, each at a
 * multiple of 8. Trusts nothing in an image. Called by kernel.c, lower/, the backends.
 */
#pragma once

#include "kexec/image/growing.h"
#include "kexec/image/kernel.h"

#define KD_ZBI_HEADER_SIZE 32
#define KD_ZBI_ALIGN	   8

#define KD_ZBI_CONTAINER      0x544f4f42 /* "BOOT" */
#define KD_ZBI_CONTAINER_ITEM 0x868cf7e6 /* extra of a container */
#define KD_ZBI_KERNEL_X64     0x4c4e524b /* "KRNL" */
#define KD_ZBI_KERNEL_ARM64   0x384e524b /* "KRN8" */
#define KD_ZBI_KERNEL_RISCV64 0x564e524b /* "KRNV" */
#define KD_ZBI_CMDLINE	      0x4c444d43 /* "CMDL" */
#define KD_ZBI_RAMDISK	      0x4b534452 /* "RDSK" */
#define KD_ZBI_BOOTFS	      0x42534642 /* "BFSB" */
#define KD_ZBI_SECURE_ENTROPY 0x444e4152 /* "RAND" */
#define KD_ZBI_DISCARD	      0x50494b53 /* "SKIP" */

#define KD_ZBI_ITEM_MAGIC 0xb5781729
#define KD_ZBI_VERSION	  0x00010000 /* flag of every item */
#define KD_ZBI_CRC32	  0x00020000 /* flag: the header holds the payload's CRC-32 */
#define KD_ZBI_NO_CRC32	  0x4a87e8d6 /* what it holds otherwise */

/** An item. @data: its payload, without padding; borrowed */
struct kd_zbi_item {
	uint32_t type;
	uint32_t extra;
	uint32_t flags;
	struct kd_bytes data;
};

/** A walk over the items of an image. @items: all behind the container's header */
struct kd_zbi {
	struct kd_bytes items;
	size_t at;
};

/** Begin a walk. Bytes behind the container are left alone. 0; -ENOEXEC for no ZBI or one
 *  cut short, -EBADMSG for a damaged header. */
int kd_zbi_open(struct kd_bytes image, struct kd_zbi *ret, struct kd_error *err);

/** The next item, its CRC compared when it has one. 1, 0 behind the last, -EBADMSG. */
int kd_zbi_next(struct kd_zbi *zbi, struct kd_zbi_item *ret, struct kd_error *err);

/**
 * What a boot loader needs of a bootable image, whose first item is a kernel.
 *
 * @arch:    the machine it is for
 * @load:    the container's header and the kernel item, which go to memory as they are
 * @entry:   bytes from the start of @load
 * @reserve: bytes behind @load that are the kernel's from its start on
 */
struct kd_zbi_kernel {
	enum kd_arch arch;
	struct kd_bytes load;
	uint64_t entry;
	uint64_t reserve;
};

/** Check all items and that the first one is a kernel. 0; -ENOEXEC when it is none,
 *  -EBADMSG when anything is damaged. */
int kd_zbi_bootable(struct kd_bytes image, struct kd_zbi_kernel *ret,
		    struct kd_error *err);

/** Alignment of @load in memory, bytes: Fuchsia's kZbiBootKernelAlignment. */
uint64_t kd_zbi_kernel_align(enum kd_arch arch);

/** An image being written, valid after each call. */
struct kd_zbi_writer {
	struct kd_growing out;
};

/** Begin with an empty container. 0, -ENOMEM. */
int kd_zbi_writer_init(struct kd_zbi_writer *w);
void kd_zbi_writer_done(struct kd_zbi_writer *w);

/**
 * Append an item; its payload is copied, the version flag set, the CRC computed when
 * @flags have KD_ZBI_CRC32.
 *
 * Errors: -ENOMEM, -EFBIG above KD_KERNEL_MAX; the image as it was then.
 */
int kd_zbi_append(struct kd_zbi_writer *w, const struct kd_zbi_item *item);

/** Append every item of @image from the one number @first on, 0 for all of them: the
 *  items Zircon hands over, or those of an image without its kernel. Errors as above and
 *  those of reading; items before the bad one are there then. */
int kd_zbi_append_all(struct kd_zbi_writer *w, struct kd_bytes image, size_t first,
		      struct kd_error *err);

/** The image so far. Borrowed until the next append. */
struct kd_bytes kd_zbi_written(const struct kd_zbi_writer *w);

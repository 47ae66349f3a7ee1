/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * boot_params, from zeros: see x86.h. Only the setup header comes from the image and only
 * what describes the machine from the running kernel's own, so that nothing stale gets
 * over; the sentinel stays 0, which is how the kernel knows (sanitize_boot_params()).
 * Trusts the sizes of struct kd_x86_params' parts.
 */
#include <string.h>

#include "base/le.h"
#include "kexec/plan/x86.h"

/* Offsets into struct boot_params. */
#define SCREEN_INFO	0x000
#define SCREEN_EXT_MEM	0x002
#define RSDP		0x070
#define EXT_RAMDISK	0x0c0
#define EXT_RAMDISK_LEN 0x0c4
#define EXT_CMDLINE	0x0c8
#define EFI_INFO	0x1c0
#define ALT_MEM_K	0x1e0
#define E820_ENTRIES	0x1e8
#define EDD_ENTRIES	0x1e9
#define SECURE_BOOT	0x1ec
#define SETUP		0x1f1
#define BOOT_FLAG	0x1fe
#define MAGIC		0x202
#define VERSION		0x206
#define LOADER		0x210
#define LOADFLAGS	0x211
#define RAMDISK		0x218
#define RAMDISK_LEN	0x21c
#define CMDLINE		0x228
#define ALIGNMENT	0x230
#define CMDLINE_SIZE	0x238
#define SUBARCH		0x23c
#define SETUP_DATA	0x250
#define SETUP_END	0x290
#define E820		0x2d0

#define LOADER_KEXEC 0xd0 /* boot.rst: 0xD kexec-tools, its version in the low half */

/* struct efi_info: signature, systab, memdesc size, version, map, its size, upper halves */
#define EFI_SIGNATURE 0x1c0
#define EFI_SYSTAB    0x1c4
#define EFI_DESC_SIZE 0x1c8
#define EFI_VERSION   0x1cc
#define EFI_MAP	      0x1d0
#define EFI_MAP_SIZE  0x1d4
#define EFI_SYSTAB_HI 0x1d8
#define EFI_MAP_HI    0x1dc

/* What the running kernel was told of the machine by its firmware. Not the memory map. */
static const struct {
	uint16_t offset;
	uint16_t size;
} inherited[] = {
	{ SCREEN_INFO, 0x40 }, { RSDP, 8 },    { EDD_ENTRIES, 2 },
	{ SECURE_BOOT, 1 },    { SUBARCH, 4 }, { 0x290, 0x40 }, /* edd_mbr_sig_buffer */
	{ 0xd00, 0x1ec },					/* eddbuf */
};

static void inherit(const struct kd_kexec_host *host, uint8_t *bp)
{
	for (size_t i = 0; host->has_boot_params && i < ARRAY_SIZE(inherited); i++)
		memcpy(bp + inherited[i].offset, host->boot_params + inherited[i].offset,
		       inherited[i].size);
	if (kd_le64(bp + RSDP) == 0)
		kd_put_le64(bp + RSDP, host->rsdp);
}

static void copy_setup(const struct kd_kernel *image, uint8_t *bp)
{
	const struct kd_bytes *setup = &image->setup;

	if (setup->size) {
		memcpy(bp + SETUP, setup->data,
		       MIN(setup->size, (size_t)(SETUP_END - SETUP)));
	} else {
		/* a vmlinux has none; what follows is what its code looks at */
		kd_put_le16(bp + BOOT_FLAG, 0xaa55);
		memcpy(bp + MAGIC, "HdrS", 4);
		kd_put_le16(bp + VERSION, 0x020c);
		kd_put_le32(bp + ALIGNMENT, (uint32_t)image->align);
		kd_put_le32(bp + CMDLINE_SIZE, image->cmdline_max);
	}
	bp[LOADER] = LOADER_KEXEC;
	bp[LOADFLAGS] =
		0; /* no heap, no segments kept: nothing of the 16-bit code runs */
}

static void put_split(uint8_t *bp, uint64_t value, size_t low, size_t high)
{
	kd_put_le32(bp + low, (uint32_t)value);
	kd_put_le32(bp + high, (uint32_t)(value >> 32));
}

/* KiB of RAM from 1 MiB on, in the fields of old BIOS calls: some code still looks. */
static void fill_memory_sizes(const struct kd_ranges *map, uint8_t *bp)
{
	const struct kd_range *range = kd_ranges_at(map, KD_X86_LOW);
	uint64_t kib;

	kd_put_le16(bp + SCREEN_EXT_MEM, 0);
	if (!range || range->type != KD_RANGE_RAM)
		return;
	kib = (range->end - KD_X86_LOW) >> 10;
	kd_put_le16(bp + SCREEN_EXT_MEM, (uint16_t)MIN(kib, 0xfc00u));
	kd_put_le32(bp + ALT_MEM_K, (uint32_t)MIN(kib, UINT32_MAX));
}

static void fill_efi(const struct kd_x86_params *p, uint8_t *bp)
{
	if (!p->layout.efi)
		return;
	memcpy(bp + EFI_SIGNATURE, p->host->boot_params + EFI_SIGNATURE, 4);
	memcpy(bp + EFI_SYSTAB, p->host->boot_params + EFI_SYSTAB, 4);
	memcpy(bp + EFI_SYSTAB_HI, p->host->boot_params + EFI_SYSTAB_HI, 4);
	kd_put_le32(bp + EFI_DESC_SIZE,
		    (uint32_t)(p->layout.efi_size / p->host->efi.n_maps));
	kd_put_le32(bp + EFI_VERSION, 1);
	kd_put_le32(bp + EFI_MAP_SIZE, (uint32_t)p->layout.efi_size);
	put_split(bp, p->base + p->layout.efi_map, EFI_MAP, EFI_MAP_HI);
}

void kd_x86_boot_params(const struct kd_x86_params *p, uint64_t chain, uint8_t *bp)
{
	size_t n = MIN(p->map->n, (size_t)KD_X86_E820_MAX);

	copy_setup(p->image, bp);
	inherit(p->host, bp);
	fill_memory_sizes(p->map, bp);
	fill_efi(p, bp);
	bp[E820_ENTRIES] = (uint8_t)n;
	kd_x86_e820_write(p->map, 0, n, bp + E820);
	put_split(bp, p->base + p->layout.cmdline, CMDLINE, EXT_CMDLINE);
	put_split(bp, p->initrd_size ? p->initrd : 0, RAMDISK, EXT_RAMDISK);
	put_split(bp, p->initrd_size, RAMDISK_LEN, EXT_RAMDISK_LEN);
	kd_put_le64(bp + SETUP_DATA, chain);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an x86 kernel is handed: boot_params and what hangs on it, in one segment. Private
 * to the x86 files of plan/. Offsets: Documentation/arch/x86/zero-page.rst and
 * arch/x86/include/uapi/asm/{bootparam,setup_data}.h.
 */
#pragma once

#include "kexec/plan/builder.h"

/* The first MiB: what firmware and boot leave there is the new kernel's to sort out. */
#define KD_X86_LOW (1ull << 20)

/** Entries of boot_params' own e820 table; the rest goes to SETUP_E820_EXT. */
#define KD_X86_E820_MAX	 128
/** struct boot_e820_entry: u64 addr, u64 size, u32 type, packed. */
#define KD_X86_E820_SIZE 20

/** The memory map of a crash kernel: its reservations but for the dump's header at
 *  @elfcorehdr, and all that is not RAM. @ret is initialised by the caller. -ENOMEM. */
int kd_x86_e820_crash(const struct kd_kexec_host *host, const struct kd_range *elfcorehdr,
		      struct kd_ranges *ret);

/** The memory map for a reboot: the firmware's, with what the running kernel found to be
 *  reserved in it. @ret is initialised by the caller. -ENOMEM. */
int kd_x86_e820_reboot(const struct kd_kexec_host *host, struct kd_ranges *ret);

/** Write @n entries from the one numbered @from on, KD_X86_E820_SIZE bytes each. */
void kd_x86_e820_write(const struct kd_ranges *map, size_t from, size_t n, uint8_t *out);

/**
 * The params segment. Where its parts are, from its start; 0 for one it does not have.
 *
 * @efi_map, @efi_size: the runtime map, in descriptors of our own size
 * @efi, @e820, @seed:  setup_data entries
 * @size:               of it all, bytes
 */
struct kd_x86_layout {
	uint64_t cmdline;
	uint64_t efi_map;
	uint64_t efi_size;
	uint64_t efi;
	uint64_t e820;
	uint64_t seed;
	uint64_t size;
};

/**
 * All that goes into it.
 *
 * @map:    the memory map
 * @base:   physical address of the segment
 * @initrd: physical address; with @initrd_size 0: none
 */
struct kd_x86_params {
	const struct kd_kexec_host *host;
	const struct kd_kernel *image;
	const uint8_t *seed;
	const char *cmdline;
	const struct kd_ranges *map;
	struct kd_x86_layout layout;
	uint64_t base;
	uint64_t initrd;
	uint64_t initrd_size;
};

/** Lay out the segment: @p->layout from all else but the addresses. */
void kd_x86_layout(struct kd_x86_params *p);

/** Fill KD_BOOT_PARAMS_SIZE zeroed bytes. @chain: of kd_x86_setup_data(). */
void kd_x86_boot_params(const struct kd_x86_params *p, uint64_t chain, uint8_t *bp);

/** Fill what follows boot_params: command line, EFI's map, the chain of setup_data.
 *  @buf is the whole zeroed segment. Returns the chain's physical address, 0 for none. */
uint64_t kd_x86_setup_data(const struct kd_x86_params *p, uint8_t *buf);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Machines for what reads a running kernel: /proc and /sys of a fake root, filled as
 * Linux does for a loader (kexec/host/host.h). Used by tests of host/ and of the kexec
 * program.
 */
#pragma once

#include "tests/unit/fake-root.h"

/** A virtual machine of 3 + 1 GiB booted by BIOS, with 256 MiB for a crash kernel, three
 *  CPUs of which one is offline, and persistent memory. */
void fake_bios_machine(const struct fake_root *root);

/** One booted by EFI with five-level page tables; memory, EFI and CPU only. */
void fake_efi_machine(const struct fake_root *root);

/** One entry of the firmware's map; each text as its file has it, newline included. */
void fake_firmware(const struct fake_root *root, unsigned int number, const char *start,
		   const char *last, const char *type);

/** A mapping as /proc/kcore tells it; @paddr UINT64_MAX for none. */
struct fake_map {
	uint64_t vaddr;
	uint64_t paddr;
	uint64_t size;
};

/** /proc/kcore's headers, of up to 15 mappings. */
void fake_kcore(const struct fake_root *root, const struct fake_map *maps, size_t n);

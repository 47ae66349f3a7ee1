/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A snapshot of the running system, all that a segment plan depends on besides image and
 * options. Read through a root_fd, so that a folder of files is a fixture. Trusts text
 * formats of the kernel (named at each reader), not their sizes. Called by load.c, the
 * kexec program and the daemon.
 */
#pragma once

#include "kexec/arch.h"
#include "kexec/ranges.h"

#define KD_BOOT_PARAMS_SIZE 4096

/** A CPU's crash note: /sys/devices/system/cpu/cpuN/crash_notes{,_size} */
struct kd_host_note {
	uint64_t address;
	uint64_t size;
};

/** One EFI runtime mapping: /sys/firmware/efi/runtime-map/N/. */
struct kd_host_efi_map {
	uint32_t type;
	uint64_t physical;
	uint64_t virtual;
	uint64_t pages; /* of 4 KiB */
	uint64_t attribute;
};

/** Physical addresses of /sys/firmware/efi; 0 for what there is not. */
struct kd_host_efi {
	bool present;
	uint64_t fw_vendor;
	uint64_t runtime;
	uint64_t config_table;
	uint64_t smbios;
	struct kd_host_efi_map *maps; /* owned by the snapshot */
	size_t n_maps;
};

/**
 * @ram:        System RAM of /proc/iomem, nested "System RAM (…)" included, and what else
 *              it names, typed; without the kernel's own sub-ranges
 * @busy:       what of @ram the firmware or a driver keeps for itself (arm64's nested
 *              "reserved"): part of a dump, no place to load anything
 * @firmware:   /sys/firmware/memmap: what the firmware said at boot; empty without one
 * @crash:      the crash kernel's memory, the high part; empty when nothing is reserved
 * @crash_low:  the part below 4 GiB that ,high comes with; empty for none
 * @crash_cma:  ranges of ,cma, RAM of the running kernel until it panics
 * @kernel:     physical range of kernel text to bss; @text_vaddr: where its start is mapped
 * @page_offset: virtual minus physical address of the linear map; @has_page_offset
 * @vmcoreinfo: physical address and size of the note; size 0 when unknown
 * @notes:      one a possible CPU
 * @boot_params: the running kernel's own, x86; @has_boot_params
 * @fdt:        flattened device tree, arm64; NULL for none. Owned
 * @rsdp:       physical address of ACPI's root pointer; 0 when unknown
 * @ram_total:  bytes the kernel manages (MemTotal)
 * @elfcorehdr_size: what the kernel wants for rewriting the header on hotplug; 0 for a
 *              kernel that does not (/sys/kernel/crash_elfcorehdr_size)
 * @la57:       five-level page tables are on
 * @address_bits: physical address bits of the CPU
 * @cmdline:    /proc/cmdline without its newline; owned
 */
struct kd_kexec_host {
	enum kd_arch arch;
	uint64_t page_size;
	struct kd_ranges ram;
	struct kd_ranges busy;
	struct kd_ranges firmware;
	struct kd_range crash;
	struct kd_range crash_low;
	struct kd_ranges crash_cma;
	struct kd_range kernel;
	uint64_t text_vaddr;
	uint64_t page_offset;
	bool has_page_offset;
	struct kd_host_note vmcoreinfo;
	struct kd_host_note *notes;
	size_t n_notes;
	uint8_t boot_params[KD_BOOT_PARAMS_SIZE];
	bool has_boot_params;
	struct kd_host_efi efi;
	uint8_t *fdt;
	size_t fdt_size;
	uint64_t rsdp;
	uint64_t ram_total;
	uint64_t elfcorehdr_size;
	bool la57;
	unsigned int address_bits;
	char *cmdline;
};

/**
 * Read it all. What a kernel does not have leaves the harmless value; what it has and
 * cannot be understood is an error.
 *
 * @arch: whose files to look for: kd_arch_native() but in tests
 * Errors: -EPERM when /proc/iomem hides its addresses; -EBADMSG with file and line;
 * -ENOMEM; those of reading. @ret untouched then.
 */
int kd_kexec_host_read(int root_fd, enum kd_arch arch, struct kd_kexec_host *ret,
		       struct kd_error *err);

/** The same with /proc/iomem open already, at any position: it shows its addresses to
 *  whoever reads a descriptor that was opened with CAP_SYS_ADMIN. -EBADF: open it. */
int kd_kexec_host_read_with(int root_fd, int iomem_fd, enum kd_arch arch,
			    struct kd_kexec_host *ret, struct kd_error *err);
void kd_kexec_host_done(struct kd_kexec_host *host);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The parts of a snapshot, each a reader of its own sources: fills its members of a
 * snapshot that starts as zeros and is freed as a whole. Errors as kd_kexec_host_read().
 * Called by host.c only, in this order: later ones look at what earlier ones found.
 */
#pragma once

#include "kexec/host/host.h"

/** @ram, @busy, @crash, @crash_low, @kernel; @firmware; @crash_cma; @ram_total. @iomem_fd:
 *  as kd_kexec_host_read_with(). */
int kd_host_read_memory(int root_fd, int iomem_fd, struct kd_kexec_host *host,
			struct kd_error *err);

/** @boot_params; @fdt; @page_size; @cmdline; @vmcoreinfo; @elfcorehdr_size. */
int kd_host_read_boot(int root_fd, struct kd_kexec_host *host, struct kd_error *err);

/** @efi, and @rsdp where boot_params has none. */
int kd_host_read_efi(int root_fd, struct kd_kexec_host *host, struct kd_error *err);

/** @notes; @la57, @address_bits. */
int kd_host_read_cpus(int root_fd, struct kd_kexec_host *host, struct kd_error *err);

/** @page_offset, @text_vaddr, out of /proc/kcore's program headers and kallsyms. */
int kd_host_read_map(int root_fd, struct kd_kexec_host *host, struct kd_error *err);

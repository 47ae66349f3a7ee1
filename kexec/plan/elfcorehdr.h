/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The header of /proc/vmcore, made by whoever loads the crash kernel: an ELF64 core whose
 * notes and segments are physical addresses of the running kernel's memory
 * (parse_crash_elf64_headers(), fs/proc/vmcore.c). Pure. Called by x86.c and arm64.c.
 */
#pragma once

#include "kexec/host/host.h"

/**
 * Make the header: a note for each possible CPU, vmcoreinfo, the kernel's text where it is
 * known, and RAM but for what the crash kernel uses itself.
 *
 * @lowest:   RAM below it is left out: x86 uses the first MiB itself
 * @ret:      owned by the caller
 * Errors: -ENODATA in words for a host without vmcoreinfo, notes or page offset; -ENOTSUP
 * in words for more segments than an ELF header can count; -ENOMEM.
 */
int kd_elfcorehdr_build(const struct kd_kexec_host *host, uint64_t lowest, void **ret,
			size_t *ret_size, struct kd_error *err);

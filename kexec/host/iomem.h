/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The text of /proc/iomem as memory: what is RAM, what is not, where the kernel lies and
 * what is set aside for a crash. Pure, of bytes, but for kd_iomem_read(); the format is
 * kernel/resource.c's r_show(): two spaces a level, "start-end : name", hexadecimal, the
 * end inclusive. Called by host.c, the daemon and the fuzzer.
 */
#pragma once

#include "kexec/ranges.h"

/** Above what 65536 lines take; 1 GiB of it would be a mistake of ours. */
#define KD_IOMEM_MAX (8u << 20)

/**
 * @ram:       typed, nested "System RAM (…)" included; the kernel and its crash memory
 *             are RAM like the rest
 * @busy:      "reserved" inside of RAM (arm64): not to be loaded into, but dumped
 * @crash, @crash_low, @kernel: empty for none
 */
struct kd_iomem {
	struct kd_ranges ram;
	struct kd_ranges busy;
	struct kd_range crash;
	struct kd_range crash_low;
	struct kd_range kernel;
};

/**
 * Errors: -EPERM when the addresses are hidden (zeros, no CAP_SYS_ADMIN); -EBADMSG with
 * the line; -ENOMEM. @ret untouched then.
 */
int kd_iomem_parse(const char *text, size_t size, struct kd_iomem *ret,
		   struct kd_error *err);
void kd_iomem_done(struct kd_iomem *map);

/**
 * The same of the file itself, below @root_fd, or of @iomem_fd where that is not negative:
 * opened already, at any position.
 *
 * Errors: -ENOENT, @err clean, without such a file; those of reading and of parsing.
 */
int kd_iomem_read(int root_fd, int iomem_fd, struct kd_iomem *ret, struct kd_error *err);

/** What a name of iomem or of the firmware's map stands for: e820_type_to_string() of
 *  arch/x86/kernel/e820.c, with the names RAM gets when hot-added. False for another. */
bool kd_iomem_type(const char *name, size_t length, enum kd_range_type *ret);

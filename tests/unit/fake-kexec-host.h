/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Machines and kernels for tests of kexec's plans, made by hand: what host/ and image/
 * would have read. A machine is a table of its address ranges.
 */
#pragma once

#include "kexec/plan/plan.h"

#define MIB (1ull << 20)
#define GIB (1ull << 30)

/** What a machine is made of. Both tables end with an empty range; @firmware may be NULL. */
struct fake_machine {
	const struct kd_range *ram;
	const struct kd_range *firmware;
	struct kd_range crash;
	struct kd_range crash_low;
	const struct kd_range *cma;
	bool efi;
};

/** 2 GiB started by a BIOS, as QEMU's is, 256 MiB for a crash kernel. */
extern const struct fake_machine fake_bios;
/** 2 GiB started by EFI. */
extern const struct fake_machine fake_efi;
/** 6 GiB with crashkernel=256M,high: the reservation lies above 4 GiB. */
extern const struct fake_machine fake_high;
/** 4 GiB with two ranges of crashkernel=,cma. */
extern const struct fake_machine fake_cma;

/** Make it; ends the test program when memory does. To be freed by
 *  fake_kexec_host_done(). */
void fake_kexec_host(const struct fake_machine *machine, struct kd_kexec_host *ret);
void fake_kexec_host_done(struct kd_kexec_host *host);

/** A bzImage that may lie anywhere: 48 KiB of it, 32 MiB while it starts, at multiples of
 *  2 MiB from 16 MiB on. Nothing to free. */
struct kd_kernel fake_kexec_kernel(void);

/** Options for it: a command line, an initrd of 100000 bytes, a seed. */
struct kd_kexec_options fake_kexec_options(enum kd_kexec_purpose purpose);

/** The first segment of @role; NULL for none. */
const struct kd_kexec_segment *fake_segment(const struct kd_kexec_plan *plan,
					    enum kd_segment_role role);

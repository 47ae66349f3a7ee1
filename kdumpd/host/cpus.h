/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * This machine's CPUs, as far as a capture on it may want more than one. Reads procfs and
 * sysfs below a root_fd, trusts neither. Called by host.c.
 */
#pragma once

#include "base/types.h"

#define KD_APIC_UNKNOWN UINT32_MAX

/**
 * @present: that may be online (/sys/devices/system/cpu/present), at least 1; those that
 *           are at the moment would change with each that is taken offline
 * @boot_apic: x86: the initial APIC ID of the CPU that the firmware started; else
 *           KD_APIC_UNKNOWN
 * @alone:   no kernel but the first can count on another CPU to start: in guests of Xen, and
 *           in those whose registers are encrypted (SEV-ES, SEV-SNP, TDX), where no INIT
 *           from inside starts one
 */
struct kd_cpus {
	unsigned int present;
	uint32_t boot_apic;
	bool alone;
};

/** Never fails: what cannot be read is one CPU, and KD_APIC_UNKNOWN. */
void kd_cpus_read(int root_fd, struct kd_cpus *ret);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The CPUs and the memory that a loaded image's ELF header speaks of, and whether the
 * header is still true of this machine. Nothing else of an image goes stale by hotplug.
 * Read through a root_fd. Called by arm.c; kd_hardware_changed() is pure.
 */
#pragma once

#include "kdumpd/arm/state.h"

/**
 * @cpus, @memory: digests of the CPUs present and of the ranges of RAM; "" when they
 *            cannot be seen (/proc/iomem hides its addresses, or there is none)
 * @cpus_followed, @memory_followed: the kernel itself keeps the header of the image that
 *            is loaded now up to date (crash_hotplug below /sys/devices/system)
 */
struct kd_hardware {
	char cpus[KD_DIGEST_HEX];
	char memory[KD_DIGEST_HEX];
	bool cpus_followed;
	bool memory_followed;
};

/** Standard input, where it is /proc/iomem: kdumpd.service has it so; else -EBADF. */
int kd_arm_iomem_fd(void);

/** Look. @iomem_fd: as in struct kd_arm_request. What cannot be read stays empty. */
void kd_hardware_read(int root_fd, int iomem_fd, struct kd_hardware *ret);

/** Whether what @state tells of was made for other hardware than @now, in a way that the
 *  kernel does not make good by itself. What is unknown is not held against it. */
bool kd_hardware_changed(const struct kd_state *state, const struct kd_hardware *now);

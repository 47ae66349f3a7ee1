/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How much memory a capture needs: a sum over what will really run, not a table of
 * machine sizes. Pure. What is added to the measured parts is named here and held against
 * real panics by tests/bench/reservation. Called by arm/needs.c, for estimate and status.
 */
#pragma once

#include "base/types.h"

/**
 * Bytes, but for @cpus.
 *
 * @kernel:  what the capture kernel occupies from text to bss
 * @loading: what it needs while it unpacks itself (init_size), >= @kernel
 * @image:   the capture image as it is loaded; @archive: unpacked; @modules: of it, the
 *           kernel modules, which are in memory a second time once they are loaded
 * @dump:    buffers of the dump (capture-kernel/budget.h), all threads
 * @network: bytes that sockets and an encrypting process take; 0 for a local target
 * @page:    size of a page
 * @cpus:    that the capture kernel brings up
 * @event_inodes: the kernel makes inodes and dentries for the files of all trace events
 *           when it starts, as it did before "eventfs: Implement tracefs_inode_cache" and
 *           its series (v6.6)
 */
struct kd_estimate_input {
	uint64_t kernel, loading;
	uint64_t image, archive, modules;
	uint64_t dump, network;
	uint64_t page;
	unsigned int cpus;
	bool event_inodes;
};

/**
 * Bytes. @recommended is the sum of the others, rounded up to whole MiB.
 *
 * @kernel:    the kernel's image
 * @tables:    struct page, sparsemem, per-CPU areas
 * @runtime:   what a kernel allocates until pid 1 starts, besides
 * @initramfs: unpacked; while it is being unpacked the packed one and a window as well,
 *             where that is more than what comes later
 * @modules:   loaded
 * @dump:      buffers, the process around them, what a target's connection takes
 */
struct kd_estimate {
	uint64_t kernel, tables, runtime;
	uint64_t initramfs, modules, dump;
	uint64_t recommended;
};

void kd_estimate(const struct kd_estimate_input *in, struct kd_estimate *ret);

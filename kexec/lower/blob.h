/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A plan as one blob, for a kernel that takes no segments: Zircon copies a kernel image to
 * a place of its own choice and enters it (zx_system_mexec()). The image made here is a
 * shim that moves the plan's segments to their places and enters the plan. Pure: a function
 * of plan and memory. Trusts no plan. Called by backend/.
 */
#pragma once

#include "base/error.h"
#include "kexec/plan/plan.h"
#include "kexec/ranges.h"

/** Highest address a plan's segments may end at: what the shim's page tables map. */
#define KD_BLOB_LIMIT (512ull << 30)

/**
 * Two Zircon boot images, the arguments of zx_system_mexec(). Owned.
 *
 * @kernel: a container with one kernel item: goes to memory as it is, to any page where
 *          all of it is mapped to itself. Its item asks for no memory behind it: Zircon
 *          does not keep its own page tables away from there (sys_system_mexec()), so the
 *          shim's first stack and tables lie inside
 * @entry:  where it is entered, bytes from @kernel's first; also in the item
 * @data:   a container with the command line, for whoever reads logs: a foreign kernel
 *          gets its own with the plan. The items of the running system can be appended;
 *          the shim looks at none of them
 */
struct kd_blob {
	uint8_t *kernel;
	size_t kernel_size;
	uint64_t entry;
	uint8_t *data;
	size_t data_size;
};

/**
 * Make the blob of @plan, whose memory is copied.
 *
 * @ram: what there is, to find two places in where the shim can work while segments land
 *       on the blob itself. It takes the first free one of: the blob's end, those two
 * Errors, one sentence each: -ENOTSUP for a machine other than x86_64, or a segment above
 * KD_BLOB_LIMIT; -EINVAL for segments that overlap, wrap, hold more than their size or are
 * too many, and for an entry outside of them; -ENOSPC without two such places; -EFBIG above
 * 1 GiB; -ENOMEM. @ret untouched then.
 */
int kd_blob_lower(const struct kd_kexec_plan *plan, const struct kd_ranges *ram,
		  struct kd_blob *ret, struct kd_error *err);
void kd_blob_done(struct kd_blob *blob);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Saving the dump: vmcore-incomplete, written, synced, read back; only then vmcore.
 * Called by the dump phase, in a child with a memory cap.
 */
#pragma once

#include "capture-kernel/place.h"
#include "capture-kernel/shared.h"

/**
 * @root_fd:   below which proc/vmcore and kdump/layout lie
 * @dir:       the dump folder
 * @collector: core_collector; one that is no makedumpfile line falls back to -d 31
 * @memory:    bytes of buffers
 * @shared:    progress, and the outcome to fill in
 */
struct kd_save_dump {
	int root_fd;
	struct kd_place *dir;
	const char *collector;
	uint64_t memory;
	struct kd_shared *shared;
};

/**
 * Write the dump; "vmcore" exists when 0 is returned and only then.
 * Errors: those of reading the vmcore, -ENOSPC, -EIO of the target, -ENOMEM, -EBADMSG when
 * what was read back is not what was written.
 */
int kd_save_dump(const struct kd_save_dump *s, struct kd_error *err);

/**
 * After a dump that failed: say in @o what vmcore-incomplete is worth, and remove one
 * that cannot even be opened.
 */
void kd_save_dump_settle(struct kd_place *dir, struct kd_outcome *o);

/**
 * Make room on a full disk for the outcome, at the cost of the last pages of a dump that
 * is cut anyway: what happened is worth more than they are.
 * Returns 0 when something was freed, -ENOENT without vmcore-incomplete, -errno.
 */
int kd_save_dump_make_room(struct kd_place *dir, struct kd_error *err);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Saving the dump: vmcore-incomplete, written, synced, read back; only then vmcore. Where
 * there is no room or no time for the level that was asked for, a stricter one follows.
 * Called by the dump phase, in a child with a memory cap.
 */
#pragma once

#include "capture-kernel/saving.h"

/**
 * Write the dump; "vmcore" exists when 0 is returned and only then. What a mini dump holds
 * is in it, too, so that goes.
 * Errors: those of reading the vmcore, -ENOSPC, -EIO of the target, -ENOMEM, -ETIME, -EBADMSG
 * when what was read back is not what was written.
 */
int kd_save_dump(const struct kd_save *s, struct kd_error *err);

/**
 * Before an outcome is written: say in @o what there is without a complete dump, and
 * remove a vmcore-incomplete that cannot even be opened.
 */
void kd_save_dump_settle(struct kd_place *dir, struct kd_outcome *o);

/**
 * Make room on a full disk for the outcome, at the cost of the last pages of a dump that
 * is cut anyway: what happened is worth more than they are.
 * Returns 0 when something was freed, -ENOENT without vmcore-incomplete, -errno.
 */
int kd_save_dump_make_room(struct kd_place *dir, struct kd_error *err);

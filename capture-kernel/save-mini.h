/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Saving the mini dump: a few MB, durable before the first byte of the whole dump, so that
 * a disk that fills up, a reset or a dump that cannot be made leaves more than the log.
 * Called by the mini phase, in a child with a memory cap.
 */
#pragma once

#include "capture-kernel/saving.h"

/** Write vmcore-mini; it exists when 0 is returned and only then. Errors as
 *  kd_save_dump(). */
int kd_save_mini(const struct kd_save *s, struct kd_error *err);

/** It is not needed any more. What cannot be removed stays. */
void kd_save_mini_drop(struct kd_place *dir, struct kd_outcome *o);

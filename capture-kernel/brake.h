/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The brake for crash loops: how many dumps of the last hour lie on the target already. A
 * machine that crashes minutes after each start fills its disk in a night, with dumps that
 * are all alike. Goes by the folders' names, which nothing but a capture makes. Called by
 * the target phase, in a child.
 */
#pragma once

#include "base/error.h"
#include "base/types.h"

#define KD_BRAKE_WINDOW 3600  /* seconds */
#define KD_BRAKE_LOOKS	65536 /* names looked at; what comes behind is not counted */

/** Whether a folder @name is a dump of the window that ends with @crash, seconds since the
 *  epoch. Pure. */
bool kd_brake_counts(const char *name, int64_t crash);

/**
 * Count such folders in @folder_fd, which stays the caller's.
 * Returns 0 or the error of listing it.
 */
int kd_brake_count(int folder_fd, int64_t crash, uint64_t *ret, struct kd_error *err);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The brake for crash loops: how many dumps of the last hour lie on the target already. A
 * machine that crashes minutes after each start fills its disk in a night, with dumps that
 * are all alike. Goes by the folders' names, which nothing but a capture makes, and only by
 * this machine's: a server may be many machines' target, and one trouble all of theirs.
 * Called by the target phase, in a child.
 */
#pragma once

#include "capture-kernel/place.h"

#define KD_BRAKE_WINDOW 3600 /* seconds */

/** @host: as in the dump's name; @crash: when, seconds since the epoch; @until_ms: when
 *  kd_now_ms() is this, the rest of the folder is left out: a server's may have more names
 *  than there is time to have the target */
struct kd_brake {
	const char *host;
	int64_t crash;
	uint64_t until_ms;
};

/** Whether a folder @name is a dump of the window that ends with the crash. Pure. */
bool kd_brake_counts(const struct kd_brake *b, const char *name);

/**
 * Count such folders in @folder.
 * Returns 0 or the error of listing it; -ENOTSUP where that cannot be done.
 */
int kd_brake_count(const struct kd_brake *b, struct kd_place *folder, uint64_t *ret,
		   struct kd_error *err);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Saving the dead kernel's log, before anything else is tried: vmcore-dmesg.txt.
 * Called by the log phase, in a child.
 */
#pragma once

#include "base/outcome.h"
#include "capture-kernel/place.h"

/**
 * Save the log into the dump folder, durable on return.
 *
 * Written as vmcore-dmesg-incomplete.txt, mode 0600, and renamed when all of it was
 * read: the names kdump-utils uses. A log that breaks off keeps the first name.
 *
 * @root_fd: below which proc/vmcore lies
 * @dir:     the dump folder
 * @o:       release, build ID, time, bytes, state and a note if it is cut
 */
int kd_save_dmesg(int root_fd, struct kd_place *dir, struct kd_outcome *o,
		  struct kd_error *err);

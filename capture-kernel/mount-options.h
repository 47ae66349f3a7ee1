/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Mount options as fstab spells them to what mount(2) takes: flags for those the
 * kernel handles for every file system, the rest as text for the file system. Pure.
 * Called by target-fs.c.
 */
#pragma once

#include "base/error.h"
#include "base/types.h"

/**
 * Split @options.
 *
 * "ro" is dropped: a dump is to be written. What only mount(8), systemd or fstab read
 * (nofail, x-…, _netdev, user …) is dropped, too.
 *
 * @ret_flags: MS_*; set, not added to
 * @ret_data:  for mount(2)'s last argument, @size bytes
 * Returns 0 or -E2BIG when the rest does not fit; outputs are then untouched.
 */
int kd_mount_options(const char *options, unsigned long *ret_flags, char *ret_data,
		     size_t size);

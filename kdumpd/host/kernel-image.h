/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which file is the kernel of a release: the places distributions put it. Trusts a name
 * that carries the release; a bare one must say it inside. Called by the arm path.
 */
#pragma once

#include "base/error.h"
#include "base/types.h"

/**
 * Open the kernel image of @release: /boot/vmlinuz-<release>,
 * /usr/lib/modules/<release>/vmlinuz, /lib/modules/<release>/vmlinuz, or /boot/vmlinuz
 * when its header says it is that release (setup header 0x20e, kernel_version).
 *
 * @ret_path: absolute, at least @size bytes
 * Returns a descriptor owned by the caller; -ENOENT when there is none.
 */
int kd_kernel_image_open(int root_fd, const char *release, char *ret_path, size_t size,
			 struct kd_error *err);

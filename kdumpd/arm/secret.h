/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The capture image with its secret: the one on disk never holds it. Before a load an
 * archive with the SSH key is put in front of the image, in memory alone; the kernel
 * unpacks archives one after another (init/initramfs.c, unpack_to_rootfs()). So images can
 * be kept and loaded again, and the secret exists in its own file and in the reserved
 * memory. Called by arm-load.c.
 */
#pragma once

#include "base/error.h"

/**
 * Make the image that is to be loaded.
 *
 * @image_fd: the one on disk
 * @key:      path of the private key below @root_fd; becomes /kdump/ssh/key, 0600
 * Returns a descriptor of a memfd, open for reading only, owned by the caller. Errors: those
 * of the key's file, -EPERM when others may read it, -EFBIG, -ENOMEM.
 */
int kd_secret_image(int root_fd, int image_fd, const char *key, struct kd_error *err);

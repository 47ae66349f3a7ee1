/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is loaded with the capture image and is not in it: the SSH key, which no file but
 * its own may hold, and the running kernel's vmcoreinfo, which is of this boot alone while
 * images are kept. Before a load an archive with both is put in front of the image, in
 * memory; the kernel unpacks archives one after another (init/initramfs.c,
 * unpack_to_rootfs()). Called by arm-load.c.
 */
#pragma once

#include "base/error.h"

/**
 * Make the image that is to be loaded.
 *
 * @image_fd: the one on disk
 * @key:      path of the private key below @root_fd, becomes /kdump/ssh/key, 0600; "" when
 *            there is none
 * vmcoreinfo becomes /kdump/vmcoreinfo where it can be read (capture-kernel/kept-info.h).
 * Returns a descriptor of a memfd, open for reading only, owned by the caller. Errors:
 * -ENODATA when there is nothing to put in front, or the key's file is empty; those of that
 * file, -EPERM when others may read it, -EFBIG, -ENOMEM.
 */
int kd_front_image(int root_fd, int image_fd, const char *key, struct kd_error *err);

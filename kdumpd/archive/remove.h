/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Removing one dump: the files a capture writes and then its folder. A folder that holds
 * anything else stays as it is, whole. Trusts no name; links are not followed. Called by
 * kdumpctl gc.
 */
#pragma once

#include "base/error.h"

/**
 * @dir_fd: of the folder of dumps; @name: of the dump's, without '/'
 * Errors: -ENOTEMPTY when it holds something that is not a capture's, named in @err, and
 * then nothing is removed; those of unlink.
 */
int kd_dump_remove(int dir_fd, const char *name, struct kd_error *err);

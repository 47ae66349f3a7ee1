/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Opening folders on the dump target as the healthy system would: an absolute symbolic
 * link there means the target's root, not the initramfs. Called by target.c and, in
 * each child that writes to the target, by the phases.
 */
#pragma once

#include "base/error.h"
#include "base/types.h"

/**
 * Open folder @path below @root_fd, links resolved inside it, never out of it.
 *
 * @create: make missing folders, mode 0700, each made durable
 * Returns a descriptor the caller owns, or negative errno: -ENAMETOOLONG, -ENOTDIR, those
 * of open and mkdir. Kernels without openat2(2) (before 5.6, commit fddb5d430ad9) refuse
 * links with -ELOOP.
 */
int kd_open_below(int root_fd, const char *path, bool create, struct kd_error *err);

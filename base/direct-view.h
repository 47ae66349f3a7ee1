/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A file as its disk has it: a view that reads past the page cache (O_DIRECT, open(2)), for
 * whom what was just written there proves nothing. Read in large pieces, each once by who
 * reads on, from one place or from several; for a look at another one in small pieces.
 * Nothing of it stays in memory but the last of each. Used by the capture side's read-back.
 */
#pragma once

#include "base/file-view.h"

/**
 * Open a regular file, never a symbolic link.
 *
 * @ret: owned by the caller. Reads of several threads wait for each other
 * Errors: those of open and of reading it; -EINVAL, -EOPNOTSUPP where the file system or
 * the disk does not do that: its page cache may be dropped instead. -ENOMEM.
 */
int kd_direct_view_open_at(int dir_fd, const char *path, struct kd_file_view **ret,
			   struct kd_error *err);

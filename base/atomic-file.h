/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Replace a file so that a reader, or a power cut, finds the old content or the new
 * one and nothing between: temporary file, fsync, rename, fsync of the folder.
 * Used for every file that must survive: state, outcome, layout, configuration.
 */
#pragma once

#include <sys/types.h>

#include "base/error.h"

/**
 * Replace @path by @size bytes of @data.
 *
 * The temporary file is ".#<name>.tmp" beside it, created afresh: a stale one from an
 * earlier crash is removed first, never followed when it is a link.
 *
 * @mode: permissions of the new file, whatever the umask
 * Errors: those of openat, write, fsync (-EIO and -ENOSPC show up here) and rename;
 * the old file is then untouched.
 */
int kd_replace_file_at(int dir_fd, const char *path, const void *data, size_t size,
		       mode_t mode, struct kd_error *err);

/** fsync the directory that holds @path, so that a rename or unlink in it lasts. */
int kd_fsync_parent_at(int dir_fd, const char *path, struct kd_error *err);

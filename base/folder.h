/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is in a folder, in an order that does not hang on its disk: images and hooks come out
 * the same each time. Used where the order counts; who only looks for something reads the
 * folder itself (kd_opendir_at()).
 */
#pragma once

#include "base/strlist.h"

/**
 * The names in a folder but hidden ones, sorted by their bytes. No folder gives none.
 *
 * @max: names at most; which of more, the folder decides
 * @ret: empty; what it holds after an error is still the caller's
 * Returns 0, an error of opening or reading the folder, -ENOMEM, -E2BIG past
 * KD_STRLIST_MAX.
 */
int kd_folder_names(int dir_fd, const char *path, size_t max, struct kd_strlist *ret);

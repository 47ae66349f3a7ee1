/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stand-in for a libc header: what our files for other systems use of POSIX.
 */
#pragma once

typedef struct stand_in_dir DIR;

int closedir(DIR *d);

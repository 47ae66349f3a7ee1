/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * When nothing could be saved anywhere: the end of the dead kernel's log, on the
 * console. Serial lines and screens are often recorded, and then this is the dump.
 * Called by the last phase, in a child.
 */
#pragma once

#include "base/log.h"

#define KD_LAST_WORDS_BYTES 16384 /* 1.5 s at 115200 baud */

/** Print the tail of the log, line by line. Errors as those of reading the log, once
 *  what could be read is printed. */
int kd_last_words(int root_fd, const struct kd_log *log, struct kd_error *err);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * When nothing could be saved anywhere: the end of the dead kernel's log, on the
 * console. Serial lines and screens are often recorded, and then this is the dump. Where
 * there is a pstore, in this kernel's own log, too, which a panic takes there: user space
 * has no other way. Called by the last phase, in a child.
 */
#pragma once

#include "base/log.h"
#include "base/types.h"

#define KD_LAST_WORDS_BYTES 16384 /* 1.5 s at 115200 baud */

/**
 * Print the tail of the log, line by line.
 *
 * @ret_kmsg: lines that a panic would take to pstore; untouched when it would none
 * Errors as those of reading the log, once what could be read is printed.
 */
int kd_last_words(int root_fd, const struct kd_log *log, uint64_t *ret_kmsg,
		  struct kd_error *err);

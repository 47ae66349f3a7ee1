/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What /proc/cpuinfo says of the first CPU, which is the one that the firmware started
 * (arch/x86/kernel/cpu/proc.c). Trusts none of it. Called by the readers of host/ and by
 * the daemon's facts of a machine.
 */
#pragma once

#include "base/error.h"
#include "base/types.h"

/** Its lines, "" without such a file; @size bytes with the NUL, what does not fit is cut.
 *  0, or an error of reading. */
int kd_cpuinfo_first(int root_fd, char *ret, size_t size, struct kd_error *err);

/** What stands behind the colon of "<key>\t: value"; NULL for another line. */
char *kd_cpuinfo_value(char *line, const char *key);

/** Whether a value has a word: of "flags", a CPU's feature. */
bool kd_cpuinfo_has_word(const char *value, const char *word);

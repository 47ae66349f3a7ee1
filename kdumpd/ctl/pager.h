/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Long output through a pager where a person reads it: $PAGER or less, found in PATH, no
 * shell. Called by kdumpctl's commands.
 */
#pragma once

#include <sys/types.h>

/** @pid: of the pager; 0 when stdout goes where it went */
struct kd_pager {
	pid_t pid;
};

/** Start one when @wanted and stdout is a terminal; without one the output is plain. */
void kd_pager_start(struct kd_pager *pager, int wanted);

/** Flush stdout and wait for the reader to leave. */
void kd_pager_done(struct kd_pager *pager);

/** Write @size bytes to stdout with nothing in them that steers a terminal: line ends and
 *  tabs stay, other control characters, C1's in UTF-8 too, become '?'. */
void kd_put_plain(const char *text, size_t size);

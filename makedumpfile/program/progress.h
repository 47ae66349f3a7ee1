/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How far a long mode is, on stderr, in the original's words and at its rate. Called by
 * the modes of the makedumpfile program.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

/** How progress was last shown. @terminal: lines may be overwritten; @shown: when, in
 *  seconds of the monotonic clock */
struct kd_progress {
	bool terminal;
	unsigned int lapse;
	const char *what;
	struct timespec started;
	time_t shown;
};

/** Show "Copying data : [ 57.8 %] -  eta: 39s" on stderr, at most once a second but for
 *  the end of something. */
void kd_progress_show(struct kd_progress *p, const char *what, uint64_t done,
		      uint64_t all);

/** "eta: 39s" from the seconds gone and the parts done. Empty until that says anything. */
void kd_progress_eta(char *ret, size_t size, uint64_t seconds, uint64_t done,
		     uint64_t all);

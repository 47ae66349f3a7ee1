/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Log lines of the programs: "kdumpd: text" on a descriptor, with the journal's <N>
 * level prefix where it reads them. Libraries never call this; a program logs once, at
 * its edge. The level lives in the program's root struct, not in a global.
 */
#pragma once

#include "base/error.h"

/* syslog(3) levels, also what the journal expects between < and > */
enum kd_log_level {
	KD_LOG_ERROR = 3,
	KD_LOG_WARNING = 4,
	KD_LOG_NOTICE = 5,
	KD_LOG_INFO = 6,
	KD_LOG_DEBUG = 7,
};

/**
 * @fd:      borrowed; lines go there, one write(2) each
 * @name:    borrowed; put in front of each line, "kdump" gives "kdump: …"
 * @max:     lines above this level are dropped
 * @journal: prefix lines with "<N>" (sd-daemon(3)) instead of naming the level
 */
struct kd_log {
	int fd;
	const char *name;
	enum kd_log_level max;
	bool journal;
};

/** Write one line; longer texts are cut at 1 KiB, control characters replaced. */
void kd_log(const struct kd_log *log, enum kd_log_level level, const char *fmt, ...)
	_printf_(3, 4);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lines for whoever watches the machine die: "kdumpd: phase <name>: <text>" on
 * /dev/console. Not on /dev/kmsg: that ring is this kernel's own and gone with it, and
 * printk waits for a slow serial line in the kernel, where no time limit reaches.
 * Called by pid 1 only; never fails, never blocks, never floods.
 */
#pragma once

#include "base/log.h"
#include "base/types.h"

#define KD_CONSOLE_INTERVAL_MS 1000 /* between two progress lines */

/**
 * @log:     its descriptor is owned by the console
 * @next_ms: no progress line before this
 * @line:    the last progress line, not to be said twice
 */
struct kd_console {
	struct kd_log log;
	uint64_t next_ms;
	char line[128];
};

/** Open dev/console below @root_fd without blocking writes; standard error serves where
 *  it cannot be opened. */
void kd_console_init(struct kd_console *c, int root_fd);
void kd_console_done(struct kd_console *c);

/** One line about phase @phase. */
void kd_console_say(const struct kd_console *c, enum kd_log_level level,
		    const char *phase, const char *fmt, ...) _printf_(4, 5);

/** Something else is under way: its first progress line comes at once. */
void kd_console_begin(struct kd_console *c);

/** How far @phase is, at most one line a second and none that says nothing new. */
void kd_console_progress(struct kd_console *c, const char *phase, const char *what,
			 uint64_t done, uint64_t all);

/** "42 % (pages, 21 of 50)", "(pages, 21)" with @all 0, "pages" with
 *  both 0. Pure; for the line above. */
void kd_progress_text(const char *what, uint64_t done, uint64_t all, char *ret,
		      size_t size);

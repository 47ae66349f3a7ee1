/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's log as a lockless ring (kernel/printk/printk_ringbuffer.h), written the
 * way the kernel would: old records make room for new ones. Private to mkvmcore.
 */
#pragma once

#include "tests/tools/mkvmcore/machine.h"
#include "tests/tools/mkvmcore/script.h"

struct mk_log;

/** Add the record of an @log line. */
int mk_log_directive(struct mk *mk, struct mk_line *line, struct kd_error *err);
/** Write the descriptor ring's head and tail; done even without a record. */
int mk_log_finish(struct mk *mk, struct kd_error *err);
void mk_log_free(struct mk_log *log);

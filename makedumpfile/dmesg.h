/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The dead kernel's log out of its lockless ring buffer (kernel/printk/
 * printk_ringbuffer.h). Needs only notes and page tables: it works when everything
 * behind them is damaged. Called by pid 1 before anything else, and by --dump-dmesg.
 */
#pragma once

#include "makedumpfile/sink/sink.h"
#include "makedumpfile/vmcore/xlat.h"

/** How a log is written. */
enum kd_dmesg_flag {
	KD_DMESG_CALLERS = 1, /* "[      T1]" behind the time: who said it */
	KD_DMESG_PARTIAL = 2, /* what came since the last "dmesg -c" */
};

/**
 * Write the log as dmesg(1) prints it to @fd, in pieces of bounded size.
 *
 * @ret_bytes: how much was written, also on failure; may be NULL
 * Errors: -ENODATA when vmcoreinfo lacks a key, -EBADMSG when the ring makes no sense
 * (what could be read is written, text alone where nothing is known of it), those of
 * reading and writing.
 */
int kd_dmesg_write(const struct kd_xlat *xlat, const struct kd_vmcoreinfo *info, int fd,
		   uint64_t *ret_bytes, struct kd_error *err);

/** @salvaged: records whose descriptors are damaged, found in the text ring */
struct kd_dmesg_written {
	uint64_t bytes, salvaged;
};

/** The same into a sink, from its start; it stays the caller's, who finishes it. @ret: set
 *  also on failure. */
int kd_dmesg_write_sink(const struct kd_xlat *xlat, const struct kd_vmcoreinfo *info,
			struct kd_sink *sink, struct kd_dmesg_written *ret,
			struct kd_error *err);

/** The same. @flags: enum kd_dmesg_flag bits; callers where the kernel has them. An empty
 *  log is an error unless it is a partial one. */
int kd_dmesg_write_as(const struct kd_xlat *xlat, const struct kd_vmcoreinfo *info,
		      unsigned int flags, int fd, uint64_t *ret_bytes,
		      struct kd_error *err);

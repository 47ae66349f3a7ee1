/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel that died, as /proc/vmcore shows it: who it was, and its log. The log
 * needs notes and page tables alone, so that it survives whatever ruined the rest.
 * Called in children only: everything read here is hostile.
 */
#pragma once

#include "base/outcome.h"
#include "makedumpfile/dmesg.h"
#include "makedumpfile/sink/sink.h"
#include "makedumpfile/vmcore/elf-core.h"

/** Open proc/vmcore below @root_fd, with the vmcoreinfo that was kept when arming where its
 *  own is damaged (kept-info.h). -ENOENT in words: it is there after a crash only.
 *  Otherwise as kd_vmcore_open_at(). */
int kd_dead_kernel_open(int root_fd, struct kd_vmcore **ret, struct kd_error *err);

/** Fill in release, build ID and time of the crash from vmcoreinfo, as far as it tells
 *  them, and note when it is not the crashed kernel's. */
void kd_dead_kernel_describe(const struct kd_vmcore *core, struct kd_outcome *o);

/** Write its log to @fd. @ret_bytes: written, also on failure. Errors: -ENODATA without
 *  usable vmcoreinfo, those of kd_xlat_init() and kd_dmesg_write(). */
int kd_dead_kernel_log(const struct kd_vmcore *core, int fd, uint64_t *ret_bytes,
		       struct kd_error *err);

/** The same into @sink, from its start. @ret: set also on failure. */
int kd_dead_kernel_log_sink(const struct kd_vmcore *core, struct kd_sink *sink,
			    struct kd_dmesg_written *ret, struct kd_error *err);

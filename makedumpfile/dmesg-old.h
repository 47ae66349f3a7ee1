/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Logs of kernels before the lockless ring (5.10): records in log_buf since 3.5, plain
 * text before. Private to dmesg*.c.
 */
#pragma once

#include "makedumpfile/dmesg-out.h"
#include "makedumpfile/vmcore/xlat.h"

/** Whether @info is of a kernel without the ring, but with log_buf. */
bool kd_dmesg_is_old(const struct kd_vmcoreinfo *info);

/**
 * Write it to @out.
 *
 * @flags:   enum kd_dmesg_flag bits
 * @ret_bad: records that could not be read
 * Errors: -ENODATA when vmcoreinfo lacks a key, -EBADMSG when sizes make no sense, those
 * of reading and writing.
 */
int kd_dmesg_write_old(const struct kd_xlat *xlat, const struct kd_vmcoreinfo *info,
		       unsigned int flags, struct kd_dmesg_out *out, uint64_t *ret_bad,
		       struct kd_error *err);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A file at an SFTP server as a sink to write to, and as a view to read from. Called by
 * place-sftp.c.
 */
#pragma once

#include "base/file-view.h"
#include "capture-kernel/sftp/client.h"
#include "makedumpfile/sink/sink.h"

/** What a failure without a reason means: the protocol has no word for a full disk.
 *  @explain: given a negative errno, returns it or a better one */
struct kd_sftp_reason {
	int (*explain)(void *context, int r);
	void *context;
};

/** Bytes go to @file, which is taken over, and closed with the sink. Copies @reason, whose
 *  context outlives the sink. -ENOMEM; @file is then closed. */
int kd_sink_sftp_new(const struct kd_sftp_file *file, const struct kd_sftp_reason *reason,
		     struct kd_sink **ret);

/** Bytes come from @file, of @size bytes, read ahead in large pieces. Taken over, as
 *  above. */
int kd_view_sftp_new(const struct kd_sftp_file *file, uint64_t size,
		     struct kd_file_view **ret);

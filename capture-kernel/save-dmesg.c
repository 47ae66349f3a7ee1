/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The log, saved: see save-dmesg.h. Trusts the sync of the sink that wrote to tell
 * of write errors. Called by the log phase, in a child.
 */
#include "capture-kernel/save-dmesg.h"

#include "capture-kernel/dead-kernel.h"

#define PARTIAL_NAME "vmcore-dmesg-incomplete.txt"
#define FINAL_NAME   "vmcore-dmesg.txt"

static int finish(struct kd_place *dir, struct kd_sink *sink, bool whole,
		  struct kd_error *err)
{
	int r = kd_sink_finish(sink);

	if (r < 0)
		return kd_fail(err, r, PARTIAL_NAME);
	return whole ? dir->ops->rename(dir, PARTIAL_NAME, FINAL_NAME, err) : 0;
}

int kd_save_dmesg(int root_fd, struct kd_place *dir, struct kd_outcome *o,
		  struct kd_error *err)
{
	_cleanup_(kd_vmcore_freep) struct kd_vmcore *core = NULL;
	_cleanup_(kd_sink_freep) struct kd_sink *sink = NULL;
	uint64_t bytes = 0;
	int r, written;

	r = kd_dead_kernel_open(root_fd, &core, err);
	if (r < 0)
		return r;
	kd_dead_kernel_describe(core, o);
	r = dir->ops->write(dir, PARTIAL_NAME, &sink, err);
	if (r < 0)
		return r;

	written = kd_dead_kernel_log_sink(core, sink, &bytes, err);
	r = finish(dir, sink, written >= 0, written < 0 ? NULL : err);
	if (r >= 0) {
		o->dmesg_bytes = bytes;
		if (bytes > 0)
			o->state = KD_OUTCOME_DMESG_ONLY;
	}
	if (written < 0)
		kd_outcome_note(o, "kernel log: only the first %llu bytes could be read",
				(unsigned long long)bytes);
	return written < 0 ? written : r;
}

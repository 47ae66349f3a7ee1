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

static void describe(const struct kd_dmesg_written *log, const struct kd_error *why,
		     struct kd_outcome *o)
{
	o->dmesg_bytes = log->bytes;
	if (log->bytes > 0)
		o->state = KD_OUTCOME_DMESG_ONLY;
	if (log->salvaged)
		kd_outcome_note(o,
				"kernel log: the descriptors of %ju records are damaged: "
				"they come from the text ring itself",
				(uintmax_t)log->salvaged);
	if (why)
		kd_outcome_note(o, "%ju bytes of the log are saved, not all of it: %s",
				(uintmax_t)log->bytes, why->message);
}

int kd_save_dmesg(int root_fd, struct kd_place *dir, struct kd_outcome *o,
		  struct kd_error *err)
{
	_cleanup_(kd_vmcore_freep) struct kd_vmcore *core = NULL;
	_cleanup_(kd_sink_freep) struct kd_sink *sink = NULL;
	struct kd_dmesg_written log;
	int r, written;

	r = kd_dead_kernel_open(root_fd, &core, err);
	if (r < 0)
		return r;
	kd_dead_kernel_describe(core, o);
	r = dir->ops->write(dir, PARTIAL_NAME, &sink, err);
	if (r < 0)
		return r;

	written = kd_dead_kernel_log_sink(core, sink, &log, err);
	r = finish(dir, sink, written >= 0, written < 0 ? NULL : err);
	if (r >= 0)
		describe(&log, written < 0 ? err : NULL, o);
	return written < 0 ? written : r;
}

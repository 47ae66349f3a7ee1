/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The phases that make dumps: how much memory, how many CPUs and threads and how long a
 * child may have, and what is tried again with less. Pid 1 stays clear of the vmcore and of
 * the target. Called by capture.c.
 */
#include "base/io.h"
#include "base/meminfo.h"
#include "capture-kernel/budget.h"
#include "capture-kernel/cpus.h"
#include "capture-kernel/phases.h"
#include "capture-kernel/save-dump.h"
#include "capture-kernel/save-mini.h"

/* Buffers of a mini dump; its selection takes about as much again, the dead kernel's
 * symbols most of it. */
#define MINI_MEMORY (UINT64_C(4) << 20)

static int save(struct kd_capture *c, unsigned int threads,
		int (*work)(const struct kd_save *s, struct kd_error *err),
		struct kd_error *err)
{
	_cleanup_(kd_dump_dir_close) struct kd_dump_dir d = { NULL, NULL };
	int r = kd_dump_dir_open(c, &d, err);
	const struct kd_save s = {
		.root_fd = c->root_fd,
		.dir = d.dir,
		.collector = c->plan.collector,
		.memory = c->memory,
		.threads = threads,
		.deadline_ms = c->deadline_ms,
		.shared = c->shared,
	};

	return r < 0 ? r : work(&s, err);
}

static int save_mini(struct kd_capture *c, struct kd_error *err)
{
	return save(c, /* threads= */ 1, kd_save_mini, err);
}

static int save_dump(struct kd_capture *c, struct kd_error *err)
{
	return save(c, /* threads= */ 0, kd_save_dump, err);
}

static int save_dump_alone(struct kd_capture *c, struct kd_error *err)
{
	return save(c, /* threads= */ 1, kd_save_dump, err);
}

/* Bytes; what cannot be read is 0. */
static void read_memory(const struct kd_capture *c, uint64_t *ret_total,
			uint64_t *ret_free)
{
	_cleanup_(kd_freep) char *text = NULL;
	size_t size;

	*ret_total = 0;
	*ret_free = 0;
	if (kd_read_file_at(c->root_fd, "proc/meminfo", KD_MEMINFO_MAX, &text, &size,
			    NULL) < 0)
		return;
	(void)kd_meminfo_value(text, size, "MemTotal", ret_total);
	(void)kd_meminfo_value(text, size, "MemAvailable", ret_free);
}

int kd_phase_mini(struct kd_capture *c, struct kd_error *err)
{
	struct kd_child_result result = { 0 };
	struct kd_outcome *o = &c->shared->outcome;
	int r;

	c->memory = MINI_MEMORY;
	kd_console_say(&c->console, KD_LOG_INFO, "mini", "started");
	r = kd_capture_child(c, save_mini, kd_memory_cap(c->memory), &result, err);
	o->peak_rss_kib = MAX(o->peak_rss_kib, result.peak_rss_kib);
	return r;
}

static int start_cpus(struct kd_capture *c, struct kd_error *err)
{
	unsigned int started;
	int r = kd_cpus_start(c->root_fd, &started, err);

	kd_console_say(&c->console, KD_LOG_INFO, "cpus", "%u more", started);
	return r;
}

/* Who writes to sysfs may not come back: not pid 1, and not for a second target. */
int kd_phase_cpus(struct kd_capture *c, struct kd_error *err)
{
	if (c->cpus_asked || !kd_cpus_wait(c->root_fd))
		return KD_PHASE_NOTHING;
	c->cpus_asked = true;
	kd_console_say(&c->console, KD_LOG_INFO, "cpus", "started");
	return kd_capture_child(c, start_cpus, /* memory= */ 0, /* ret= */ NULL, err);
}

/* Again with half the memory and one thread, then with as little as will do. */
int kd_phase_dump(struct kd_capture *c, struct kd_error *err)
{
	struct kd_outcome *o = &c->shared->outcome;
	struct kd_child_result result;
	uint64_t total, available;
	int r = 0;

	read_memory(c, &total, &available);
	o->memory_kib = total / 1024;
	o->available_kib = available / 1024;
	for (unsigned int i = 0; i < KD_DUMP_ATTEMPTS; i++) {
		size_t notes = o->n_notes;

		kd_error_reset(err);
		result = (struct kd_child_result) { 0 };
		c->memory = kd_memory_budget(c->plan.memory_limit, available, i);
		kd_console_say(&c->console, KD_LOG_INFO, "dump",
			       "started, %llu of %llu KiB for buffers",
			       (unsigned long long)c->memory / 1024,
			       (unsigned long long)available / 1024);
		r = kd_capture_child(c, i ? save_dump_alone : save_dump,
				     kd_memory_cap(c->memory), &result, err);
		o->peak_rss_kib = MAX(o->peak_rss_kib, result.peak_rss_kib);
		if (r >= 0 || !kd_dump_retry(&result))
			break;
		/* what it noted the next attempt will find again */
		if (i + 1 < KD_DUMP_ATTEMPTS)
			o->n_notes = notes;
		kd_outcome_note(o, "dump with %llu KiB of buffers: %s",
				(unsigned long long)c->memory / 1024, err->message);
	}
	return r;
}

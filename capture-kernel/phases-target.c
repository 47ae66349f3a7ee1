/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The phases that work on a target: see phases.h. Each child opens the target anew:
 * nothing of it is held by pid 1, which therefore cannot hang on it. Called by
 * capture.c.
 */
#include <string.h>
#include <time.h>

#include "base/io.h"
#include "capture-kernel/budget.h"
#include "capture-kernel/phases.h"
#include "capture-kernel/save-dmesg.h"
#include "capture-kernel/save-dump.h"
#include "capture-kernel/target.h"

#define MEMINFO_SIZE 16384
#define OUTCOME_NAME "outcome.json"

static const struct kd_target_ops *ops_of(const struct kd_capture *c,
					  struct kd_target *ret, struct kd_error *err)
{
	const struct kd_plan_target *plan = kd_capture_target(c);
	const struct kd_target_ops *ops = kd_target_ops_for(plan->type);

	if (!ops)
		kd_fail_msg(err, -ENOTSUP, "%s: no such kind of target", plan->device);
	*ret = (struct kd_target) {
		.plan = plan,
		.number = c->flow.target,
		.root_fd = c->root_fd,
		.device = c->shared->device,
	};
	return ops;
}

static int reach(struct kd_capture *c, struct kd_error *err)
{
	struct kd_target t;
	const struct kd_target_ops *ops = ops_of(c, &t, err);

	return ops ? ops->reach(&t, c->shared, err) : -ENOTSUP;
}

int kd_phase_device(struct kd_capture *c, struct kd_error *err)
{
	int r = kd_capture_child(c, reach, 0, NULL, err);

	return r == -ETIMEDOUT ? kd_fail(err, r, "%s did not appear",
					 kd_capture_target(c)->device)
			       : r;
}

/* What an earlier target got does not count for this one. */
static void start_outcome(struct kd_capture *c)
{
	struct kd_outcome *o = &c->shared->outcome;

	o->state = KD_OUTCOME_FAILED;
	o->dmesg_bytes = 0;
	o->vmcore_bytes = 0;
	o->dump_dir[0] = '\0';
	(void)snprintf(o->target, sizeof(o->target), "%s", kd_capture_target(c)->device);
}

int kd_phase_target(struct kd_capture *c, struct kd_error *err)
{
	_cleanup_(kd_place_freep) struct kd_place *root = NULL;
	struct kd_outcome *o = &c->shared->outcome;
	const struct kd_target_ops *ops;
	struct kd_target t;
	int r;

	ops = ops_of(c, &t, err);
	if (!ops)
		return -ENOTSUP;
	start_outcome(c);
	r = ops->attach(&t, o, err);
	if (r >= 0)
		r = ops->open(&t, &root, err);
	if (r < 0)
		return r;
	return kd_target_make_dump_dir(root, t.plan->path, c->plan.host, time(NULL),
				       o->dump_dir, err);
}

/** The dump folder, opened by a child; both are freed when it is done, inside first. */
struct dump_dir {
	struct kd_place *root, *dir;
};

static void dump_dir_close(struct dump_dir *d)
{
	kd_place_free(d->dir);
	kd_place_free(d->root);
}

static int dump_dir_open(const struct kd_capture *c, struct dump_dir *ret,
			 struct kd_error *err)
{
	const struct kd_target_ops *ops;
	struct kd_target t;
	int r;

	ops = ops_of(c, &t, err);
	if (!ops)
		return -ENOTSUP;
	r = ops->open(&t, &ret->root, err);
	if (r < 0)
		return r;
	return ret->root->ops->enter(ret->root, c->shared->outcome.dump_dir,
				     /* create= */ false, &ret->dir, err);
}

int kd_phase_log(struct kd_capture *c, struct kd_error *err)
{
	_cleanup_(dump_dir_close) struct dump_dir d = { NULL, NULL };
	int r = dump_dir_open(c, &d, err);

	return r < 0 ? r : kd_save_dmesg(c->root_fd, d.dir, &c->shared->outcome, err);
}

static int save_dump(struct kd_capture *c, struct kd_error *err)
{
	_cleanup_(dump_dir_close) struct dump_dir d = { NULL, NULL };
	int r = dump_dir_open(c, &d, err);
	struct kd_save_dump s = {
		.root_fd = c->root_fd,
		.dir = d.dir,
		.collector = c->plan.collector,
		.memory = c->memory,
		.shared = c->shared,
	};

	return r < 0 ? r : kd_save_dump(&s, err);
}

static uint64_t available_memory(const struct kd_capture *c)
{
	_cleanup_(kd_freep) char *text = NULL;
	uint64_t bytes;
	size_t size;

	if (kd_read_file_at(c->root_fd, "proc/meminfo", MEMINFO_SIZE, &text, &size,
			    NULL) < 0 ||
	    kd_meminfo_available(text, size, &bytes) < 0)
		return 0;
	return bytes;
}

int kd_phase_dump(struct kd_capture *c, struct kd_error *err)
{
	uint64_t available = available_memory(c);
	struct kd_outcome *o = &c->shared->outcome;
	struct kd_child_result result;
	int r = 0;

	for (unsigned int i = 0; i < KD_DUMP_ATTEMPTS; i++) {
		size_t notes = o->n_notes;

		kd_error_reset(err);
		result = (struct kd_child_result) { 0 };
		c->memory = kd_memory_budget(c->plan.memory_limit, available, i);
		kd_console_say(&c->console, KD_LOG_INFO, "dump",
			       "started, %llu of %llu KiB for buffers",
			       (unsigned long long)c->memory / 1024,
			       (unsigned long long)available / 1024);
		r = kd_capture_child(c, save_dump, kd_memory_cap(c->memory), &result,
				     err);
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

static int write_outcome(struct kd_place *dir, struct kd_outcome *o, struct kd_error *err)
{
	_cleanup_(kd_strbuf_done) struct kd_strbuf text = { 0 };
	int r;

	kd_save_dump_settle(dir, o);
	kd_strbuf_init(&text, KD_OUTCOME_MAX_SIZE);
	r = kd_outcome_encode(o, &text, err);
	if (r < 0)
		return r;
	return kd_place_replace(dir, OUTCOME_NAME, text.data, text.length, err);
}

int kd_phase_outcome(struct kd_capture *c, struct kd_error *err)
{
	_cleanup_(dump_dir_close) struct dump_dir d = { NULL, NULL };
	int r = dump_dir_open(c, &d, err);

	if (r < 0)
		return r;
	r = write_outcome(d.dir, &c->shared->outcome, err);
	if (r == -ENOSPC && kd_save_dump_make_room(d.dir, NULL) >= 0) {
		kd_error_reset(err);
		r = write_outcome(d.dir, &c->shared->outcome, err);
	}
	return r;
}

int kd_phase_release(struct kd_capture *c, struct kd_error *err)
{
	struct kd_target t;
	const struct kd_target_ops *ops = ops_of(c, &t, err);

	return ops ? ops->release(&t, err) : -ENOTSUP;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The phases that work on a target: see phases.h. Each child opens the target anew:
 * nothing of it is held by pid 1, which therefore cannot hang on it. Called by
 * capture.c.
 */
#include <string.h>
#include <time.h>

#include "capture-kernel/brake.h"
#include "capture-kernel/phases.h"
#include "capture-kernel/save-dmesg.h"
#include "capture-kernel/save-dump.h"
#include "capture-kernel/target.h"

#define SERVER_LIMIT_S 45
#define BRAKE_LIMIT_MS 10000
#define OUTCOME_NAME   "outcome.json"

static const struct kd_target_ops *ops_of(const struct kd_capture *c,
					  struct kd_target *ret, struct kd_error *err)
{
	const struct kd_plan_target *plan = kd_capture_target(c);
	const struct kd_target_ops *ops = kd_target_ops_for(plan->type);

	if (!ops)
		kd_fail_msg(err, -ENOTSUP, "%s: no such kind of target", plan->device);
	*ret = (struct kd_target) {
		.plan = plan,
		.whole = &c->plan,
		.number = c->flow.target,
		.root_fd = c->root_fd,
		.device = c->shared->device,
		.own = c->shared->host,
		.stack = c->plan.stack,
		.n_stack = c->plan.n_stack,
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
	int r;

	c->shared->host[0] = '\0';
	r = kd_capture_child(c, reach, 0, NULL, err);
	return r == -ETIMEDOUT ? kd_fail(err, r, "%s did not appear",
					 kd_capture_target(c)->device)
			       : r;
}

/* What an earlier target got does not count for this one. */
static void start_outcome(struct kd_capture *c)
{
	struct kd_outcome *o = &c->shared->outcome;

	o->state = KD_OUTCOME_STARTED;
	o->dmesg_bytes = 0;
	o->mini_bytes = 0;
	o->vmcore_bytes = 0;
	o->sha256[0] = '\0';
	o->dump_dir[0] = '\0';
	(void)snprintf(o->target, sizeof(o->target), "%s", kd_capture_target(c)->device);
}

static int write_outcome(struct kd_place *dir, const struct kd_outcome *o,
			 struct kd_error *err)
{
	_cleanup_(kd_strbuf_done) struct kd_strbuf text = { 0 };
	int r;

	kd_strbuf_init(&text, KD_OUTCOME_MAX_SIZE);
	r = kd_outcome_encode(o, &text, err);
	if (r < 0)
		return r;
	return kd_place_replace(dir, OUTCOME_NAME, text.data, text.length, err);
}

/* The first part of the dump's name. */
static const char *host_of(const struct kd_capture *c)
{
	return c->shared->host[0] ? c->shared->host : c->plan.host;
}

/* Too many dumps within the hour: only the log is saved. One that was asked for is. */
static void brake(struct kd_capture *c, struct kd_place *root)
{
	_cleanup_(kd_place_freep) struct kd_place *folder = NULL;
	struct kd_outcome *o = &c->shared->outcome;
	const struct kd_brake b = { .host = host_of(c),
				    .crash = (int64_t)o->crash_time,
				    .until_ms = kd_now_ms() + BRAKE_LIMIT_MS };
	unsigned int limit = c->plan.crash_loop_limit;

	if (!o->crash_time ||
	    root->ops->enter(root, kd_capture_target(c)->path, /* create= */ false,
			     &folder, /* err= */ NULL) < 0 ||
	    kd_brake_count(&b, folder, &o->recent_crashes, /* err= */ NULL) < 0)
		return;
	o->crash_loop = limit > 0 && o->recent_crashes >= limit && !c->plan.test;
	if (o->crash_loop)
		kd_outcome_note(o,
				"%llu dumps within an hour before this crash: only the "
				"log is saved (crash_loop_limit %u)",
				(unsigned long long)o->recent_crashes, limit);
}

/* So that whoever looks after a reset or a power cut knows that a capture was under way. */
static int record_start(struct kd_place *root, const struct kd_outcome *o,
			struct kd_error *err)
{
	_cleanup_(kd_place_freep) struct kd_place *dir = NULL;
	int r = root->ops->enter(root, o->dump_dir, /* create= */ false, &dir, err);

	return r < 0 ? r : write_outcome(dir, o, err);
}

static int attach(struct kd_capture *c, struct kd_error *err)
{
	_cleanup_(kd_place_freep) struct kd_place *root = NULL;
	struct kd_outcome *o = &c->shared->outcome;
	const struct kd_target_ops *ops;
	struct kd_error here = { 0 };
	struct kd_target t;
	int64_t when;
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
	brake(c, root);
	/* the crashed kernel's clock was set; ours may have started in 1970 */
	when = o->crash_time ? (int64_t)o->crash_time : (int64_t)time(NULL);
	r = kd_target_make_dump_dir(root, t.plan->path, host_of(c), when, o->dump_dir,
				    err);
	if (r >= 0 && record_start(root, o, &here) < 0)
		kd_outcome_note(o, "start of the capture: %s", here.message);
	return r;
}

int kd_phase_target(struct kd_capture *c, struct kd_error *err)
{
	int r;

	/* a server that is silent is not worth the wait for a disk that is slow */
	if (kd_capture_target(c)->way.server[0])
		c->limit_s = MIN(c->plan.phase_timeout, (unsigned int)SERVER_LIMIT_S);
	r = kd_capture_child(c, attach, 0, NULL, err);
	c->limit_s = 0;
	return r;
}

void kd_dump_dir_close(struct kd_dump_dir *d)
{
	kd_place_free(d->dir);
	kd_place_free(d->root);
}

int kd_dump_dir_open(const struct kd_capture *c, struct kd_dump_dir *ret,
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
	_cleanup_(kd_dump_dir_close) struct kd_dump_dir d = { NULL, NULL };
	struct kd_error here = { 0 };
	int r = kd_dump_dir_open(c, &d, err);

	if (r < 0)
		return r;
	r = kd_save_dmesg(c->root_fd, d.dir, &c->shared->outcome, err);
	/* before there is a byte of a dump that may fill the target */
	if (r >= 0 && d.dir->ops->settle && d.dir->ops->settle(d.dir, &here) < 0)
		kd_outcome_note(&c->shared->outcome, "kernel log: %s", here.message);
	return r;
}

int kd_phase_outcome(struct kd_capture *c, struct kd_error *err)
{
	_cleanup_(kd_dump_dir_close) struct kd_dump_dir d = { NULL, NULL };
	int r = kd_dump_dir_open(c, &d, err);

	if (r < 0)
		return r;
	kd_save_dump_settle(d.dir, &c->shared->outcome);
	r = write_outcome(d.dir, &c->shared->outcome, err);
	if (r == -ENOSPC && kd_save_dump_make_room(d.dir, NULL) >= 0) {
		kd_error_reset(err);
		kd_save_dump_settle(d.dir, &c->shared->outcome);
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

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The loop of phases: see capture.h. Trusts flow.c to end and child.c to return.
 * Called by init.c.
 */
#include "capture-kernel/capture.h"

#include <string.h>

/* What a child needs to find its work. */
struct job {
	struct kd_capture *capture;
	int (*work)(struct kd_capture *c, struct kd_error *err);
};

int kd_capture_init(struct kd_capture *c, int root_fd, const struct kd_phase *phases,
		    struct kd_error *err)
{
	*c = (struct kd_capture) {
		.root_fd = root_fd,
		.phases = phases,
		.start_ms = kd_now_ms(),
		.watchdog = { .fd = -EBADF },
		.flow = { .best = KD_OUTCOME_FAILED },
	};
	kd_plan_init(&c->plan);
	c->deadline_ms = c->start_ms + (uint64_t)c->plan.total_timeout * 1000;
	/* until /dev is there, standard error is the console the kernel gave us */
	c->console.log = (struct kd_log) {
		.fd = STDERR_FILENO,
		.name = "kdumpd",
		.max = KD_LOG_INFO,
	};
	return kd_shared_new(&c->shared, err);
}

void kd_capture_done(struct kd_capture *c)
{
	kd_fence_stop(&c->fence);
	kd_watchdog_close(&c->watchdog, /* disarm= */ false);
	kd_console_done(&c->console);
	kd_shared_free(c->shared);
	c->shared = NULL;
}

const struct kd_plan_target *kd_capture_target(const struct kd_capture *c)
{
	return &c->plan.targets[c->flow.target];
}

static const struct kd_phase *current_phase(const struct kd_capture *c)
{
	return &c->phases[c->flow.step];
}

int kd_capture_watchdog(struct kd_capture *c, struct kd_error *err)
{
	if (c->watchdog.fd >= 0)
		return 0;
	return kd_watchdog_open(&c->watchdog, c->root_fd,
				c->deadline_ms + KD_LIFELINE_MARGIN_MS, err);
}

/* In pid 1, a few times a second while a child works. */
static void tick(void *context)
{
	struct kd_capture *c = ((const struct job *)context)->capture;
	char what[sizeof(c->shared->what)];

	/* as soon as its driver is there: the next one may hang the kernel */
	if (c->flow.step == KD_STEP_MODULES)
		(void)kd_capture_watchdog(c, /* err= */ NULL);
	kd_watchdog_tick(&c->watchdog);
	/* the child may be writing this very moment */
	memcpy(what, c->shared->what, sizeof(what));
	what[sizeof(what) - 1] = '\0';
	if (what[0] != '\0')
		kd_console_progress(&c->console, current_phase(c)->name, what,
				    c->shared->done, c->shared->all);
}

static int run_job(void *context, struct kd_error *err)
{
	const struct job *j = context;

	return j->work(j->capture, err);
}

int kd_capture_child(struct kd_capture *c,
		     int (*work)(struct kd_capture *c, struct kd_error *err),
		     uint64_t memory, struct kd_child_result *ret, struct kd_error *err)
{
	const struct kd_phase *phase = current_phase(c);
	uint64_t limit_s = c->limit_s	    ? c->limit_s
			   : phase->limit_s ? phase->limit_s
					    : c->plan.phase_timeout;
	struct job job = { .capture = c, .work = work };
	struct kd_child child = {
		.run = run_job,
		.context = &job,
		.root_fd = c->root_fd,
		.limits = kd_limits_for(limit_s * 1000, kd_now_ms(), c->deadline_ms,
					phase->closing ? KD_CLOSING_MS : 0),
		.memory = memory,
		.shared = c->shared,
		.tick = tick,
	};

	c->shared->what[0] = '\0';
	c->shared->done = 0;
	c->shared->all = 0;
	kd_console_begin(&c->console);
	return kd_child_run(&child, ret, err);
}

static void record(struct kd_capture *c, uint64_t start_ms, uint64_t end_ms,
		   const struct kd_error *err)
{
	struct kd_outcome *o = &c->shared->outcome;
	size_t i = MIN(o->n_phases, (size_t)KD_OUTCOME_PHASES - 1);
	struct kd_outcome_phase *p = &o->phases[i];

	*p = (struct kd_outcome_phase) { .start_ms = start_ms, .end_ms = end_ms };
	(void)snprintf(p->name, sizeof(p->name), "%s", current_phase(c)->name);
	p->error = err->code;
	memcpy(p->message, err->message, sizeof(p->message));
	o->n_phases = i + 1;
}

static int run_phase(struct kd_capture *c)
{
	const struct kd_phase *phase = current_phase(c);
	uint64_t start = kd_now_ms(), end;
	struct kd_error err = { 0 };
	int r;

	if (!phase->run)
		kd_console_say(&c->console, KD_LOG_INFO, phase->name, "started");
	r = phase->run ? phase->run(c, &err)
		       : kd_capture_child(c, phase->work, 0, NULL, &err);
	end = kd_now_ms();
	if (r == KD_PHASE_NOTHING)
		return 0;
	if (r < 0 && err.code == 0)
		kd_fail(&err, r, "failed");
	if (r < 0)
		kd_console_say(&c->console, KD_LOG_ERROR, phase->name, "%s", err.message);
	else
		kd_console_say(&c->console, KD_LOG_INFO, phase->name, "done in %llu ms",
			       (unsigned long long)(end - start));
	if (r >= 0)
		kd_error_reset(&err);
	record(c, start, end, &err);
	return r;
}

/* Once, and beside: what comes of it changes nothing here. */
static void start_fence(struct kd_capture *c, int result)
{
	struct kd_error err = { 0 };

	if (!c->plan.n_fences || c->fence.shared ||
	    !kd_fence_is_due(c->flow.step, result))
		return;
	if (kd_fence_start(&c->fence, &c->plan, c->root_fd, &c->console.log, &err) < 0)
		kd_outcome_note(&c->shared->outcome, "fence_kdump: %s", err.message);
}

void kd_capture_run(struct kd_capture *c)
{
	while (c->flow.step != KD_STEP_FINAL) {
		int r;

		if (c->flow.step == KD_STEP_OUTCOME)
			kd_fence_tell(&c->fence, &c->shared->outcome);
		r = run_phase(c);
		start_fence(c, r);
		kd_child_reap_orphans();
		kd_watchdog_tick(&c->watchdog);
		c->flow.log_only |= c->shared->outcome.crash_loop;
		c->flow.overdue = kd_now_ms() >= c->deadline_ms;
		/* what a dump is worth is settled when its outcome is written */
		if (c->flow.step >= KD_STEP_OUTCOME)
			c->flow.best = MAX(c->flow.best, c->shared->outcome.state);
		kd_flow_advance(&c->flow, r);
	}
}

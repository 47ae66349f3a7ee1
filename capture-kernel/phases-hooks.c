/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The phases that run the administrator's programs: where they come in a capture, and
 * what their end means. Called by capture.c.
 */
#include "capture-kernel/hooks.h"
#include "capture-kernel/phases.h"

static struct kd_hooks hooks_at(const struct kd_capture *c, enum kd_hook_point point)
{
	const char *const programs[KD_HOOK_POINTS] = {
		[KD_HOOK_PRE] = c->plan.kdump_pre,
		[KD_HOOK_POST] = c->plan.kdump_post,
		[KD_HOOK_EMERGENCY] = c->plan.kdump_emergency,
	};

	return (struct kd_hooks) {
		.root_fd = c->root_fd,
		.point = point,
		.program = programs[point],
		.shared = c->shared,
	};
}

/* What the key's program says is a positive result, which a child cannot return. From 126
 * on it has said nothing: it could not be run, or was killed. */
static int told(int status, struct kd_error *err)
{
	if (status <= 0)
		return status;
	return kd_fail_msg(err, status < 126 ? -ECANCELED : -ENOEXEC,
			   "ended with status %d", status);
}

static int run_pre(struct kd_capture *c, struct kd_error *err)
{
	struct kd_hooks h = hooks_at(c, KD_HOOK_PRE);

	return told(kd_hooks_run(&h, err), err);
}

/* Where programs find the dump folder, when it is in a file system at all. */
static int find_folder(const struct kd_capture *c, char *ret, size_t size)
{
	_cleanup_(kd_dump_dir_close) struct kd_dump_dir d = { NULL, NULL };
	int r = kd_dump_dir_open(c, &d, /* err= */ NULL);

	return r < 0 ? r : kd_place_path(d.dir, ret, size);
}

static int run_post(struct kd_capture *c, struct kd_error *err)
{
	struct kd_hooks h = hooks_at(c, KD_HOOK_POST);
	const struct kd_outcome *o = &c->shared->outcome;
	size_t notes = o->n_notes;
	char folder[4 * KD_PLAN_STRING];
	int r;

	h.argument = o->state == KD_OUTCOME_COMPLETE ? "0" : "1";
	if (find_folder(c, folder, sizeof(folder)) >= 0)
		h.folder = folder;
	r = told(kd_hooks_run(&h, err), err);
	/* the outcome is written already: once more, with what is new in it */
	if (o->n_notes != notes)
		(void)kd_phase_outcome(c, /* err= */ NULL);
	return r;
}

static int run_emergency(struct kd_capture *c, struct kd_error *err)
{
	struct kd_hooks h = hooks_at(c, KD_HOOK_EMERGENCY);

	return told(kd_hooks_run(&h, err), err);
}

static int run(struct kd_capture *c, enum kd_hook_point point,
	       int (*work)(struct kd_capture *c, struct kd_error *err),
	       struct kd_error *err)
{
	struct kd_hooks h = hooks_at(c, point);

	if (!kd_hooks_any(&h))
		return KD_PHASE_NOTHING;
	kd_console_say(&c->console, KD_LOG_INFO, kd_hook_point_name(point), "started");
	return kd_capture_child(c, work, 0, NULL, err);
}

int kd_phase_pre(struct kd_capture *c, struct kd_error *err)
{
	int r = run(c, KD_HOOK_PRE, run_pre, err);

	/* it asks for no dump; a program that hangs or is not there asks for nothing */
	if (r != -ECANCELED)
		return r;
	c->flow.log_only = true;
	kd_outcome_note(&c->shared->outcome, "kdump_pre %s: no dump was made",
			err->message);
	return r;
}

int kd_phase_post(struct kd_capture *c, struct kd_error *err)
{
	return run(c, KD_HOOK_POST, run_post, err);
}

int kd_phase_emergency(struct kd_capture *c, struct kd_error *err)
{
	return run(c, KD_HOOK_EMERGENCY, run_emergency, err);
}

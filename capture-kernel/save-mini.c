/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The mini dump, saved: see save-mini.h. What it tells of the dead kernel on the way, its
 * boot, goes into the outcome. Called by the mini phase.
 */
#include "capture-kernel/save-mini.h"

#include <string.h>

#include "makedumpfile/mini/mini.h"

#define PARTIAL_NAME "vmcore-mini-incomplete"
#define FINAL_NAME   "vmcore-mini"

static int write_mini(struct kd_saving *s, const struct kd_mini *mini,
		      struct kd_dump_stats *stats, struct kd_error *err)
{
	int r;

	s->request.input = &mini->input;
	s->request.unfiltered = true;
	s->request.note = NULL; /* the whole dump will tell the same */
	/* fast, and every reader has it; what it leaves out is all that levels do */
	kd_options_init(&s->options);
	s->options.codec = KD_CODEC_LZO;
	s->options.levels[0] = 31;
	s->options.threads = 1;
	r = kd_saving_write(s, PARTIAL_NAME, stats, err);
	if (r >= 0)
		r = kd_saving_verify(s->save, PARTIAL_NAME, /* ret_sha256= */ NULL, err);
	if (r >= 0)
		r = s->save->dir->ops->rename(s->save->dir, PARTIAL_NAME, FINAL_NAME,
					      err);
	return r;
}

/* It is durable and has its name; what a journal that stays costs it is only told. */
static void settle(struct kd_place *dir, struct kd_outcome *o)
{
	struct kd_error here = { 0 };

	if (dir->ops->settle && dir->ops->settle(dir, &here) < 0)
		kd_outcome_note(o, FINAL_NAME ": %s", here.message);
}

int kd_save_mini(const struct kd_save *save, struct kd_error *err)
{
	_cleanup_(kd_saving_done) struct kd_saving s = { .save = save };
	_cleanup_(kd_mini_freep) struct kd_mini *mini = NULL;
	struct kd_outcome *o = &save->shared->outcome;
	struct kd_dump_stats stats = { 0 };
	size_t notes = o->n_notes;
	int r;

	r = kd_saving_init(&s, save, err);
	o->n_notes = notes; /* the whole dump will tell the same */
	if (r >= 0)
		r = kd_mini_new(&s.request, KD_MINI_FRAMES, &mini, err);
	if (r < 0)
		return r;
	memcpy(o->boot_id, mini->boot_id, sizeof(o->boot_id));
	r = write_mini(&s, mini, &stats, err);
	if (r < 0) {
		/* its room is the whole dump's */
		(void)kd_place_clear(save->dir, PARTIAL_NAME, /* err= */ NULL);
		return r;
	}
	o->mini_bytes = stats.bytes;
	settle(save->dir, o);
	return 0;
}

void kd_save_mini_drop(struct kd_place *dir, struct kd_outcome *o)
{
	if (kd_place_clear(dir, FINAL_NAME, /* err= */ NULL) >= 0)
		o->mini_bytes = 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The dump, saved, down the ladder of levels: see save-dump.h. Trusts saving.c for what a
 * file is worth. Called by the dump phase.
 */
#include "capture-kernel/save-dump.h"

#include <string.h>

#include "capture-kernel/deadline.h"
#include "capture-kernel/ladder.h"
#include "capture-kernel/save-command.h"
#include "capture-kernel/save-mini.h"
#include "makedumpfile/format/kdump-reader.h"

#define PARTIAL_NAME   "vmcore-incomplete"
#define FINAL_NAME     "vmcore"
#define UNCHECKED_NAME "vmcore-unchecked"
#define ROOM	       KD_OUTCOME_MAX_SIZE

static const char *const knowledge_names[] = {
	[KD_KNOW_LAYOUT] = "file",
	[KD_KNOW_VMCOREINFO] = "vmcoreinfo",
	[KD_KNOW_NOTHING] = "none",
};

static void record(struct kd_outcome *o, const struct kd_dump_stats *stats)
{
	(void)snprintf(o->layout, sizeof(o->layout), "%s",
		       knowledge_names[stats->knowledge]);
	o->vmcore_bytes = stats->bytes;
	o->dump_level = stats->level;
	o->threads = stats->threads;
	o->pages_total = stats->pages_total;
	o->pages_kept = stats->pages_kept;
	o->pages_unreadable = stats->pages_unreadable;
	o->n_classes = MIN(stats->n_classes, (size_t)KD_OUTCOME_CLASSES);
	for (size_t i = 0; i < o->n_classes; i++) {
		struct kd_outcome_class *c = &o->classes[i];

		(void)snprintf(c->name, sizeof(c->name), "%s", stats->classes[i].name);
		c->seen = stats->classes[i].seen;
		c->kept = stats->classes[i].kept;
	}
}

/* What the request may use at this level: the room there is, the outcome's left out, and
 * its share of the time. */
static void set_limits(struct kd_saving *s, unsigned int own_budget)
{
	const struct kd_save *save = s->save;
	size_t attempt = s->request.attempt;
	uint64_t now = kd_now_ms(), left = 0, space;

	s->request.room = 0;
	if (attempt + 1 < s->options.n_levels &&
	    save->dir->ops->space(save->dir, &space, /* err= */ NULL) >= 0)
		s->request.room = space > ROOM ? space - ROOM : 1;
	if (save->deadline_ms)
		left = save->deadline_ms > now ? save->deadline_ms - now : 1;
	s->options.time_budget = kd_ladder_seconds(&s->options, attempt, left,
						   own_budget);
}

static int write_dump(struct kd_saving *s, struct kd_error *err)
{
	struct kd_outcome *o = &s->save->shared->outcome;
	unsigned int own_budget = s->options.time_budget;
	int r;

	o->wanted_level = s->options.levels[0];
	kd_ladder_extend(&s->options);
	for (;; s->request.attempt++) {
		struct kd_dump_stats stats = { 0 };

		set_limits(s, own_budget);
		r = kd_saving_write(s, PARTIAL_NAME, &stats, err);
		if (stats.pages_total)
			record(o, &stats);
		if (!kd_ladder_goes_on(&s->options, s->request.attempt, r))
			return r;
		kd_outcome_note(o, "dump level %u given up, level %u is next: %s",
				s->options.levels[s->request.attempt],
				s->options.levels[s->request.attempt + 1], err->message);
		kd_error_reset(err);
	}
}

/* What ends as a dump that readers open is named one; what cannot be told says so. */
static int save_by_command(const struct kd_save *save, struct kd_error *err)
{
	struct kd_outcome *o = &save->shared->outcome;
	bool checked;
	int r;

	r = kd_save_command(save, PARTIAL_NAME, &checked, err);
	if (r < 0)
		return r;
	r = save->dir->ops->rename(save->dir, PARTIAL_NAME,
				   checked ? FINAL_NAME : UNCHECKED_NAME, err);
	if (r < 0)
		return r;
	if (!checked)
		return kd_fail_msg(
			err, -EBADMSG,
			"core_collector: what it wrote is no dump that is known: " UNCHECKED_NAME);
	o->state = KD_OUTCOME_COMPLETE;
	kd_save_mini_drop(save->dir, o);
	return 0;
}

int kd_save_dump(const struct kd_save *save, struct kd_error *err)
{
	_cleanup_(kd_saving_done) struct kd_saving s = { .save = save };
	struct kd_outcome *o = &save->shared->outcome;
	struct kd_error here = { 0 };
	int r;

	if (kd_collector_is_command(save->collector)) {
		r = save_by_command(save, &here);
		if (r >= 0)
			return r;
		kd_outcome_note(o, "%s; makedumpfile -d 31 is next", here.message);
	}
	r = kd_saving_init(&s, save, err);
	if (r >= 0)
		r = write_dump(&s, err);
	if (r >= 0)
		r = kd_saving_verify(save, PARTIAL_NAME, o->sha256, err);
	/* a superblock or a bitmap that was lost, no fsync(2) of the file tells */
	if (r >= 0 && save->dir->ops->settle)
		r = save->dir->ops->settle(save->dir, err);
	if (r < 0)
		return r;
	r = save->dir->ops->rename(save->dir, PARTIAL_NAME, FINAL_NAME, err);
	if (r < 0)
		return r;
	o->state = KD_OUTCOME_COMPLETE;
	kd_save_mini_drop(save->dir, o);
	return 0;
}

static int open_partial(struct kd_place *dir, struct kd_kdump **ret, struct kd_error *err)
{
	_cleanup_(kd_file_view_freep) struct kd_file_view *view = NULL;
	int r;

	r = dir->ops->read(dir, PARTIAL_NAME, /* fresh= */ false, &view, err);
	if (r >= 0)
		r = kd_kdump_open_view(view, /* flags= */ 0, ret, err);
	if (r >= 0)
		view = NULL; /* the reader's now */
	return r;
}

void kd_save_dump_settle(struct kd_place *dir, struct kd_outcome *o)
{
	_cleanup_(kd_kdump_freep) struct kd_kdump *dump = NULL;
	struct kd_error here = { 0 };
	int r;

	if (o->state == KD_OUTCOME_COMPLETE)
		return;
	o->state = o->mini_bytes > 0	? KD_OUTCOME_MINI
		   : o->dmesg_bytes > 0 ? KD_OUTCOME_DMESG_ONLY
					: KD_OUTCOME_FAILED;
	o->vmcore_bytes = 0;
	o->sha256[0] = '\0';
	r = open_partial(dir, &dump, &here);
	if (r == -ENOENT)
		return;
	if (r < 0) {
		kd_outcome_note(o, PARTIAL_NAME " removed, it cannot be opened: %s",
				here.message);
		(void)dir->ops->remove(dir, PARTIAL_NAME, NULL);
		return;
	}
	o->state = KD_OUTCOME_INCOMPLETE;
	o->vmcore_bytes = kd_kdump_facts(dump)->file_size;
}

int kd_save_dump_make_room(struct kd_place *dir, struct kd_error *err)
{
	_cleanup_(kd_file_view_freep) struct kd_file_view *view = NULL;
	int r = dir->ops->read(dir, PARTIAL_NAME, /* fresh= */ false, &view, err);

	if (r < 0)
		return r;
	return dir->ops->cut(dir, PARTIAL_NAME, view->size > ROOM ? view->size - ROOM : 0,
			     err);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The dump, saved: see save-dump.h. Trusts fsync(2) of the descriptor that wrote, and
 * a read-back that does not come from the page cache. Called by the dump phase.
 */
#include "capture-kernel/save-dump.h"

#include <string.h>

#include "base/hash-view.h"
#include "base/io.h"
#include "capture-kernel/dead-kernel.h"
#include "makedumpfile/dump.h"
#include "makedumpfile/format/kdump-reader.h"
#include "makedumpfile/layout/layout-file.h"

#define PARTIAL_NAME	"vmcore-incomplete"
#define FINAL_NAME	"vmcore"
#define LAYOUT_NAME	"kdump/layout"
#define DEFAULT_OPTIONS "makedumpfile -d 31"
#define ROOM		KD_OUTCOME_MAX_SIZE
static const char *const knowledge_names[] = {
	[KD_KNOW_LAYOUT] = "file",
	[KD_KNOW_VMCOREINFO] = "vmcoreinfo",
	[KD_KNOW_NOTHING] = "none",
};

static void on_progress(void *context, const char *what, uint64_t done, uint64_t all)
{
	const struct kd_save_dump *s = context;

	kd_shared_progress(s->shared, what, done, all);
}

static void on_note(void *context, const char *text)
{
	const struct kd_save_dump *s = context;

	kd_outcome_note(&s->shared->outcome, "%s", text);
}

static int read_options(const struct kd_save_dump *s, struct kd_dump_options *ret,
			struct kd_error *err)
{
	struct kd_error here = { 0 };

	if (s->collector[0] != '\0') {
		if (kd_options_parse_collector(s->collector, ret, &here) >= 0)
			return 0;
		kd_outcome_note(&s->shared->outcome, "core_collector: %s; -d 31 instead",
				here.message);
	}
	return kd_options_parse_collector(DEFAULT_OPTIONS, ret, err);
}

static const struct kd_layout *read_layout(const struct kd_save_dump *s,
					   struct kd_layout *layout)
{
	_cleanup_(kd_freep) char *text = NULL;
	struct kd_error here = { 0 };
	size_t size;

	if (kd_read_file_at(s->root_fd, LAYOUT_NAME, KD_LAYOUT_MAX_FILE, &text, &size,
			    &here) >= 0 &&
	    kd_layout_decode(text, size, layout, &here) >= 0)
		return layout;
	kd_outcome_note(&s->shared->outcome, "layout file: %s", here.message);
	return NULL;
}

static int open_sink(const struct kd_save_dump *s, struct kd_sink **ret,
		     struct kd_error *err)
{
	/* left by an attempt before this one: its blocks are needed again */
	int r = kd_place_clear(s->dir, PARTIAL_NAME, err);

	return r < 0 ? r : s->dir->ops->write(s->dir, PARTIAL_NAME, ret, err);
}

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

static int write_once(const struct kd_save_dump *s, struct kd_dump_request *request,
		      struct kd_error *err)
{
	_cleanup_(kd_sink_freep) struct kd_sink *sink = NULL;
	struct kd_dump_stats stats = { 0 };
	int r;

	r = open_sink(s, &sink, err);
	if (r < 0)
		return r;
	s->shared->outcome.state = KD_OUTCOME_INCOMPLETE;
	request->sinks = &sink;
	request->n_sinks = 1;
	r = kd_dump_write(request, &stats, err);
	if (r < 0)
		return r;
	record(&s->shared->outcome, &stats);
	r = sink->ops->sync(sink);
	return r < 0 ? kd_fail(err, r, PARTIAL_NAME) : 0;
}

/* With -d 11,31 a full disk is followed by the next level in a fresh file. */
static int write_dump(const struct kd_save_dump *s, const struct kd_input *input,
		      struct kd_error *err)
{
	struct kd_dump_options options;
	struct kd_layout layout;
	struct kd_dump_request request = {
		.input = input,
		.options = &options,
		.memory_limit = s->memory,
		.progress = on_progress,
		.note = on_note,
		.context = (void *)s,
	};
	int r;

	r = read_options(s, &options, err);
	if (r < 0)
		return r;
	request.layout = read_layout(s, &layout);
	for (;; request.attempt++) {
		r = write_once(s, &request, err);
		if (r != -ENOSPC || request.attempt + 1 >= options.n_levels)
			return r;
		kd_error_reset(err);
		kd_outcome_note(&s->shared->outcome,
				"no space for dump level %u, level %u is next",
				options.levels[request.attempt],
				options.levels[request.attempt + 1]);
	}
}

static void on_verified(void *context, uint64_t done, uint64_t all)
{
	on_progress(context, "pages read back", done, all);
}

/* Every page of @file, its checksum taken on the way. */
static int check_pages(const struct kd_save_dump *s, const struct kd_file_view *file,
		       struct kd_error *err)
{
	_cleanup_(kd_hash_view_freep) struct kd_hash_view *sum = NULL;
	_cleanup_(kd_kdump_freep) struct kd_kdump *dump = NULL;
	struct kd_kdump_check check = { 0 };
	int r;

	r = kd_hash_view_new(file, &sum, err);
	if (r < 0)
		return r;
	r = kd_kdump_open_view(kd_hash_view_base(sum), KD_KDUMP_FRESH, &dump, err);
	if (r < 0)
		return r;
	if (kd_kdump_incomplete(dump))
		return kd_fail_msg(err, -EBADMSG,
				   "the file says that it is not complete");
	r = kd_kdump_verify_told(dump, on_verified, (void *)s, &check, err);
	if (r < 0)
		return r;
	return kd_hash_view_finish(sum, s->shared->outcome.sha256, err);
}

static int verify(const struct kd_save_dump *s, struct kd_error *err)
{
	_cleanup_(kd_file_view_freep) struct kd_file_view *file = NULL;
	int r;

	kd_shared_progress(s->shared, "pages read back", 0, 0);
	/* what is still in the page cache would prove nothing about the disk */
	r = s->dir->ops->read(s->dir, PARTIAL_NAME, /* fresh= */ true, &file, err);
	if (r >= 0)
		r = check_pages(s, file, err);
	return r < 0 ? kd_fail(err, r, "read back") : 0;
}

int kd_save_dump(const struct kd_save_dump *s, struct kd_error *err)
{
	_cleanup_(kd_vmcore_freep) struct kd_vmcore *core = NULL;
	_cleanup_(kd_input_freep) struct kd_input *input = NULL;
	int r;

	r = kd_dead_kernel_open(s->root_fd, &core, err);
	if (r < 0)
		return r;
	kd_dead_kernel_describe(core, &s->shared->outcome);
	r = kd_input_from_core(core, &input, err);
	if (r < 0)
		return r;
	core = NULL; /* the input's now */
	r = write_dump(s, input, err);
	if (r >= 0)
		r = verify(s, err);
	if (r < 0)
		return r;
	r = s->dir->ops->rename(s->dir, PARTIAL_NAME, FINAL_NAME, err);
	if (r < 0)
		return r;
	s->shared->outcome.state = KD_OUTCOME_COMPLETE;
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
	o->state = o->dmesg_bytes > 0 ? KD_OUTCOME_DMESG_ONLY : KD_OUTCOME_FAILED;
	o->vmcore_bytes = 0;
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

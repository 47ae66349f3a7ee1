/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Making and checking a dump's file: see saving.h. Trusts fsync(2) of the descriptor that
 * wrote, and a read-back that does not come from the page cache. Called by save-dump.c and
 * save-mini.c.
 */
#include "capture-kernel/saving.h"

#include "base/hash-view.h"
#include "base/io.h"
#include "base/parallel.h"
#include "capture-kernel/dead-kernel.h"
#include "makedumpfile/format/kdump-reader.h"
#include "makedumpfile/layout/layout-file.h"

#define LAYOUT_NAME	"kdump/layout"
#define DEFAULT_OPTIONS "makedumpfile -d 31"

static void on_progress(void *context, const char *what, uint64_t done, uint64_t all)
{
	const struct kd_save *s = context;

	kd_shared_progress(s->shared, what, done, all);
}

static void on_note(void *context, const char *text)
{
	const struct kd_save *s = context;

	kd_outcome_note(&s->shared->outcome, "%s", text);
}

static int read_options(const struct kd_save *s, struct kd_dump_options *ret,
			struct kd_error *err)
{
	struct kd_error here = { 0 };

	if (s->collector[0] != '\0' && !kd_collector_is_command(s->collector)) {
		if (kd_options_parse_collector(s->collector, ret, &here) >= 0)
			return 0;
		kd_outcome_note(&s->shared->outcome, "core_collector: %s; -d 31 instead",
				here.message);
	}
	return kd_options_parse_collector(DEFAULT_OPTIONS, ret, err);
}

static const struct kd_layout *read_layout(const struct kd_save *s,
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

static int open_input(const struct kd_save *s, struct kd_input **ret,
		      struct kd_error *err)
{
	_cleanup_(kd_vmcore_freep) struct kd_vmcore *core = NULL;
	int r;

	r = kd_dead_kernel_open(s->root_fd, &core, err);
	if (r < 0)
		return r;
	kd_dead_kernel_describe(core, &s->shared->outcome);
	r = kd_input_from_core(core, ret, err);
	if (r >= 0)
		core = NULL; /* the input's now */
	return r;
}

int kd_saving_init(struct kd_saving *ret, const struct kd_save *save,
		   struct kd_error *err)
{
	int r;

	*ret = (struct kd_saving) { .save = save };
	r = open_input(save, &ret->input, err);
	if (r >= 0)
		r = read_options(save, &ret->options, err);
	if (r < 0)
		return r;
	if (save->threads)
		ret->options.threads = save->threads;
	ret->request = (struct kd_dump_request) {
		.input = ret->input,
		.layout = read_layout(save, &ret->layout),
		.options = &ret->options,
		.memory_limit = save->memory,
		.progress = on_progress,
		.note = on_note,
		.context = (void *)save,
	};
	return 0;
}

void kd_saving_done(struct kd_saving *s)
{
	kd_input_free(s->input);
	s->input = NULL;
}

int kd_saving_write(struct kd_saving *s, const char *name, struct kd_dump_stats *ret,
		    struct kd_error *err)
{
	_cleanup_(kd_sink_freep) struct kd_sink *sink = NULL;
	struct kd_place *dir = s->save->dir;
	int r;

	/* its blocks are needed again */
	r = kd_place_clear(dir, name, err);
	if (r >= 0)
		r = dir->ops->write(dir, name, &sink, err);
	if (r < 0)
		return r;
	s->request.sinks = &sink;
	s->request.n_sinks = 1;
	r = kd_dump_write(&s->request, ret, err);
	s->request.n_sinks = 0;
	if (r < 0)
		return r;
	r = kd_sink_finish(sink);
	return r < 0 ? kd_fail(err, r, "%s", name) : 0;
}

/* What a thread of the check takes: its window, and what inflates. */
#define CHECK_BYTES (UINT64_C(1) << 20)

static unsigned int check_threads(const struct kd_save *s)
{
	unsigned int cpus = s->threads ? s->threads : kd_parallel_cpus();

	return (unsigned int)MIN((uint64_t)cpus, s->memory / CHECK_BYTES);
}

static void on_verified(void *context, uint64_t done, uint64_t all)
{
	on_progress(context, "pages read back", done, all);
}

/* Every page of a dump. @file: taken over, by whom opens it. */
static int check_pages(const struct kd_save *s, struct kd_file_view **file,
		       struct kd_error *err)
{
	_cleanup_(kd_kdump_freep) struct kd_kdump *dump = NULL;
	const struct kd_kdump_verify how = {
		.threads = check_threads(s),
		.progress = on_verified,
		.context = (void *)s,
	};
	struct kd_kdump_check check = { 0 };
	int r;

	r = kd_kdump_open_view(*file, KD_KDUMP_FRESH, &dump, err);
	if (r < 0)
		return r;
	*file = NULL; /* the reader's now */
	if (kd_kdump_incomplete(dump))
		return kd_fail_msg(err, -EBADMSG,
				   "the file says that it is not complete");
	return kd_kdump_verify_with(dump, &how, &check, err);
}

/* The checksum is taken on the way, so that it is of what was read. */
static int check_and_sum(const struct kd_save *s, const struct kd_file_view *file,
			 char ret_sha256[static 65], struct kd_error *err)
{
	_cleanup_(kd_hash_view_freep) struct kd_hash_view *sum = NULL;
	struct kd_file_view *summed;
	int r;

	r = kd_hash_view_new(file, &sum, err);
	if (r < 0)
		return r;
	summed = kd_hash_view_base(sum);
	r = check_pages(s, &summed, err);
	return r < 0 ? r : kd_hash_view_finish(sum, ret_sha256, err);
}

int kd_saving_verify(const struct kd_save *save, const char *name, char ret_sha256[65],
		     struct kd_error *err)
{
	_cleanup_(kd_file_view_freep) struct kd_file_view *file = NULL;
	int r;

	kd_shared_progress(save->shared, "pages read back", 0, 0);
	/* what is still in the page cache would prove nothing about the disk */
	r = save->dir->ops->read(save->dir, name, /* fresh= */ true, &file, err);
	if (r >= 0)
		r = ret_sha256 ? check_and_sum(save, file, ret_sha256, err)
			       : check_pages(save, &file, err);
	return r < 0 ? kd_fail(err, r, "read back") : 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * --reassemble: the parts of a split dump into one file, which is not made before they
 * are known to fit. A dump that parts had not whole says so. Called by main.c.
 */
#include <fcntl.h>

#include "makedumpfile/format/flat-file.h"
#include "makedumpfile/format/kdump-merge.h"
#include "makedumpfile/program/program.h"

/** @n of the parts are open; readers are owned. */
struct parts {
	struct kd_kdump *readers[KD_DUMP_FILES];
	struct kd_kdump_part items[KD_DUMP_FILES];
	size_t n;
};

static void parts_done(struct parts *p)
{
	while (p->n)
		kd_kdump_free(p->readers[--p->n]);
}

static int open_part(struct parts *p, const char *path, struct kd_error *err)
{
	_cleanup_(kd_file_view_freep) struct kd_file_view *view = NULL;
	int r;

	r = kd_file_view_open_at(AT_FDCWD, path, &view, err);
	if (r < 0)
		return r;
	r = kd_flat_file_unwrap(&view, err);
	if (r < 0)
		return kd_fail(err, r, "%s", path);
	r = kd_kdump_open_view(view, /* flags= */ 0, &p->readers[p->n], err);
	if (r < 0)
		return kd_fail(err, r, "%s", path);
	view = NULL; /* the reader's now */
	p->items[p->n] = (struct kd_kdump_part) { .kdump = p->readers[p->n],
						  .name = path };
	p->n++;
	return 0;
}

static void on_progress(void *context, uint64_t done, uint64_t all)
{
	struct kd_program *p = context;

	if (kd_program_says(p, KD_MESSAGE_PROGRESS))
		kd_progress_show(&p->progress, "Copying data", done, all);
}

static void tell(const struct kd_program *p, const struct kd_kdump_merged *done)
{
	unsigned long long lost = done->absent;

	lost += done->lost;
	if (kd_program_says(p, KD_MESSAGE_DEBUG))
		(void)fprintf(stderr, "makedumpfile: %llu pages, %llu bytes of them\n",
			      (unsigned long long)done->pages,
			      (unsigned long long)done->payload_bytes);
	if (done->whole || !kd_program_says(p, KD_MESSAGE_COMMON))
		return;
	(void)fprintf(
		stderr,
		"makedumpfile: %s is incomplete, as a part is: %llu pages are lost\n",
		p->options.output, lost);
}

static int write_output(struct kd_program *p, const struct kd_kdump_merge *merge,
			struct kd_error *err)
{
	_cleanup_(kd_sink_freep) struct kd_sink *sink = NULL;
	struct kd_kdump_merged done;
	int r;

	r = kd_program_create_sink(p, p->options.output, /* again= */ false, &sink, err);
	if (r < 0)
		return r;
	r = kd_kdump_merge_write(merge, sink, &done, err);
	if (r == 0 && (r = kd_sink_finish(sink)) < 0)
		(void)kd_fail(err, r, "sync");
	if (r < 0)
		return kd_fail(err, r, "%s", p->options.output);
	tell(p, &done);
	return 0;
}

int kd_run_reassemble(struct kd_program *p, struct kd_error *err)
{
	_cleanup_(parts_done) struct parts parts = { .n = 0 };
	struct kd_kdump_merge merge = { .parts = parts.items,
					.progress = on_progress,
					.context = p };
	const struct kd_dump_options *o = &p->options;
	int r = 0;

	for (size_t i = 0; r == 0 && i + 1 < o->n_files; i++)
		r = open_part(&parts, o->files[i], err);
	merge.n = parts.n;
	if (r == 0)
		r = kd_kdump_merge_check(&merge, err);
	return r < 0 ? r : write_output(p, &merge, err);
}

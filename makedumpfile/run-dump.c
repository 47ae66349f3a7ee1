/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The main mode: a core in, a filtered dump out, level after level while space runs
 * out. Called by main.c.
 */
#include <fcntl.h>

#include "makedumpfile/program.h"

static void on_progress(void *context, const char *what, uint64_t done, uint64_t all)
{
	struct kd_program *p = context;

	if (kd_program_says(p, KD_MESSAGE_PROGRESS))
		kd_progress_show(&p->progress, what, done, all);
}

static void on_note(void *context, const char *text)
{
	struct kd_program *p = context;

	if (kd_program_says(p, KD_MESSAGE_COMMON))
		(void)fprintf(stderr, "makedumpfile: %s\n", text);
}

static int open_sink(const struct kd_program *p, bool again, struct kd_sink **ret,
		     struct kd_error *err)
{
	_cleanup_(kd_closep) int fd = -EBADF;
	int r;

	r = kd_program_create(p, p->options.output, again, &fd, err);
	if (r < 0)
		return r;
	r = kd_sink_file_new(fd, ret, err);
	if (r < 0)
		return r;
	fd = -EBADF; /* the sink's now */
	return 0;
}

static int dump_once(struct kd_program *p, const struct kd_input *input, size_t attempt,
		     struct kd_error *err)
{
	_cleanup_(kd_sink_freep) struct kd_sink *sink = NULL;
	struct kd_dump_request request = {
		.input = input,
		.options = &p->options,
		.attempt = attempt,
		.progress = on_progress,
		.note = on_note,
		.context = p,
	};
	struct kd_dump_stats stats;
	int r;

	if (!p->options.dry_run) {
		r = open_sink(p, attempt > 0, &sink, err);
		if (r < 0)
			return r;
	}
	if (sink) {
		request.sinks = &sink;
		request.n_sinks = 1;
	}
	r = kd_dump_write(&request, &stats, err);
	if (r < 0)
		return kd_fail(err, r, "%s",
			       p->options.dry_run ? p->options.input : p->options.output);
	if (kd_program_says(p, KD_MESSAGE_REPORT))
		kd_print_report(&stats);
	if (stats.pages_unreadable)
		(void)fprintf(stderr, "makedumpfile: %llu pages could not be read\n",
			      (unsigned long long)stats.pages_unreadable);
	return 0;
}

int kd_run_dump(struct kd_program *p, struct kd_error *err)
{
	_cleanup_(kd_input_freep) struct kd_input *input = NULL;
	int r;

	r = kd_input_open_at(AT_FDCWD, p->options.input, &input, err);
	if (r < 0)
		return r;
	for (size_t i = 0; i < p->options.n_levels; i++) {
		bool last = i + 1 == p->options.n_levels;

		r = dump_once(p, input, i, err);
		if (r != -ENOSPC || last)
			break;
		if (kd_program_says(p, KD_MESSAGE_COMMON))
			(void)fprintf(stderr,
				      "makedumpfile: no space at dump level %u: "
				      "trying %u\n",
				      p->options.levels[i], p->options.levels[i + 1]);
		kd_error_reset(err);
	}
	if (r == -ENOSPC)
		return kd_fail_msg(err, r, "the dump is incomplete, but can be opened");
	return r;
}

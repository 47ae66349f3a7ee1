/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The main mode: a core in, a filtered dump out, level after level while space runs
 * out; then what there is to tell of it. Called by main.c.
 */
#include <fcntl.h>
#include <sys/resource.h>

#include "base/io.h"
#include "makedumpfile/mini/mini.h"
#include "makedumpfile/program/look.h"
#include "makedumpfile/program/report.h"
#include "makedumpfile/program/run-dump.h"

#define JSON_MAX (1U << 20)

/* One run of the mode. @report: what is told at its end; @seen: the input, with what -i
 * adds to it; @erase: NULL without --config; @mini: NULL without --mini */
struct job {
	struct kd_program *p;
	struct kd_extra extra;
	struct kd_input seen;
	struct kd_erase *erase;
	struct kd_mini *mini;
	struct kd_report report;
	struct timespec started;
};

static void on_progress(void *context, const char *what, uint64_t done, uint64_t all)
{
	struct job *job = context;

	if (kd_program_says(job->p, KD_MESSAGE_PROGRESS))
		kd_progress_show(&job->p->progress, what, done, all);
}

static void on_note(void *context, const char *text)
{
	struct job *job = context;

	/* without memory for the report it is still said */
	(void)kd_strlist_add(&job->report.notes, text);
	if (kd_program_says(job->p, KD_MESSAGE_COMMON))
		(void)fprintf(stderr, "makedumpfile: %s\n", text);
}

/* What -x, -i and --config name goes into the request here. */
static int prepare(struct job *job, const struct kd_input *input,
		   struct kd_dump_request *request, struct kd_error *err)
{
	int r;

	*request = (struct kd_dump_request) {
		.input = &job->seen,
		.options = &job->p->options,
		.memory_limit = job->p->options.memory_limit,
		.progress = on_progress,
		.note = on_note,
		.context = job,
	};
	job->report.page_size = input->memory->page_size;
	r = kd_program_extra(job->p, input, &job->seen, &job->extra, err);
	if (r < 0)
		return r;
	if (r > 0)
		request->layout = &job->extra.layout;
	if (!request->options->erase_config)
		return 0;
	r = kd_program_erase(job->p, &job->seen, on_note, job, &job->erase, err);
	request->erase = job->erase;
	return r;
}

/* --mini: the same dump of fewer frames. */
static int choose(struct job *job, struct kd_dump_request *request, struct kd_error *err)
{
	int r;

	if (!request->options->mini)
		return 0;
	r = kd_mini_new(request, KD_MINI_FRAMES, &job->mini, err);
	if (r < 0)
		return r;
	if (job->mini->full)
		on_note(job, "--mini: there was more than fitted");
	request->input = &job->mini->input;
	request->unfiltered = true;
	return 0;
}

/* The one call of the façade. */
static int write_outputs(struct kd_dump_request *request,
			 const struct kd_outputs *outputs, struct kd_dump_stats *ret,
			 struct kd_error *err)
{
	request->sinks = outputs->sinks;
	request->n_sinks = outputs->n;
	request->spill = outputs->spill_fd < 0 ? NULL : &outputs->spill;
	return kd_dump_write(request, ret, err);
}

static int dump_once(struct job *job, struct kd_dump_request *request,
		     struct kd_error *err)
{
	_cleanup_(kd_outputs_done) struct kd_outputs outputs = { .spill_fd = -EBADF };
	const struct kd_dump_options *o = request->options;
	int r;

	r = kd_outputs_open(&outputs, job->p, request->attempt > 0, err);
	if (r < 0)
		return r;
	r = write_outputs(request, &outputs, &job->report.stats, err);
	job->report.written = job->report.stats.bytes > 0;
	if (r == 0)
		r = kd_outputs_finish(&outputs, err);
	else if (r == -ETIME || (r == -ENOSPC && o->size_limit))
		/* our own limits: cut, but closed, so that a stream has its end */
		(void)kd_outputs_finish(&outputs, /* err= */ NULL);
	if (r < 0)
		return kd_fail(err, r, "%s",
			       o->dry_run     ? o->input
			       : o->flattened ? "standard output"
					      : o->output);
	return 0;
}

/* Level after level while space runs out. Of a stream the start has gone already. */
static int dump(struct job *job, struct kd_dump_request *request, struct kd_error *err)
{
	const struct kd_dump_options *o = request->options;
	int r;

	for (;; request->attempt++) {
		r = dump_once(job, request, err);
		if (r != -ENOSPC || request->attempt + 1 >= o->n_levels || o->flattened)
			break;
		if (kd_program_says(job->p, KD_MESSAGE_COMMON))
			(void)fprintf(stderr,
				      "makedumpfile: no space at dump level %u: "
				      "trying %u\n",
				      o->levels[request->attempt],
				      o->levels[request->attempt + 1]);
		kd_error_reset(err);
	}
	if (r == -ENOSPC)
		return kd_fail_msg(err, r, "the dump is incomplete, but can be opened");
	return r;
}

static uint64_t milliseconds(int64_t seconds, int64_t nanoseconds)
{
	return (uint64_t)(seconds * 1000 + nanoseconds / 1000000);
}

static void measure(struct job *job)
{
	struct kd_report *report = &job->report;
	struct timespec now;
	struct rusage used = { 0 };

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	report->wall_ms = milliseconds(now.tv_sec, now.tv_nsec) -
			  milliseconds(job->started.tv_sec, job->started.tv_nsec);
	(void)getrusage(RUSAGE_SELF, &used);
	report->cpu_ms =
		milliseconds(used.ru_utime.tv_sec + used.ru_stime.tv_sec,
			     (used.ru_utime.tv_usec + used.ru_stime.tv_usec) * 1000);
	report->peak_rss_kib = (uint64_t)used.ru_maxrss;
}

static int print_json(const struct job *job, struct kd_error *err)
{
	_cleanup_(kd_strbuf_done) struct kd_strbuf text;
	bool flattened = job->p->options.flattened;
	int r;

	kd_strbuf_init(&text, JSON_MAX);
	kd_report_json(&job->report, &text);
	r = text.status;
	if (r == 0)
		r = kd_write_full(flattened ? STDERR_FILENO : STDOUT_FILENO,
				  kd_strbuf_text(&text), text.length);
	return r < 0 ? kd_fail(err, r, "--json") : 0;
}

/* Told of a failed dump, too: what it holds, and why it holds no more. */
static int tell(struct job *job, int r, struct kd_error *err)
{
	struct kd_report *report = &job->report;
	struct kd_error here = { 0 };
	int told = 0;

	measure(job);
	report->result = r;
	report->error = err->message;
	kd_debug_stats(job->p, &report->stats);
	if (kd_program_says(job->p, KD_MESSAGE_REPORT) && report->stats.pages_total)
		kd_report_print(report, job->p->out);
	if (report->stats.pages_unreadable && kd_program_says(job->p, KD_MESSAGE_COMMON))
		(void)fprintf(stderr, "makedumpfile: %llu pages could not be read\n",
			      (unsigned long long)report->stats.pages_unreadable);
	if (job->p->options.json)
		told = print_json(job, &here);
	if (r == 0 && told < 0) {
		*err = here;
		return told;
	}
	return r;
}

static void job_done(struct job *job)
{
	kd_report_done(&job->report);
	kd_extra_done(&job->extra);
	kd_erase_free(job->erase);
	kd_mini_free(job->mini);
}

int kd_run_dump(struct kd_program *p, struct kd_error *err)
{
	_cleanup_(kd_input_freep) struct kd_input *input = NULL;
	_cleanup_(job_done) struct job job = {
		.p = p,
		.report = { .options = &p->options,
			    .stats = { .knowledge = KD_KNOW_NOTHING } },
	};
	struct kd_dump_request request;
	int r;

	(void)clock_gettime(CLOCK_MONOTONIC, &job.started);
	r = kd_input_open_at(AT_FDCWD, p->options.input, &input, err);
	if (r == 0) {
		kd_debug_input(p, input);
		r = prepare(&job, input, &request, err);
	}
	if (r == 0)
		r = choose(&job, &request, err);
	if (r == 0)
		r = dump(&job, &request, err);
	return tell(&job, r, err);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kdumpd-worker: one piece of the daemon's work in a process of its own, see worker.h. Its
 * log lines are the daemon's; what the daemon is to know goes to standard output. Started
 * by worker.c, and by kdumpd --once.
 */
#include <fcntl.h>
#include <limits.h>
#include <string.h>

#include "base/io.h"
#include "kdumpd/archive/places.h"
#include "kdumpd/config/settings.h"
#include "kdumpd/dumps-text.h"
#include "kdumpd/report/arm-tell.h"
#include "kdumpd/version.h"
#include "kdumpd/worker.h"

#define USEC_PER_SECOND 1000000u

/** What the work is done with. */
struct job {
	struct kd_arm_request request;
	struct kd_log log;
	struct kd_events events;
};

static int arm(const struct job *job, struct kd_error *err)
{
	_cleanup_(kd_arm_result_done) struct kd_arm_result result;
	int r;

	kd_arm_result_init(&result);
	r = kd_arm(&job->request, &result, err);
	kd_arm_tell(&job->events, &result, r, err);
	/* a new arming is in the journal already, as an event */
	if (r >= 0 && (result.already || !job->events.only_journal))
		kd_log(&job->log, KD_LOG_INFO, "%s: %s to %s",
		       result.already ? "still armed" : "armed", result.state.release,
		       result.state.target);
	kd_after_arming(job->request.root_fd, &job->events);
	return r;
}

static int disarm(const struct job *job, struct kd_error *err)
{
	int r = kd_disarm(&job->request, err);

	if (r < 0)
		kd_log(&job->log, KD_LOG_ERROR, "%s", err->message);
	else
		kd_event(&job->events, KD_SAY_DISARMED,
			 kd_sentence(KD_SAY_DISARMED)->text, NULL, 0);
	return r;
}

static int write_dumps(const struct kd_places *places, struct kd_error *err)
{
	_cleanup_(kd_freep) struct kd_found_dump *found = NULL;
	_cleanup_(kd_strbuf_done) struct kd_strbuf out = { 0 };
	char path[PATH_MAX];
	size_t n;
	int r;

	r = kd_places_dumps(places, &found, &n);
	if (r < 0)
		return kd_fail(err, r, "dumps");
	kd_strbuf_init(&out, KD_WORKER_OUTPUT_MAX);
	for (size_t i = 0; i < n; i++) {
		const struct kd_dump *d = found[i].dump;
		const struct kd_dump_line line = {
			.path = path,
			.state = kd_outcome_state_name(d->state),
			.release = d->release,
			.usec = d->time > 0 ? (uint64_t)d->time * USEC_PER_SECOND : 0,
			.bytes = d->total_bytes,
		};

		(void)snprintf(path, sizeof(path), "%s/%s", found[i].place->folder,
			       d->name);
		kd_dumps_text_add(&out, &line);
	}
	if (out.status < 0)
		return kd_fail(err, out.status, "dumps");
	r = kd_write_full(STDOUT_FILENO, kd_strbuf_text(&out), out.length);
	return r < 0 ? kd_fail(err, r, "dumps") : 0;
}

static int list_dumps(const struct job *job, struct kd_error *err)
{
	_cleanup_(kd_freep) struct kd_settings *settings = malloc(sizeof(*settings));
	_cleanup_(kd_places_done) struct kd_places places = { .n = 0 };
	int r;

	if (!settings)
		return kd_fail(err, -ENOMEM, "dumps");
	r = kd_settings_read(job->request.root_fd, settings, err);
	if (r >= 0)
		r = kd_places_read(job->request.root_fd, &settings->config, &places, err);
	return r < 0 ? r : write_dumps(&places, err);
}

static int do_work(struct job *job, enum kd_work work, struct kd_error *err)
{
	switch (work) {
	case KD_WORK_REBUILD:
		job->request.force = true;
		return arm(job, err);
	case KD_WORK_DISARM:
		return disarm(job, err);
	case KD_WORK_LIST_DUMPS:
		return list_dumps(job, err);
	case KD_WORK_ARM:
		break;
	}
	return arm(job, err);
}

int main(int argc, char *argv[])
{
	struct job job = {
		.log = { .fd = STDERR_FILENO,
			 .name = "kdump",
			 .max = KD_LOG_INFO,
			 .journal = getenv("JOURNAL_STREAM") != NULL },
		.request = { .iomem_fd = kd_arm_iomem_fd(), .backend = kd_linux_real() },
	};
	_cleanup_(kd_closep) int root_fd = -EBADF;
	struct kd_error err = { 0 };
	enum kd_work work;
	int r;

	if (argc != 4 || strcmp(argv[1], "--init") != 0 ||
	    kd_work_from_name(argv[3], &work) < 0) {
		kd_log(&job.log, KD_LOG_ERROR,
		       "kdumpd-worker is for kdumpd alone; see kdumpctl --help");
		return EXIT_FAILURE;
	}
	job.request.init = argv[2];
	root_fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (root_fd < 0) {
		kd_log(&job.log, KD_LOG_ERROR, "/: %s", strerror(errno));
		return EXIT_FAILURE;
	}
	job.request.root_fd = root_fd;
	kd_events_init(&job.events, root_fd, &job.log);
	r = do_work(&job, work, &err);
	kd_events_done(&job.events);
	if (r >= 0)
		return EXIT_SUCCESS;
	(void)fputs(err.message, stdout);
	return EXIT_FAILURE;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kdumpd-worker: one piece of the daemon's work in a process of its own, see worker.h. Its
 * log lines are the daemon's; what the daemon is to know goes to standard output. Started
 * by worker.c, and by kdumpd --once.
 */
#include <fcntl.h>
#include <string.h>

#include "kdumpd/report/arm-tell.h"
#include "kdumpd/version.h"
#include "kdumpd/worker.h"

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
	if (r >= 0)
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

static int do_work(struct job *job, enum kd_work work, struct kd_error *err)
{
	switch (work) {
	case KD_WORK_REBUILD:
		job->request.force = true;
		return arm(job, err);
	case KD_WORK_DISARM:
		return disarm(job, err);
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

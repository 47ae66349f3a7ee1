/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Running kdumpd-worker: see worker.h. Its standard input stays the daemon's (the service
 * manager opens /proc/iomem there), its output comes through a pipe, its log lines go
 * where the daemon's go. Trusts none of what it writes to be whole, or short.
 */
#include "kdumpd/worker.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>

/* Arming takes a second or two, emulated processors included. */
#define TIMEOUT_USEC (90ull * 1000 * 1000)

static const char *const names[] = {
	[KD_WORK_ARM] = "arm",
	[KD_WORK_REBUILD] = "rebuild",
	[KD_WORK_DISARM] = "disarm",
	[KD_WORK_LIST_DUMPS] = "list-dumps",
};

const char *kd_work_name(enum kd_work work)
{
	return names[work];
}

int kd_work_from_name(const char *name, enum kd_work *ret)
{
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (strcmp(names[i], name) == 0) {
			*ret = (enum kd_work)i;
			return 0;
		}
	return -EINVAL;
}

void kd_worker_init(struct kd_worker *w, sd_event *event, kd_worker_ended ended,
		    void *context)
{
	*w = (struct kd_worker) {
		.event = event, .ended = ended, .context = context, .pipe = -EBADF
	};
	kd_strbuf_init(&w->output, KD_WORKER_OUTPUT_MAX);
}

static void forget(struct kd_worker *w)
{
	w->child = sd_event_source_unref(w->child);
	w->timeout = sd_event_source_unref(w->timeout);
	w->readable = sd_event_source_unref(w->readable);
	w->pipe = kd_close(w->pipe);
}

void kd_worker_done(struct kd_worker *w)
{
	forget(w);
	kd_strbuf_done(&w->output);
}

void kd_worker_kill(struct kd_worker *w)
{
	if (w->child)
		(void)kill(w->pid, SIGKILL);
}

/* All there is now; the pipe does not block. */
static void drain(struct kd_worker *w)
{
	char buf[4096];
	ssize_t n;

	while ((n = read(w->pipe, buf, sizeof(buf))) > 0)
		kd_strbuf_add(&w->output, buf, (size_t)n);
}

static int on_readable(sd_event_source *source, int fd, uint32_t events, void *userdata)
{
	struct kd_worker *w = userdata;

	(void)fd;
	drain(w);
	/* a hangup stays readable for ever; the end of the process is waited for */
	if (events & EPOLLHUP)
		(void)sd_event_source_set_enabled(source, SD_EVENT_OFF);
	return 0;
}

static int on_end(sd_event_source *source, const siginfo_t *si, void *userdata)
{
	struct kd_worker *w = userdata;
	_cleanup_(kd_strbuf_done) struct kd_strbuf output;
	enum kd_work_end end = KD_WORK_KILLED;

	(void)source;
	drain(w);
	forget(w);
	output = w->output; /* taken: @ended may start the next one */
	kd_strbuf_init(&w->output, KD_WORKER_OUTPUT_MAX);
	if (output.status < 0) /* too much of it, or no memory for it */
		kd_strbuf_done(&output);
	else if (si->si_code == CLD_EXITED)
		end = si->si_status == EXIT_SUCCESS ? KD_WORK_DONE : KD_WORK_FAILED;
	w->ended(w->context, end, kd_strbuf_text(&output), output.length);
	return 0;
}

static int on_timeout(sd_event_source *source, uint64_t usec, void *userdata)
{
	(void)source;
	(void)usec;
	kd_worker_kill(userdata);
	return 0;
}

static int spawn(struct kd_worker *w, const char *name, int output, pid_t *ret)
{
	char *const argv[] = { (char *)w->program, (char *)"--init", (char *)w->init,
			       (char *)name, NULL };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none;
	int r;

	(void)sigemptyset(&none);
	r = posix_spawn_file_actions_init(&actions);
	if (r != 0)
		return -r;
	r = posix_spawnattr_init(&attributes);
	if (r != 0) {
		(void)posix_spawn_file_actions_destroy(&actions);
		return -r;
	}
	(void)posix_spawnattr_setsigmask(&attributes, &none);
	(void)posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
	r = posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
	if (r == 0)
		r = posix_spawn(ret, w->program, &actions, &attributes, argv, environ);
	(void)posix_spawnattr_destroy(&attributes);
	(void)posix_spawn_file_actions_destroy(&actions);
	return -r;
}

static int watch(struct kd_worker *w)
{
	int r;

	r = sd_event_add_child(w->event, &w->child, w->pid, WEXITED, on_end, w);
	if (r >= 0)
		r = sd_event_add_io(w->event, &w->readable, w->pipe, EPOLLIN, on_readable,
				    w);
	if (r >= 0)
		r = sd_event_add_time_relative(w->event, &w->timeout, CLOCK_MONOTONIC,
					       TIMEOUT_USEC, 0, on_timeout, w);
	return r;
}

int kd_worker_start(struct kd_worker *w, enum kd_work work)
{
	_cleanup_(kd_closep) int output = -EBADF;
	int fds[2], r;

	if (w->child)
		return -EBUSY;
	if (pipe2(fds, O_CLOEXEC) < 0)
		return -errno;
	output = fds[1];
	w->pipe = fds[0];
	(void)fcntl(w->pipe, F_SETFL, O_NONBLOCK);
	r = spawn(w, names[work], output, &w->pid);
	if (r < 0) {
		w->pipe = kd_close(w->pipe);
		return r;
	}
	r = watch(w);
	if (r < 0) {
		(void)kill(w->pid, SIGKILL);
		(void)waitpid(w->pid, NULL, 0);
		forget(w);
	}
	return r;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The daemon's other process: kdumpd-worker does one piece of work and ends, so that
 * parsers of kernels, modules and dumps, and the libraries they need, cost the daemon
 * neither memory nor, should one crash, more than one try. One at a time. Called by
 * manager.c.
 */
#pragma once

#include <systemd/sd-event.h>

#include "base/error.h"
#include "base/strbuf.h"

#define KD_WORKER_OUTPUT_MAX (8u << 20) /* bytes it may write; more is as if killed */

/** What it can do. */
enum kd_work {
	KD_WORK_ARM,	 /* unless it is armed and nothing has changed */
	KD_WORK_REBUILD, /* build the image anew and arm it */
	KD_WORK_DISARM,
	KD_WORK_LIST_DUMPS, /* writes what dumps-text.h reads */
};

/** The work's name, also on the worker's command line. */
const char *kd_work_name(enum kd_work work);
/** -EINVAL for another name. */
int kd_work_from_name(const char *name, enum kd_work *ret);

/** How it ended. */
enum kd_work_end {
	KD_WORK_DONE,
	KD_WORK_FAILED, /* and said why */
	KD_WORK_KILLED, /* by a signal, or because it took too long */
};

/**
 * The worker has ended.
 *
 * @text, @size: what it wrote: the result, or in one sentence why it failed; NUL-terminated
 */
typedef void (*kd_worker_ended)(void *context, enum kd_work_end end, const char *text,
				size_t size);

/**
 * @program: to run, absolute; @init: handed on, pid 1 of the capture image
 * @ended:   called once a start, with @context; may start the next one
 * The rest is the worker's own: no process runs while @child is NULL.
 */
struct kd_worker {
	sd_event *event;
	const char *program;
	const char *init;
	kd_worker_ended ended;
	void *context;
	sd_event_source *child, *timeout, *readable;
	struct kd_strbuf output;
	pid_t pid;
	int pipe;
};

/** @event and the texts are borrowed. */
void kd_worker_init(struct kd_worker *w, sd_event *event, kd_worker_ended ended,
		    void *context);
/** A process that still runs is left to itself: it may be in the middle of a load. */
void kd_worker_done(struct kd_worker *w);

static inline bool kd_worker_busy(const struct kd_worker *w)
{
	return w->child;
}

/** Start. -EBUSY while one runs; errors of pipe2(2), fork(2) and sd-event. */
int kd_worker_start(struct kd_worker *w, enum kd_work work);

/** Kill the one that runs; @ended is called as ever. */
void kd_worker_kill(struct kd_worker *w);

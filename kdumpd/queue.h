/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the daemon was asked to do and has not begun: first come, first served, and equal
 * requests that stand side by side are served by one piece of work. Pure. Called by
 * manager.c.
 */
#pragma once

#include "kdumpd/worker.h"

#define KD_QUEUE_MAX 64

/** @done: told how it ended, with @context; NULL when nobody waits */
struct kd_request {
	enum kd_work work;
	kd_worker_ended done;
	void *context;
};

struct kd_queue {
	struct kd_request items[KD_QUEUE_MAX];
	size_t n;
};

/** Stand in line. -ENOBUFS when it is too long. */
int kd_queue_add(struct kd_queue *q, const struct kd_request *request);

/** Take the first and those right behind it that want the same. Returns how many. */
size_t kd_queue_take(struct kd_queue *q, struct kd_request ret[static KD_QUEUE_MAX]);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The line of requests: see queue.h. A request that comes while the same work is under
 * way is not served by that: it may have begun before what the request is about.
 */
#include "kdumpd/queue.h"

#include <string.h>

int kd_queue_add(struct kd_queue *q, const struct kd_request *request)
{
	if (q->n == KD_QUEUE_MAX)
		return -ENOBUFS;
	q->items[q->n++] = *request;
	return 0;
}

size_t kd_queue_take(struct kd_queue *q, struct kd_request ret[static KD_QUEUE_MAX])
{
	size_t n = 0;

	while (n < q->n && q->items[n].work == q->items[0].work) {
		ret[n] = q->items[n];
		n++;
	}
	q->n -= n;
	memmove(q->items, q->items + n, q->n * sizeof(q->items[0]));
	return n;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Threads, made and joined in one call: see parallel.h. Memory for a stack may be
 * missing in a capture kernel: fewer threads then do the same work.
 */
#include "base/parallel.h"

#include <pthread.h>
#include <sched.h>

/* Work functions keep their buffers on the heap; a small stack is memory saved. */
#define STACK_BYTES (256U << 10)

struct worker {
	pthread_t thread;
	int (*work)(void *context, unsigned int worker);
	void *context;
	unsigned int number;
	bool running;
	int result;
};

unsigned int kd_parallel_cpus(void)
{
	cpu_set_t set;
	int n;

	if (sched_getaffinity(0, sizeof(set), &set) < 0)
		return 1;
	n = CPU_COUNT(&set);
	return n < 1 ? 1 : MIN((unsigned int)n, (unsigned int)KD_PARALLEL_MAX);
}

static void *run(void *context)
{
	struct worker *w = context;

	w->result = w->work(w->context, w->number);
	return NULL;
}

static void start(struct worker *workers, unsigned int n)
{
	pthread_attr_t attr;

	if (pthread_attr_init(&attr) != 0)
		return;
	(void)pthread_attr_setstacksize(&attr, STACK_BYTES);
	for (unsigned int i = 0; i < n; i++)
		workers[i].running = pthread_create(&workers[i].thread, &attr, run,
						    &workers[i]) == 0;
	(void)pthread_attr_destroy(&attr);
}

int kd_parallel(unsigned int n, int (*work)(void *context, unsigned int worker),
		void *context)
{
	struct worker workers[KD_PARALLEL_MAX];
	int r = 0;

	n = MAX(1U, MIN(n, (unsigned int)KD_PARALLEL_MAX));
	for (unsigned int i = 0; i < n; i++)
		workers[i] =
			(struct worker) { .work = work, .context = context, .number = i };
	if (n > 1)
		start(workers, n - 1);
	(void)run(&workers[n - 1]);
	for (unsigned int i = 0; i < n; i++) {
		if (workers[i].running)
			(void)pthread_join(workers[i].thread, NULL);
		if (r == 0)
			r = workers[i].result;
	}
	return r;
}

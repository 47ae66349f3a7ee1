/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * base/parallel: all of a shared heap of work is done whatever the number of workers,
 * one worker is no thread, and an error is the lowest number's.
 */
#include <pthread.h>

#include "base/parallel.h"
#include "tests/unit/test.h"

#define ITEMS 10000

struct heap {
	_Atomic unsigned int next;
	_Atomic unsigned int done[ITEMS];
	_Atomic unsigned int workers;
	pthread_t seen[KD_PARALLEL_MAX];
};

static int take_all(void *context, unsigned int worker)
{
	struct heap *h = context;
	unsigned int i;

	h->workers++;
	h->seen[worker] = pthread_self();
	while ((i = h->next++) < ITEMS)
		h->done[i]++;
	return 0;
}

static void check_heap(struct test *t, unsigned int asked, unsigned int want)
{
	struct heap h = { 0 };
	unsigned int once = 0;

	CHECK_INT(t, kd_parallel(asked, take_all, &h), 0);
	for (size_t i = 0; i < ITEMS; i++)
		once += h.done[i] == 1;
	CHECK_INT(t, once, ITEMS);
	CHECK_INT(t, h.workers, want);
	CHECK(t, pthread_equal(h.seen[want - 1], pthread_self()));
}

static void test_counts(struct test *t)
{
	check_heap(t, 0, 1);
	check_heap(t, 1, 1);
	check_heap(t, 2, 2);
	check_heap(t, 7, 7);
	check_heap(t, KD_PARALLEL_MAX + 5, KD_PARALLEL_MAX);
}

static int fail_some(void *context, unsigned int worker)
{
	const int *codes = context;

	return codes[worker];
}

static void test_errors(struct test *t)
{
	const int codes[] = { 0, -EIO, -ENOSPC, 0 };

	CHECK_INT(t, kd_parallel(4, fail_some, (void *)codes), -EIO);
	CHECK_INT(t, kd_parallel(1, fail_some, (void *)codes), 0);
}

static void test_cpus(struct test *t)
{
	unsigned int n = kd_parallel_cpus();

	CHECK(t, n >= 1 && n <= KD_PARALLEL_MAX);
}

static const struct test_case cases[] = {
	{ "all the work is done once", test_counts },
	{ "errors come back", test_errors },
	{ "CPUs are counted", test_cpus },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}

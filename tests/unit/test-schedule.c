/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kdumpd/schedule, queue and hotplug: what is due when, what one piece of work serves.
 */
#include "kdumpd/schedule.h"

#include "kdumpd/hotplug.h"
#include "kdumpd/queue.h"
#include "tests/unit/test.h"

#define MS     1000ull
#define SECOND 1000000ull
#define NEVER  KD_SCHEDULE_NEVER

/** @at: when it happens, in ms; @due: what is due after it, in ms; 0: nothing is */
struct step {
	char what; /* h: hotplug, k: killed, s: an arming starts, e: it ends */
	uint64_t at, due;
};

static const struct {
	const char *name;
	struct step steps[16];
} rows[] = {
	{ "one event", { { 'h', 100, 1100 } } },
	{ "a second one pushes it out", { { 'h', 100, 1100 }, { 'h', 900, 1900 } } },
	{ "up to a bound",
	  { { 'h', 0, 1000 },
	    { 'h', 5000, 6000 },
	    { 'h', 9500, 10000 },
	    { 'h', 9999, 10000 } } },
	{ "one that comes late has its second",
	  { { 'h', 0, 1000 },
	    { 's', 1000, 0 },
	    { 'h', 1100, 2100 },
	    { 'e', 1200, 2100 } } },
	{ "an arming for another reason does it too",
	  { { 'h', 0, 1000 }, { 's', 500, 0 }, { 'e', 600, 0 } } },
	{ "killed ones come ever later, then no more",
	  { { 's', 0, 0 },
	    { 'k', 0, 1000 },
	    { 's', 1000, 0 },
	    { 'k', 1000, 3000 },
	    { 's', 3000, 0 },
	    { 'k', 3000, 7000 },
	    { 's', 7000, 0 },
	    { 'k', 7000, 15000 },
	    { 's', 15000, 0 },
	    { 'k', 15000, 31000 },
	    { 's', 31000, 0 },
	    { 'k', 31000, 0 } } },
	{ "one that ends makes the next the first",
	  { { 'k', 0, 1000 }, { 's', 1000, 0 }, { 'e', 1500, 0 }, { 'k', 2000, 3000 } } },
	{ "killed, told twice", { { 'k', 0, 1000 }, { 'k', 1, 1000 } } },
	{ "killed, and hardware changes meanwhile",
	  { { 'k', 0, 1000 },
	    { 's', 1000, 0 },
	    { 'k', 1000, 3000 },
	    { 'h', 1100, 2100 } } },
};

static bool take_step(struct kd_schedule *s, const struct step *step)
{
	uint64_t now = step->at * MS;
	bool more = true;

	switch (step->what) {
	case 'h':
		more = kd_schedule_add(s, KD_OCCASION_HOTPLUG, now);
		break;
	case 'k':
		more = kd_schedule_add(s, KD_OCCASION_KILLED, now);
		break;
	case 's':
		kd_schedule_start(s);
		break;
	default:
		kd_schedule_end(s);
	}
	return more == (step->due || step->what == 's' || step->what == 'e') &&
	       kd_schedule_due(s) == (step->due ? step->due * MS : NEVER);
}

static void times(struct test *t)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct kd_schedule s;

		kd_schedule_init(&s);
		CHECK(t, kd_schedule_due(&s) == NEVER);
		for (const struct step *step = rows[i].steps; step->what; step++)
			if (!take_step(&s, step))
				test_failed(t, __FILE__, __LINE__, "%s, at %llu ms",
					    rows[i].name, (unsigned long long)step->at);
	}
}

/* A thousand events in a second, and an arming whenever one is due. */
static void storm(struct test *t)
{
	struct kd_schedule s;
	unsigned int armings = 0;

	kd_schedule_init(&s);
	for (uint64_t now = 0; now < 20 * SECOND; now += MS) {
		if (now < SECOND)
			CHECK(t, kd_schedule_add(&s, KD_OCCASION_HOTPLUG, now));
		if (kd_schedule_due(&s) > now)
			continue;
		kd_schedule_start(&s);
		kd_schedule_end(&s);
		armings++;
	}
	CHECK_INT(t, armings, 1);
}

static void queue(struct test *t)
{
	static const enum kd_work line[] = { KD_WORK_ARM, KD_WORK_ARM, KD_WORK_DISARM,
					     KD_WORK_ARM };
	static const size_t sizes[] = { 2, 1, 1 };
	struct kd_request taken[KD_QUEUE_MAX], request = { .work = KD_WORK_ARM };
	struct kd_queue q = { .n = 0 };
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(line); i++) {
		request = (struct kd_request) { .work = line[i], .context = &taken[i] };
		CHECK_INT(t, kd_queue_add(&q, &request), 0);
	}
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		CHECK_INT(t, kd_queue_take(&q, taken), sizes[i]);
		CHECK_INT(t, taken[0].work, line[n]);
		CHECK(t, taken[0].context == &taken[n]);
		n += sizes[i];
	}
	CHECK_INT(t, kd_queue_take(&q, taken), 0);
	for (size_t i = 0; i < KD_QUEUE_MAX; i++)
		CHECK_INT(t, kd_queue_add(&q, &request), 0);
	CHECK_INT(t, kd_queue_add(&q, &request), -ENOBUFS);
	CHECK_INT(t, kd_queue_take(&q, taken), KD_QUEUE_MAX);
}

static void names(struct test *t)
{
	enum kd_work work = KD_WORK_ARM;

	CHECK_INT(t, kd_work_from_name(kd_work_name(KD_WORK_DISARM), &work), 0);
	CHECK_INT(t, work, KD_WORK_DISARM);
	CHECK_INT(t, kd_work_from_name("dance", &work), -EINVAL);
	CHECK(t, kd_hotplug_matters(SD_DEVICE_ADD));
	CHECK(t, kd_hotplug_matters(SD_DEVICE_ONLINE));
	CHECK(t, !kd_hotplug_matters(SD_DEVICE_BIND));
	CHECK(t, !kd_hotplug_matters(SD_DEVICE_MOVE));
	CHECK(t, kd_hotplug_counts("cpu", "cpu1"));
	CHECK(t, kd_hotplug_counts("memory", "memory40"));
	CHECK(t, kd_hotplug_counts("block", "dm-3"));
	CHECK(t, kd_hotplug_counts("block", "md127"));
	CHECK(t, !kd_hotplug_counts("block", "vda"));
	CHECK(t, !kd_hotplug_counts("block", "loop0"));
}

static const struct test_case cases[] = {
	{ "when an arming is due", times },
	{ "a thousand events, one arming", storm },
	{ "the line of requests", queue },
	{ "names of work, kinds of events", names },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}

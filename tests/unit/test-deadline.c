/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * capture-kernel/deadline.c, and the watchdog's and the console's share of time: tables
 * of instants and what they must mean. No clock is read but for one sanity check.
 */
#include "capture-kernel/console.h"
#include "capture-kernel/deadline.h"
#include "capture-kernel/watchdog.h"
#include "tests/unit/test.h"

static void verdicts(struct test *t)
{
	static const struct {
		uint64_t idle, deadline, now, beat;
		enum kd_time_verdict want;
	} table[] = {
		{ 100, 1000, 0, 0, KD_IN_TIME },
		{ 100, 1000, 99, 0, KD_IN_TIME },
		{ 100, 1000, 100, 0, KD_IDLE },
		{ 100, 1000, 100, 1, KD_IN_TIME },
		{ 100, 1000, 999, 950, KD_IN_TIME },
		{ 100, 1000, 1000, 999, KD_OVERDUE },
		{ 100, 1000, 5000, 0, KD_OVERDUE },
		/* a beat that seems to come later than now is as good as now */
		{ 100, 1000, 10, 500, KD_IN_TIME },
		{ 0, 1000, 10, 10, KD_IDLE },
		{ 100, 0, 0, 0, KD_OVERDUE },
		{ UINT64_MAX, UINT64_MAX, UINT64_MAX - 1, 0, KD_IN_TIME },
	};

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		struct kd_limits l = { table[i].idle, table[i].deadline };

		CHECK_INT(t, kd_limits_check(&l, table[i].now, table[i].beat),
			  table[i].want);
	}
}

static void sleeps(struct test *t)
{
	static const struct {
		uint64_t now, beat, most, want;
	} table[] = {
		{ 0, 0, 1000, 100 },	/* until idle */
		{ 950, 940, 1000, 50 }, /* until the deadline */
		{ 0, 0, 20, 20 },	/* no longer than asked */
		{ 0, 0, 0, 1 },		/* but never 0 while in time */
		{ 100, 0, 20, 0 },	/* idle already */
		{ 1000, 999, 20, 0 },	/* overdue already */
	};
	struct kd_limits l = { .idle_ms = 100, .deadline_ms = 1000 };

	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		CHECK_INT(t,
			  kd_limits_sleep(&l, table[i].now, table[i].beat, table[i].most),
			  table[i].want);
}

static void closing_phases(struct test *t)
{
	struct kd_limits l = kd_limits_for(120000, 5000, 60000, 0);

	CHECK_INT(t, l.idle_ms, 120000);
	CHECK_INT(t, l.deadline_ms, 60000);
	/* overdue by far, and still there is time to write things down */
	l = kd_limits_for(120000, 900000, 60000, 15000);
	CHECK_INT(t, l.idle_ms, 15000);
	CHECK_INT(t, l.deadline_ms, 915000);
	/* early: closing does not take all the time that is left */
	l = kd_limits_for(5000, 1000, 60000, 15000);
	CHECK_INT(t, l.idle_ms, 5000);
	CHECK_INT(t, l.deadline_ms, 16000);
	l = kd_limits_for(5000, UINT64_MAX - 1, 60000, 15000);
	CHECK(t, l.deadline_ms == UINT64_MAX);
}

static void watchdog_due(struct test *t)
{
	static const struct {
		int fd;
		uint64_t petted, until, now;
		bool want;
	} table[] = {
		{ 3, 0, 1000000, 19999, false }, { 3, 0, 1000000, 20000, true },
		{ 3, 0, 1000000, 50000, true },	 { -1, 0, 1000000, 50000, false },
		{ 3, 0, 40000, 50000, false },	 { 3, 60000, 1000000, 50000, false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		struct kd_watchdog w = { .fd = table[i].fd,
					 .timeout_ms = 60000,
					 .petted_ms = table[i].petted,
					 .until_ms = table[i].until };

		CHECK_INT(t, kd_watchdog_due(&w, table[i].now), table[i].want);
	}
}

static void progress_texts(struct test *t)
{
	static const struct {
		uint64_t done, all;
		const char *want;
	} table[] = {
		{ 0, 50, "0 % (pages, 0 of 50)" },
		{ 21, 50, "42 % (pages, 21 of 50)" },
		{ 50, 50, "100 % (pages, 50 of 50)" },
		{ 60, 50, "100 % (pages, 60 of 50)" },
		{ 21, 0, "(pages, 21)" },
		{ 0, 0, "pages" },
		{ UINT64_MAX - 1, UINT64_MAX,
		  "100 % (pages, 18446744073709551614 of 18446744073709551615)" },
	};
	char text[128];

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		kd_progress_text("pages", table[i].done, table[i].all, text,
				 sizeof(text));
		CHECK_STR(t, text, table[i].want);
	}
}

static void clock_runs(struct test *t)
{
	uint64_t a = kd_now_ms();

	CHECK(t, a > 0);
	CHECK(t, kd_now_ms() >= a);
}

static const struct test_case cases[] = {
	{ "in time, idle, overdue", verdicts },
	{ "sleeping until something can change", sleeps },
	{ "closing phases have their time", closing_phases },
	{ "when the watchdog is petted", watchdog_due },
	{ "progress in words", progress_texts },
	{ "the clock", clock_runs },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}

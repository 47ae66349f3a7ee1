/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * capture-kernel/capture.c with phases made for the test: that each failure, crash and
 * hang of a phase is recorded and the way goes on to the final action.
 */
#include <fcntl.h>
#include <signal.h>
#include <time.h>

#include "base/io.h"
#include "capture-kernel/capture.h"
#include "tests/unit/fake-root.h"
#include "tests/unit/test.h"

static int fine(_unused_ struct kd_capture *c, _unused_ struct kd_error *err)
{
	return 0;
}

static int fail(_unused_ struct kd_capture *c, struct kd_error *err)
{
	return kd_fail(err, -EIO, "made to fail");
}

static int crash(_unused_ struct kd_capture *c, _unused_ struct kd_error *err)
{
	(void)raise(SIGKILL);
	return 0;
}

static int hang(_unused_ struct kd_capture *c, _unused_ struct kd_error *err)
{
	const struct timespec ts = { .tv_sec = 1000 };

	(void)nanosleep(&ts, NULL);
	return 0;
}

static int one_target(struct kd_capture *c, _unused_ struct kd_error *err)
{
	c->flow.n_targets = c->plan.n_targets = 1;
	c->deadline_ms = kd_now_ms() + 60000;
	return 0;
}

static int nothing(_unused_ struct kd_capture *c, _unused_ struct kd_error *err)
{
	return KD_PHASE_NOTHING;
}

static int log_saved(struct kd_capture *c, _unused_ struct kd_error *err)
{
	c->shared->outcome.state = KD_OUTCOME_DMESG_ONLY;
	return 0;
}

static int dump_saved(struct kd_capture *c, _unused_ struct kd_error *err)
{
	kd_shared_progress(c->shared, "pages", 50, 100);
	c->shared->outcome.state = KD_OUTCOME_COMPLETE;
	return 0;
}

#define GOOD_PHASES                                                       \
	[KD_STEP_MOUNTS] = { "mounts", .run = fine },                     \
	[KD_STEP_SYSCTL] = { "sysctl", .run = fine },                     \
	[KD_STEP_PLAN] = { "plan", .run = one_target },                   \
	[KD_STEP_LIFELINE] = { "lifeline", .run = fine },                 \
	[KD_STEP_VMCORE] = { "vmcore", .run = fine },                     \
	[KD_STEP_MODULES] = { "modules", .work = fine },                  \
	[KD_STEP_WATCHDOG] = { "watchdog", .run = fine },                 \
	[KD_STEP_IDENTITY] = { "identity", .work = fine },                \
	[KD_STEP_PRE] = { "pre", .run = nothing },                        \
	[KD_STEP_DEVICE] = { "device", .work = fine },                    \
	[KD_STEP_TARGET] = { "target", .work = fine },                    \
	[KD_STEP_LOG] = { "log", .work = log_saved },                     \
	[KD_STEP_MINI] = { "mini", .work = fine },                        \
	[KD_STEP_CPUS] = { "cpus", .work = fine },                        \
	[KD_STEP_DUMP] = { "dump", .work = dump_saved },                  \
	[KD_STEP_OUTCOME] = { "outcome", .work = fine, .closing = true }, \
	[KD_STEP_POST] = { "post", .work = fine, .closing = true },       \
	[KD_STEP_RELEASE] = { "release", .work = fine, .closing = true }, \
	[KD_STEP_EMERGENCY] = { "emergency", .work = fine },              \
	[KD_STEP_LAST_WORDS] = { "last-words", .work = fine }

static const struct kd_phase good[KD_STEP_FINAL] = { GOOD_PHASES };

/* Run with phase @step replaced; the outcome is copied out. */
static enum kd_outcome_state run_with(struct test *t, enum kd_step step,
				      struct kd_phase phase, struct kd_outcome *ret)
{
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
	struct kd_phase phases[KD_STEP_FINAL];
	struct kd_capture c;
	enum kd_outcome_state best;
	char console[16384];
	int fd;

	memcpy(phases, good, sizeof(phases));
	if (step < KD_STEP_FINAL) {
		phase.name = good[step].name;
		phases[step] = phase;
	}
	fake_text(&root, "dev/console", "");
	CHECK_INT(t, kd_capture_init(&c, root.fd, phases, NULL), 0);
	kd_console_init(&c.console, root.fd);
	kd_capture_run(&c);
	CHECK_INT(t, c.flow.step, KD_STEP_FINAL);
	memcpy(ret, &c.shared->outcome, sizeof(*ret));
	best = c.flow.best;
	kd_capture_done(&c);

	/* the console told of each phase that ran */
	fd = openat(root.fd, "dev/console", O_RDONLY | O_CLOEXEC);
	memset(console, 0, sizeof(console));
	CHECK(t, kd_read_full(fd, console, sizeof(console) - 1) > 0);
	(void)kd_close(fd);
	for (size_t i = 0; i < ret->n_phases; i++) {
		char line[64];

		(void)snprintf(line, sizeof(line), "phase %s: ", ret->phases[i].name);
		CHECK(t, strstr(console, line) != NULL);
	}
	return best;
}

static const struct kd_outcome_phase *find_phase(const struct kd_outcome *o,
						 const char *name)
{
	for (size_t i = 0; i < o->n_phases; i++)
		if (strcmp(o->phases[i].name, name) == 0)
			return &o->phases[i];
	return NULL;
}

static void all_well(struct test *t)
{
	struct kd_phase none = { 0 };
	struct kd_outcome o;

	CHECK_INT(t, run_with(t, KD_STEP_FINAL, none, &o), KD_OUTCOME_COMPLETE);
	CHECK_INT(t, o.n_phases, 17);
	CHECK(t, !find_phase(&o, "pre"));
	CHECK(t, !find_phase(&o, "emergency"));
	for (size_t i = 0; i < o.n_phases; i++) {
		CHECK_INT(t, o.phases[i].error, 0);
		CHECK(t, o.phases[i].end_ms >= o.phases[i].start_ms);
	}
	CHECK(t, !find_phase(&o, "last-words"));
}

static void dump_fails(struct test *t)
{
	static const struct {
		struct kd_phase phase;
		int error;
		const char *message;
	} table[] = {
		{ { .work = fail }, -EIO, "made to fail: Input/output error" },
		{ { .work = crash }, -ENOTRECOVERABLE, "ended by signal 9 (Killed)" },
		{ { .work = hang, .limit_s = 1 }, -ETIMEDOUT, "no progress for 1 s" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		const struct kd_outcome_phase *p;
		struct kd_outcome o;

		CHECK_INT(t, run_with(t, KD_STEP_DUMP, table[i].phase, &o),
			  KD_OUTCOME_DMESG_ONLY);
		p = find_phase(&o, "dump");
		CHECK(t, p != NULL);
		if (!p)
			continue;
		CHECK_INT(t, p->error, table[i].error);
		CHECK_STR(t, p->message, table[i].message);
		CHECK(t, find_phase(&o, "outcome") != NULL);
		CHECK(t, find_phase(&o, "release") != NULL);
	}
}

static void each_phase_fails(struct test *t)
{
	for (int step = 0; step < KD_STEP_FINAL; step++) {
		struct kd_phase bad = { .run = fail };
		struct kd_outcome o;
		enum kd_outcome_state best;

		if (good[step].work)
			bad = (struct kd_phase) { .work = crash };
		best = run_with(t, (enum kd_step)step, bad, &o);
		switch (step) {
		case KD_STEP_PLAN:
		case KD_STEP_DEVICE:
		case KD_STEP_TARGET:
			CHECK_INT(t, best, KD_OUTCOME_FAILED);
			CHECK(t, find_phase(&o, "last-words") != NULL);
			break;
		case KD_STEP_DUMP:
			CHECK_INT(t, best, KD_OUTCOME_DMESG_ONLY);
			break;
		default:
			CHECK_INT(t, best, KD_OUTCOME_COMPLETE);
		}
	}
}

static int braking(struct kd_capture *c, _unused_ struct kd_error *err)
{
	c->shared->outcome.crash_loop = true;
	return 0;
}

/* The target's child says that there were too many: the log is all, and all is well. */
static void crash_loop(struct test *t)
{
	struct kd_phase phase = { .work = braking };
	struct kd_outcome o;

	CHECK_INT(t, run_with(t, KD_STEP_TARGET, phase, &o), KD_OUTCOME_DMESG_ONLY);
	CHECK(t, find_phase(&o, "log") != NULL);
	CHECK(t, !find_phase(&o, "mini"));
	CHECK(t, !find_phase(&o, "dump"));
	CHECK(t, !find_phase(&o, "emergency"));
}

static int late(struct kd_capture *c, struct kd_error *err)
{
	(void)one_target(c, err);
	c->deadline_ms = kd_now_ms() + 700;
	return 0;
}

static void time_runs_out(struct test *t)
{
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
	struct kd_phase phases[KD_STEP_FINAL];
	uint64_t start = kd_now_ms();
	struct kd_capture c;

	memcpy(phases, good, sizeof(phases));
	phases[KD_STEP_PLAN].run = late;
	phases[KD_STEP_DUMP].work = hang;
	fake_text(&root, "dev/console", "");
	CHECK_INT(t, kd_capture_init(&c, root.fd, phases, NULL), 0);
	kd_console_init(&c.console, root.fd);
	kd_capture_run(&c);
	CHECK_INT(t, c.flow.best, KD_OUTCOME_DMESG_ONLY);
	CHECK(t, find_phase(&c.shared->outcome, "release") != NULL);
	CHECK(t, kd_now_ms() - start < 15000);
	kd_capture_done(&c);
}

/* For longer than pid 1 waits between two looks. */
static int tell_and_sleep(struct kd_capture *c, struct kd_error *err)
{
	const struct timespec while_seen = { .tv_nsec = 500000000 };

	(void)err;
	kd_shared_progress(c->shared, "copying", 1, 4);
	(void)nanosleep(&while_seen, NULL);
	return 0;
}

/* However soon one comes after the other. */
static void each_tells_at_once(struct test *t)
{
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
	struct kd_phase phases[KD_STEP_FINAL];
	char console[16384] = "";
	struct kd_capture c;
	int fd;

	memcpy(phases, good, sizeof(phases));
	phases[KD_STEP_MINI].work = tell_and_sleep;
	phases[KD_STEP_DUMP].work = tell_and_sleep;
	fake_text(&root, "dev/console", "");
	CHECK_INT(t, kd_capture_init(&c, root.fd, phases, NULL), 0);
	kd_console_init(&c.console, root.fd);
	kd_capture_run(&c);
	kd_capture_done(&c);
	fd = openat(root.fd, "dev/console", O_RDONLY | O_CLOEXEC);
	CHECK(t, kd_read_full(fd, console, sizeof(console) - 1) > 0);
	(void)kd_close(fd);
	CHECK(t, strstr(console, "phase mini: 25 % (copying, 1 of 4)") != NULL);
	CHECK(t, strstr(console, "phase dump: 25 % (copying, 1 of 4)") != NULL);
}

static const struct test_case cases[] = {
	{ "all well", all_well },
	{ "the dump fails, dies, hangs", dump_fails },
	{ "each phase fails in turn", each_phase_fails },
	{ "too many crashes within the hour", crash_loop },
	{ "the time runs out", time_runs_out },
	{ "each child's first progress is told at once", each_tells_at_once },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * capture-kernel/child.c and shared.c with real processes: ends, limits, memory cap,
 * hangs. Times are short; where a test asserts one it leaves room for a busy machine.
 */
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>

#include "capture-kernel/child.h"
#include "tests/unit/test.h"

static struct kd_child make_child(struct kd_shared *s,
				  int (*run)(void *, struct kd_error *))
{
	return (struct kd_child) {
		.run = run,
		.context = s,
		.root_fd = -EBADF,
		.limits = { .idle_ms = 5000, .deadline_ms = kd_now_ms() + 20000 },
		.shared = s,
	};
}

static void nap(unsigned int ms)
{
	const struct timespec ts = { .tv_sec = ms / 1000,
				     .tv_nsec = (ms % 1000) * 1000000L };

	(void)nanosleep(&ts, NULL);
}

static int succeed(void *context, struct kd_error *err)
{
	struct kd_shared *s = context;

	kd_fail(err, -EIO, "a first try, overcome");
	kd_outcome_note(&s->outcome, "written by the child");
	return 0;
}

static int fail(_unused_ void *context, struct kd_error *err)
{
	return kd_fail(err, -ENOSPC, "vmcore-incomplete");
}

static int fail_mutely(_unused_ void *context, _unused_ struct kd_error *err)
{
	return -EPIPE;
}

static int hang(_unused_ void *context, _unused_ struct kd_error *err)
{
	(void)signal(SIGTERM, SIG_IGN);
	for (int i = 0; i < 1000; i++)
		nap(1000);
	return 0;
}

static int spin_without_progress(void *context, _unused_ struct kd_error *err)
{
	for (int i = 0; i < 100000; i++) {
		kd_shared_progress(context, "turning round", 5, 10);
		nap(10);
	}
	return 0;
}

static int work_slowly(void *context, _unused_ struct kd_error *err)
{
	for (uint64_t i = 1; i <= 12; i++) {
		nap(100);
		kd_shared_progress(context, "pages", i, 12);
	}
	return 0;
}

static int crash(_unused_ void *context, _unused_ struct kd_error *err)
{
	(void)raise(SIGKILL);
	return 0;
}

static void ends(struct test *t)
{
	_cleanup_(kd_shared_freep) struct kd_shared *s = NULL;
	struct kd_child_result result;
	struct kd_error err = { 0 };
	struct kd_child c;

	CHECK_INT(t, kd_shared_new(&s, NULL), 0);
	c = make_child(s, succeed);
	CHECK_INT(t, kd_child_run(&c, &result, &err), 0);
	CHECK_INT(t, err.code, 0);
	CHECK_INT(t, result.end, KD_CHILD_EXITED);
	CHECK(t, result.peak_rss_kib > 0);
	CHECK_INT(t, s->outcome.n_notes, 1);
	CHECK_STR(t, s->outcome.notes[0], "written by the child");

	c.run = fail;
	CHECK_INT(t, kd_child_run(&c, &result, &err), -ENOSPC);
	CHECK_INT(t, result.error, -ENOSPC);
	CHECK_STR(t, err.message, "vmcore-incomplete: No space left on device");

	kd_error_reset(&err);
	c.run = fail_mutely;
	CHECK_INT(t, kd_child_run(&c, &result, &err), -EPIPE);
	CHECK_STR(t, err.message, "failed: Broken pipe");
	CHECK_INT(t, waitpid(-1, NULL, WNOHANG), -1);
}

static void killed_from_outside(struct test *t)
{
	_cleanup_(kd_shared_freep) struct kd_shared *s = NULL;
	struct kd_child_result result;
	struct kd_error err = { 0 };
	struct kd_child c;

	CHECK_INT(t, kd_shared_new(&s, NULL), 0);
	c = make_child(s, crash);
	CHECK_INT(t, kd_child_run(&c, &result, &err), -ENOTRECOVERABLE);
	CHECK_INT(t, result.end, KD_CHILD_SIGNALLED);
	CHECK_INT(t, result.signal, SIGKILL);
	CHECK_STR(t, err.message, "ended by signal 9 (Killed)");
}

static void idle(struct test *t, int (*run)(void *, struct kd_error *))
{
	_cleanup_(kd_shared_freep) struct kd_shared *s = NULL;
	uint64_t start = kd_now_ms();
	struct kd_child_result result;
	struct kd_error err = { 0 };
	struct kd_child c;

	CHECK_INT(t, kd_shared_new(&s, NULL), 0);
	c = make_child(s, run);
	c.limits.idle_ms = 300;
	CHECK_INT(t, kd_child_run(&c, &result, &err), -ETIMEDOUT);
	CHECK_INT(t, result.end, KD_CHILD_IDLE);
	CHECK(t, !result.abandoned);
	CHECK(t, kd_now_ms() - start >= 300);
	CHECK(t, kd_now_ms() - start < 10000);
	CHECK_INT(t, waitpid(-1, NULL, WNOHANG), -1);
}

static void hang_is_killed(struct test *t)
{
	idle(t, hang);
}

static void motion_is_no_progress(struct test *t)
{
	idle(t, spin_without_progress);
}

static void progress_resets_the_limit(struct test *t)
{
	_cleanup_(kd_shared_freep) struct kd_shared *s = NULL;
	struct kd_child_result result;
	struct kd_error err = { 0 };
	struct kd_child c;

	CHECK_INT(t, kd_shared_new(&s, NULL), 0);
	c = make_child(s, work_slowly);
	/* 1.2 s of work, never silent for 0.8 s */
	c.limits.idle_ms = 800;
	CHECK_INT(t, kd_child_run(&c, &result, &err), 0);
	CHECK_INT(t, s->done, 12);
	CHECK_STR(t, s->what, "pages");
}

static void deadline_ends_progress(struct test *t)
{
	_cleanup_(kd_shared_freep) struct kd_shared *s = NULL;
	struct kd_child_result result;
	struct kd_error err = { 0 };
	struct kd_child c;

	CHECK_INT(t, kd_shared_new(&s, NULL), 0);
	c = make_child(s, work_slowly);
	c.limits.deadline_ms = kd_now_ms() + 500;
	CHECK_INT(t, kd_child_run(&c, &result, &err), -ETIMEDOUT);
	CHECK_INT(t, result.end, KD_CHILD_OVERDUE);
	CHECK_STR(t, err.message, "stopped, the time is over");
	CHECK(t, s->done < 12);
}

#define BIG (UINT64_C(256) << 20)

static int take_memory(_unused_ void *context, struct kd_error *err)
{
	void *p = mmap(NULL, BIG, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
		       0);

	return p == MAP_FAILED ? kd_fail(err, -errno, "buffers") : 0;
}

static void memory_cap(struct test *t)
{
	_cleanup_(kd_shared_freep) struct kd_shared *s = NULL;
	struct kd_child_result result;
	struct kd_error err = { 0 };
	struct kd_child c;

	CHECK_INT(t, kd_shared_new(&s, NULL), 0);
	c = make_child(s, take_memory);
	CHECK_INT(t, kd_child_run(&c, &result, &err), 0);
	c.memory = BIG / 2;
	CHECK_INT(t, kd_child_run(&c, &result, &err), -ENOMEM);
	CHECK_STR(t, err.message, "buffers: Cannot allocate memory");
}

static int leave_a_helper(void *context, _unused_ struct kd_error *err)
{
	struct kd_shared *s = context;
	pid_t helper = fork();

	if (helper == 0)
		for (;;)
			nap(1000);
	s->done = (uint64_t)helper;
	return 0;
}

static void helpers_end_too(struct test *t)
{
	_cleanup_(kd_shared_freep) struct kd_shared *s = NULL;
	struct kd_child c;
	char state[64] = "";

	CHECK_INT(t, kd_shared_new(&s, NULL), 0);
	c = make_child(s, leave_a_helper);
	CHECK_INT(t, kd_child_run(&c, NULL, NULL), 0);
	CHECK(t, s->done > 1);
	/* gone, or a zombie until its new parent looks */
	for (int i = 0; i < 100 && kill((pid_t)s->done, 0) == 0; i++) {
		char path[64];
		_cleanup_(kd_fclosep) FILE *f = NULL;

		(void)snprintf(path, sizeof(path), "/proc/%d/stat", (int)s->done);
		f = fopen(path, "re");
		if (!f || fscanf(f, "%*d %*s %63s", state) != 1 || state[0] == 'Z')
			break;
		nap(20);
	}
	CHECK(t, kill((pid_t)s->done, 0) != 0 || state[0] == 'Z');
}

static int scribble(void *context, _unused_ struct kd_error *err)
{
	struct kd_shared *s = context;

	memset(s->what, 'x', sizeof(s->what));
	memset(&s->outcome, 0x7f, sizeof(s->outcome));
	memset(s->device, 'y', sizeof(s->device));
	(void)raise(SIGSEGV);
	return 0;
}

static void wild_child(struct test *t)
{
	_cleanup_(kd_shared_freep) struct kd_shared *s = NULL;
	_cleanup_(kd_strbuf_done) struct kd_strbuf text = { 0 };
	struct kd_child c;

	CHECK_INT(t, kd_shared_new(&s, NULL), 0);
	c = make_child(s, scribble);
	CHECK(t, kd_child_run(&c, NULL, NULL) < 0);
	CHECK_INT(t, s->outcome.state, KD_OUTCOME_FAILED);
	CHECK(t, s->outcome.n_phases <= KD_OUTCOME_PHASES);
	CHECK_INT(t, strlen(s->device), sizeof(s->device) - 1);
	/* whatever it holds, it can be written down */
	kd_strbuf_init(&text, KD_OUTCOME_MAX_SIZE);
	CHECK_INT(t, kd_outcome_encode(&s->outcome, &text, NULL), 0);
}

static const struct test_case cases[] = {
	{ "success and failure come back", ends },
	{ "killed from outside, as by the OOM killer", killed_from_outside },
	{ "a hang is killed", hang_is_killed },
	{ "motion without progress is a hang", motion_is_no_progress },
	{ "progress resets the limit", progress_resets_the_limit },
	{ "the deadline ends even a busy child", deadline_ends_progress },
	{ "memory cap", memory_cap },
	{ "a child's helper ends with it", helpers_end_too },
	{ "a wild child cannot mislead its parent", wild_child },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}

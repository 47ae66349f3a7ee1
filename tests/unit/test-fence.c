/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * capture-kernel/fence.c: when it starts, and that a network that cannot be had is told
 * and delays nothing. Messages that arrive: tests/network, by fence_kdump itself.
 */
#include <fcntl.h>
#include <time.h>

#include "capture-kernel/deadline.h"
#include "capture-kernel/fence.h"
#include "tests/unit/fake-root.h"
#include "tests/unit/in-child.h"
#include "tests/unit/test.h"

static void due(struct test *t)
{
	static const struct {
		enum kd_step step;
		int result;
		bool want;
	} rows[] = {
		{ KD_STEP_PLAN, 0, false },	      { KD_STEP_MODULES, -ENOENT, false },
		{ KD_STEP_IDENTITY, -EIO, false },    { KD_STEP_DEVICE, 0, false },
		{ KD_STEP_TARGET, 0, false },	      { KD_STEP_DEVICE, -ENODEV, true },
		{ KD_STEP_TARGET, -ETIMEDOUT, true }, { KD_STEP_LOG, 0, true },
		{ KD_STEP_LOG, -EBADMSG, true },      { KD_STEP_DUMP, 0, true },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		CHECK_INT(t, kd_fence_is_due(rows[i].step, rows[i].result), rows[i].want);
}

/* The plan names no interface, and the last node no address. */
static void in_own_network(struct test *t)
{
	static const struct kd_plan plan = {
		.n_fences = 2,
		.fences = { { .way = { .server = "192.0.2.1", .port = 7410 },
			      .interval = 1,
			      .count = 1 },
			    { .way = { .server = "node2", .port = 7410 },
			      .interval = 1,
			      .count = 1 } },
	};
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
	const struct timespec nap = { .tv_nsec = 50 * 1000000L };
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	const struct kd_log log = { .fd = null, .name = "t", .max = KD_LOG_INFO };
	uint64_t start = kd_now_ms(), until = start + 20000;
	struct kd_fence f = { .pid = 0 };
	struct kd_outcome o = { 0 };

	CHECK_INT(t, kd_fence_start(&f, &plan, root.fd, &log, NULL), 0);
	CHECK(t, f.pid > 0);
	kd_fence_tell(&f, &o);
	CHECK(t, o.n_notes == 1 && strstr(o.notes[0], "no node was told") != NULL);
	kd_fence_tell(&f, &o);
	CHECK_INT(t, o.n_notes, 1);
	while (f.shared->outcome.n_notes < 2 && kd_now_ms() < until)
		(void)nanosleep(&nap, NULL);
	kd_fence_tell(&f, &o);
	kd_fence_tell(&f, &o);
	CHECK_INT(t, o.n_notes, 3);
	CHECK_STR(t, o.notes[1],
		  "fence_kdump: 192.0.2.1 was not told: network interface 0 of the plan "
		  "makes no sense");
	CHECK_STR(t, o.notes[2],
		  "fence_kdump: node2 was not told: \"node2\" is no address");
	start = kd_now_ms();
	kd_fence_stop(&f);
	CHECK(t, kd_now_ms() - start < 2000);
	CHECK(t, !f.shared && !f.pid);
	/* what was never started */
	kd_fence_tell(&f, &o);
	kd_fence_stop(&f);
	CHECK_INT(t, o.n_notes, 3);
	(void)kd_close(null);
}

static void no_network(struct test *t)
{
	test_in_child(t, CLONE_NEWNET, in_own_network);
}

/* What became of a fork that failed was told: no network is to blame. */
static void never_forked(struct test *t)
{
	struct kd_fence f = { .pid = 0 };
	struct kd_outcome o = { 0 };

	CHECK_INT(t, kd_shared_new(&f.shared, NULL), 0);
	kd_fence_tell(&f, &o);
	CHECK_INT(t, o.n_notes, 0);
	kd_fence_stop(&f);
	CHECK(t, !f.shared);
}

/* One node was told, the way to the next is being brought up. */
static void half_way(struct test *t)
{
	struct kd_fence f = { .pid = getpid() }; /* no child of ours */
	struct kd_outcome o = { 0 };

	CHECK_INT(t, kd_shared_new(&f.shared, NULL), 0);
	f.shared->sent = 1;
	kd_shared_progress(f.shared, "waiting for a NIC", 0, 0);
	kd_fence_tell(&f, &o);
	CHECK_INT(t, o.n_notes, 0);
	f.shared->sent = 0;
	kd_fence_tell(&f, &o);
	CHECK_INT(t, o.n_notes, 1);
	kd_fence_stop(&f);
}

static const struct test_case cases[] = {
	{ "when it starts", due },
	{ "a network that cannot be had", no_network },
	{ "a process that could not be had", never_forked },
	{ "one told, another not yet", half_way },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}

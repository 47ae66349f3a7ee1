/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * capture-kernel/final-action.c and lifeline.c: which end, by which steps, and the
 * last resort. Nothing here restarts the machine: only the deciding parts are called.
 */
#include <fcntl.h>
#include <linux/reboot.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#include "capture-kernel/deadline.h"
#include "capture-kernel/final-action.h"
#include "capture-kernel/lifeline.h"
#include "tests/unit/fake-root.h"
#include "tests/unit/test.h"

static void decisions(struct test *t)
{
	static const struct {
		bool satisfied;
		enum kd_action want;
	} table[] = {
		{ true, KD_ACTION_POWEROFF },
		{ false, KD_ACTION_HALT },
	};
	struct kd_plan plan;

	kd_plan_init(&plan);
	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		CHECK_INT(t, kd_final_decide(&plan, table[i].satisfied),
			  KD_ACTION_REBOOT);
	plan.final_action = KD_ACTION_POWEROFF;
	plan.failure_action = KD_ACTION_HALT;
	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		CHECK_INT(t, kd_final_decide(&plan, table[i].satisfied), table[i].want);
}

static void ladders(struct test *t)
{
	struct kd_final_try l[4] = { 0 };

	CHECK_INT(t, kd_final_ladder(KD_ACTION_REBOOT, false, l), 2);
	CHECK_INT(t, l[0].reboot_cmd, LINUX_REBOOT_CMD_RESTART);
	CHECK_INT(t, l[1].sysrq, 'b');

	memset(l, 0, sizeof(l));
	CHECK_INT(t, kd_final_ladder(KD_ACTION_REBOOT, true, l), 3);
	CHECK_INT(t, l[0].sysrq, 'c');
	CHECK_INT(t, l[1].reboot_cmd, LINUX_REBOOT_CMD_RESTART);
	CHECK_INT(t, l[2].sysrq, 'b');

	/* only a reboot is one by a panic */
	memset(l, 0, sizeof(l));
	CHECK_INT(t, kd_final_ladder(KD_ACTION_HALT, true, l), 1);
	CHECK_INT(t, l[0].reboot_cmd, LINUX_REBOOT_CMD_HALT);

	memset(l, 0, sizeof(l));
	CHECK_INT(t, kd_final_ladder(KD_ACTION_POWEROFF, true, l), 4);
	CHECK_INT(t, l[0].reboot_cmd, LINUX_REBOOT_CMD_POWER_OFF);
	CHECK_INT(t, l[1].sysrq, 'o');
	CHECK_INT(t, l[2].reboot_cmd, LINUX_REBOOT_CMD_RESTART);
	CHECK_INT(t, l[3].sysrq, 'b');
}

static void leave_a_mark(int root_fd)
{
	int fd = openat(root_fd, "fired", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	(void)kd_close(fd);
}

static void lifeline_fires(struct test *t)
{
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
	uint64_t start = kd_now_ms();
	struct kd_error err = { 0 };
	pid_t pid = kd_lifeline_start(root.fd, start + 300, leave_a_mark, &err);
	int status = 0;

	CHECK(t, pid > 0);
	CHECK_INT(t, waitpid(pid, &status, 0), pid);
	CHECK(t, WIFEXITED(status));
	CHECK(t, kd_now_ms() - start >= 300);
	CHECK_INT(t, faccessat(root.fd, "fired", F_OK, 0), 0);
}

static void lifeline_stops(struct test *t)
{
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
	pid_t pid = kd_lifeline_start(root.fd, kd_now_ms() + 60000, leave_a_mark, NULL);
	int status = 0;

	CHECK(t, pid > 0);
	kd_lifeline_stop(pid);
	CHECK_INT(t, waitpid(pid, &status, 0), pid);
	CHECK(t, WIFSIGNALED(status));
	CHECK(t, faccessat(root.fd, "fired", F_OK, 0) < 0);
	/* one that was never started */
	kd_lifeline_stop(0);
}

static const struct test_case cases[] = {
	{ "which action", decisions },
	{ "by which steps", ladders },
	{ "the lifeline fires", lifeline_fires },
	{ "the lifeline can be ended", lifeline_stops },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kdumpd/arm/crash-test.c on a machine that does not crash: what is loaded and written
 * before the trigger, and that the machine is armed as before when nothing came of it.
 */
#include "kdumpd/arm/crash-test.h"

#include <sys/stat.h>

#include "base/io.h"
#include "kdumpd/arm/marker.h"
#include "tests/unit/arm-machine.h"
#include "tests/unit/test.h"

#define TRIGGER "proc/sysrq-trigger"
#define SYSRQ	"proc/sys/kernel/sysrq"

static int crash(struct arm_machine *m)
{
	kd_arm_result_done(&m->result);
	kd_arm_result_init(&m->result);
	m->err = (struct kd_error) { 0 };
	return kd_crash_test(&m->request, &m->result, &m->err);
}

static void comes_back(struct test *t)
{
	_cleanup_(arm_machine_done) struct arm_machine m;
	char before[sizeof(m.kernel->cmdline)], line[16];
	struct kd_marker marker;
	struct kd_state state;
	unsigned int loads;

	arm_machine_init(&m);
	fake_text(&m.root, TRIGGER, "");
	fake_text(&m.root, SYSRQ, "0\n");
	CHECK_INT(t, arm_machine_arm(&m), 0);
	memcpy(before, m.kernel->cmdline, sizeof(before));
	loads = m.kernel->loads;

	CHECK_INT(t, crash(&m), -EIO);
	CHECK(t, strstr(m.err.message, "did not crash"));
	CHECK_INT(t, kd_read_line_at(m.root.fd, TRIGGER, line, sizeof(line), NULL), 0);
	CHECK_STR(t, line, "c");
	CHECK_INT(t, kd_read_line_at(m.root.fd, SYSRQ, line, sizeof(line), NULL), 0);
	CHECK_STR(t, line, "1");
	CHECK_INT(t, m.kernel->loads, loads + 2);
	CHECK_STR(t, m.kernel->cmdline, before);
	CHECK_INT(t, kd_state_read(m.root.fd, &state, NULL), 0);
	CHECK_INT(t, state.test, 0);
	CHECK_INT(t, kd_marker_read(m.root.fd, KD_MARKER_PATH, &marker, NULL), 0);
	CHECK_INT(t, marker.test, 0);
}

/* Armed for a test: what the outcome and the next boot know it by. */
static void named(struct test *t)
{
	_cleanup_(arm_machine_done) struct arm_machine m;
	struct kd_marker marker;
	char key[KD_DIGEST_HEX];

	arm_machine_init(&m);
	CHECK_INT(t, arm_machine_arm(&m), 0);
	memcpy(key, m.result.state.key, sizeof(key));
	m.request.test_id = "0123";
	CHECK_INT(t, arm_machine_arm(&m), 0);
	CHECK(t, !m.result.already);
	CHECK(t, strstr(m.kernel->cmdline, " kdump_test_id=0123"));
	CHECK_INT(t, m.result.state.test, 1);
	CHECK(t, strcmp(m.result.state.key, key) != 0);
	CHECK_INT(t, kd_marker_read(m.root.fd, KD_MARKER_PATH, &marker, NULL), 0);
	CHECK_INT(t, marker.test, 1);
	CHECK_STR(t, marker.key, m.result.state.key);
}

static void not_triggered(struct test *t)
{
	_cleanup_(arm_machine_done) struct arm_machine m;

	arm_machine_init(&m);
	CHECK_INT(t, arm_machine_arm(&m), 0);
	CHECK_INT(t, crash(&m), -ENOENT); /* no such file in this /proc */
	CHECK(t, m.kernel->armed);
	CHECK(t, !strstr(m.kernel->cmdline, "kdump_test_id"));
}

static void refused(struct test *t)
{
	_cleanup_(arm_machine_done) struct arm_machine m;
	struct stat st;

	arm_machine_init(&m);
	CHECK_INT(t, arm_machine_arm(&m), 0);
	fake_text(&m.root, SYSRQ, "0\n");
	m.kernel->refuse = -ENOEXEC;
	CHECK(t, crash(&m) < 0);
	CHECK(t, m.kernel->armed);
	CHECK(t, !strstr(m.kernel->cmdline, "kdump_test_id"));
	CHECK(t, fstatat(m.root.fd, TRIGGER, &st, 0) < 0);
}

int main(void)
{
	static const struct test_case cases[] = {
		{ "armed for it, triggered, and armed again", comes_back },
		{ "known by its name", named },
		{ "no trigger", not_triggered },
		{ "nothing is triggered after a refusal", refused },
	};

	return test_run(cases, ARRAY_SIZE(cases));
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kdumpd/arm killed at every step: a process arms a model machine under ptrace(2) and gets
 * SIGKILL before each system call that changes anything. The machine must be armed then,
 * and the next arming must end with a state that tells of the image the kernel has.
 */
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "base/io.h"
#include "tests/unit/arm-machine.h"
#include "tests/unit/test.h"

#define BEFORE "ext4 /dev/vda\n"
#define AFTER  "ext4 /dev/vda\nfinal_action halt\n"
#define IMAGE  KD_LIB_DIR "/image-" ARM_RELEASE ".img"

#define MOST_STEPS 1000

static const unsigned int changing[] = {
	SYS_openat,  SYS_renameat,  SYS_renameat2, SYS_unlinkat,
	SYS_mkdirat, SYS_ftruncate, SYS_pwrite64,  SYS_fchmod,
	SYS_flock,   SYS_getppid, /* the model's load */
};

/* Has the kernel stop this process at those calls and at no others. */
static void stop_at_changes(void)
{
	struct sock_filter filter[ARRAY_SIZE(changing) + 3];
	struct sock_fprog program = { ARRAY_SIZE(filter), filter };
	const uint8_t n = ARRAY_SIZE(changing);

	filter[0] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
						 offsetof(struct seccomp_data, nr));
	for (uint8_t i = 0; i < n; i++)
		filter[1 + i] = (struct sock_filter)BPF_JUMP(
			BPF_JMP | BPF_JEQ | BPF_K, changing[i], (uint8_t)(n - i), 0);
	filter[1 + n] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	filter[2 + n] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) < 0)
		_exit(3);
}

/* Runs to the entry of the next such call; false when the process has ended. */
static bool next_step(pid_t pid)
{
	struct __ptrace_syscall_info info = { 0 };
	int status;

	for (;;) {
		if (ptrace(PTRACE_CONT, pid, NULL, NULL) < 0 ||
		    waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status))
			return false;
		if (status >> 8 != (SIGTRAP | PTRACE_EVENT_SECCOMP << 8) ||
		    ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof(info), &info) <= 0)
			continue;
		if (info.seccomp.nr != SYS_openat ||
		    info.seccomp.args[2] & (O_CREAT | O_TRUNC))
			return true;
	}
}

/* Arms in a process that dies at its step @last, counted from 0. False when it came to
 * its end before. */
static bool arm_and_kill(struct test *t, struct arm_machine *m, unsigned int last)
{
	bool killed = true;
	pid_t pid = fork();
	int status = 0;

	if (pid == 0) {
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
		(void)ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		(void)raise(SIGSTOP);
		stop_at_changes();
		_exit(arm_machine_arm(m) < 0);
	}
	CHECK(t, pid > 0 && waitpid(pid, &status, 0) == pid && WIFSTOPPED(status));
	(void)ptrace(PTRACE_SETOPTIONS, pid, NULL, PTRACE_O_TRACESECCOMP);
	for (unsigned int i = 0; killed && i <= last; i++)
		killed = next_step(pid);
	if (killed) {
		(void)kill(pid, SIGKILL);
		(void)waitpid(pid, &status, 0);
	}
	arm_machine_show(m);
	return killed;
}

static void set(const struct arm_machine *m, const char *config)
{
	fake_text(&m->root, "etc/kdump.conf", config);
}

/* Arms to the end and looks whether state, kernel and disk say the same. */
static void check_whole(struct test *t, struct arm_machine *m, unsigned int step)
{
	_cleanup_(kd_closep) int fd = -EBADF;
	char sha256[KD_DIGEST_HEX] = "";
	struct kd_state state = { 0 };
	struct stat st;

	CHECK_INT(t, arm_machine_arm(m), 0);
	CHECK_STR(t, m->err.message, "");
	CHECK(t, m->kernel->armed);
	CHECK_INT(t, kd_state_read(m->root.fd, &state, NULL), 0);
	fd = openat(m->root.fd, IMAGE, O_RDONLY | O_CLOEXEC);
	CHECK(t, fd >= 0 && kd_digest_fd(fd, sha256) >= 0);
	if (strcmp(state.image_sha256, m->kernel->image) != 0)
		test_failed(t, __FILE__, __LINE__,
			    "step %u: the state tells of another image", step);
	if (!m->result.already && strcmp(sha256, m->kernel->image) != 0)
		test_failed(t, __FILE__, __LINE__, "step %u: another image is on disk",
			    step);
	CHECK(t, !kd_state_unfinished(m->root.fd));
	if (!m->result.already)
		CHECK(t, fstatat(m->root.fd, IMAGE ".new", &st, 0) < 0);
}

/**
 * @refuse: the kernel's answer to the load that is killed
 * @then:   the configuration of the arming after it
 */
static unsigned int kill_everywhere(struct test *t, int refuse, const char *then)
{
	struct arm_machine m;
	unsigned int step = 0;
	bool killed = true;

	arm_machine_init(&m);
	for (; killed && step < MOST_STEPS; step++) {
		set(&m, BEFORE);
		check_whole(t, &m, step);
		set(&m, AFTER);
		m.kernel->refuse = refuse;
		killed = arm_and_kill(t, &m, step);
		m.kernel->refuse = 0;
		if (!m.kernel->armed && !(refuse && kd_state_unfinished(m.root.fd)))
			test_failed(t, __FILE__, __LINE__, "step %u: disarmed", step);
		set(&m, then);
		check_whole(t, &m, step);
		if (t->failures > 10)
			break;
	}
	arm_machine_done(&m);
	return step;
}

static void goes_on(struct test *t)
{
	unsigned int steps = kill_everywhere(t, 0, AFTER);

	/* lock, image, state and load at least */
	CHECK(t, steps > 15);
	CHECK(t, steps < MOST_STEPS);
	printf("# %u steps\n", steps);
}

static void changes_back(struct test *t)
{
	CHECK(t, kill_everywhere(t, 0, BEFORE) > 15);
}

/* Between the refusal and the load of the last good image nothing is armed: what the
 * daemon looks for is there then. */
static void refused(struct test *t)
{
	CHECK(t, kill_everywhere(t, -ENOEXEC, BEFORE) > 15);
}

/* The first arming of a boot has nothing to fall back on; killed after its load, the next
 * one's refused load is taken back to what it had loaded. */
static void first_one(struct test *t)
{
	bool killed = true;

	for (unsigned int step = 0; killed && step < MOST_STEPS; step++) {
		struct arm_machine m;
		bool armed;

		arm_machine_init(&m);
		killed = arm_and_kill(t, &m, step);
		armed = m.kernel->armed;
		if (armed) {
			set(&m, AFTER);
			m.kernel->refuse = -ENOEXEC;
			CHECK(t, arm_machine_arm(&m) < 0);
			if (!m.kernel->armed)
				test_failed(t, __FILE__, __LINE__,
					    "step %u: disarmed: %s", step, m.err.message);
		}
		set(&m, BEFORE);
		check_whole(t, &m, step);
		arm_machine_done(&m);
	}
}

static const struct test_case cases[] = {
	{ "killed at every step, and armed again", goes_on },
	{ "killed at every step, the configuration changed back", changes_back },
	{ "killed at every step of a load that is refused", refused },
	{ "killed at every step of a boot's first arming", first_one },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A process that can only read what it holds and compute: see sandbox.h. The system calls
 * are an allow list in classic BPF (Documentation/userspace-api/seccomp_filter.rst);
 * whatever else it tries fails with EPERM, another ABI's call kills it. Called by check.c.
 */
#include "kdumpd/archive/sandbox.h"

#include <dirent.h>
#include <fcntl.h>
#include <grp.h>
#include <inttypes.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include "base/io.h"
#include "base/parse.h"
#include "kexec/arch.h"

#define NOBODY	65534
#define FDS_MAX 65536

/* What libc, the allocator and the codecs need once everything is open. */
static const unsigned int allowed[] = {
	SYS_read,
	SYS_pread64,
	SYS_readv,
	SYS_preadv,
	SYS_write,
	SYS_lseek,
	SYS_fstat,
	SYS_close,
	SYS_fcntl,
	SYS_fadvise64,
	SYS_mmap,
	SYS_munmap,
	SYS_mremap,
	SYS_mprotect,
	SYS_madvise,
	SYS_brk,
	SYS_futex,
	SYS_exit,
	SYS_exit_group,
	SYS_rt_sigaction,
	SYS_rt_sigprocmask,
	SYS_rt_sigreturn,
	SYS_sigaltstack,
	SYS_clock_gettime,
	SYS_gettid,
	SYS_getpid,
	SYS_tgkill,
	SYS_sched_yield,
	SYS_sched_getaffinity,
	SYS_getrandom,
	SYS_newfstatat,
	SYS_fstatfs,
	SYS_restart_syscall,
};

/* How seccomp names this program's ABI (AUDIT_ARCH_*); 0: not known here. */
static uint32_t audit_arch(void)
{
	switch (kd_arch_native()) {
	case KD_ARCH_X86_64:
		return AUDIT_ARCH_X86_64;
	case KD_ARCH_ARM64:
		return AUDIT_ARCH_AARCH64;
	case KD_ARCH_RISCV64:
		return AUDIT_ARCH_RISCV64;
	case KD_ARCH_S390X:
		return AUDIT_ARCH_S390X;
	default:
		return 0;
	}
}

static int filter_calls(struct kd_error *err)
{
	struct sock_filter code[ARRAY_SIZE(allowed) + 6];
	struct sock_fprog program = { .filter = code };
	uint32_t arch = audit_arch();
	unsigned short n = 0;

	if (!arch)
		return 0; /* the rest has to do */
	code[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
						 offsetof(struct seccomp_data, arch));
	code[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, arch, 1, 0);
	code[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K,
						 SECCOMP_RET_KILL_PROCESS);
	code[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
						 offsetof(struct seccomp_data, nr));
	for (size_t i = 0; i < ARRAY_SIZE(allowed); i++)
		code[n++] = (struct sock_filter)BPF_JUMP(
			BPF_JMP | BPF_JEQ | BPF_K, allowed[i],
			(uint8_t)(ARRAY_SIZE(allowed) - i), 0);
	code[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K,
						 SECCOMP_RET_ERRNO | EPERM);
	code[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	program.len = n;
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) < 0)
		return kd_fail(err, -errno, "seccomp");
	return 0;
}

static bool stays(int fd, const int *fds, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (fds[i] == fd)
			return true;
	return fd == STDERR_FILENO;
}

static int close_others(const int *fds, size_t n, struct kd_error *err)
{
	_cleanup_(kd_closedirp) DIR *dir = opendir("/proc/self/fd");
	const struct dirent *e;
	uint64_t fd;

	if (!dir)
		return kd_fail(err, -errno, "/proc/self/fd");
	while ((e = readdir(dir)))
		if (kd_parse_u64(e->d_name, &fd) >= 0 && fd < FDS_MAX &&
		    (int)fd != dirfd(dir) && !stays((int)fd, fds, n))
			(void)close((int)fd);
	return 0;
}

/* Bytes of private memory it has, proc(5): the sixth number of statm, in pages. */
static uint64_t memory_in_use(void)
{
	char line[128];
	uint64_t pages = 0;

	if (kd_read_line_at(AT_FDCWD, "/proc/self/statm", line, sizeof(line), NULL) < 0 ||
	    sscanf(line, "%*u %*u %*u %*u %*u %" SCNu64, &pages) != 1)
		return 0;
	return pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

static int set_limits(uint64_t memory, unsigned int seconds, struct kd_error *err)
{
	const struct {
		__rlimit_resource_t what;
		uint64_t limit;
	} limits[] = {
		{ RLIMIT_CORE, 0 },	 { RLIMIT_FSIZE, 1 << 20 },
		{ RLIMIT_CPU, seconds }, { RLIMIT_DATA, memory_in_use() + memory },
		{ RLIMIT_NPROC, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(limits); i++) {
		const struct rlimit limit = { limits[i].limit, limits[i].limit };

		if (setrlimit(limits[i].what, &limit) < 0)
			return kd_fail(err, -errno, "limits");
	}
	return 0;
}

static int drop_root(struct kd_error *err)
{
	if (geteuid() == 0 &&
	    (setgroups(0, NULL) < 0 || setresgid(NOBODY, NOBODY, NOBODY) < 0 ||
	     setresuid(NOBODY, NOBODY, NOBODY) < 0))
		return kd_fail(err, -errno, "becoming nobody");
	return 0;
}

int kd_sandbox_enter(const int *fds, size_t n, uint64_t memory, unsigned int seconds,
		     struct kd_error *err)
{
	int r;

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	r = close_others(fds, n, err);
	if (r >= 0)
		r = set_limits(memory, seconds, err);
	if (r >= 0)
		r = drop_root(err);
	if (r < 0)
		return r;
	/* setresuid() has cleared it */
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	(void)prctl(PR_SET_DUMPABLE, 0);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return kd_fail(err, -errno, "no_new_privs");
	return filter_calls(err);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kexec/check/explain and kexec/host/facts: the right sentence for each machine and errno, and
 * facts read from folders made like each kernel's /sys and /proc.
 */
#include "kexec/check/explain.h"
#include "tests/unit/fake-root.h"
#include "tests/unit/test.h"

static const struct kd_kexec_facts healthy = {
	.supported = true,
	.crash_size = 256ull << 20,
	.limit_panic = -1,
	.limit_reboot = -1,
	.cap_sys_boot = true,
};

static const struct kd_kexec_attempt crash_file = { KD_KEXEC_LOAD_FILES, KD_KEXEC_CRASH };

static void starts(struct test *t, const char *got, const char *want)
{
	if (!got || !strstr(got, want))
		test_failed(t, __FILE__, __LINE__, "\"%s\" does not say \"%s\"",
			    got ? got : "(null)", want);
}

static void obstacles(struct test *t)
{
	struct kd_kexec_facts f = healthy;
	int code;

	CHECK(t, !kd_kexec_obstacle(&f, &code));
	f.cap_sys_boot = false;
	starts(t, kd_kexec_obstacle(&f, &code), "CAP_SYS_BOOT");
	CHECK_INT(t, code, -EPERM);
	f.limit_panic = 0;
	starts(t, kd_kexec_obstacle(&f, &code), "kexec_load_limit_panic is used up");
	f.load_disabled = true;
	starts(t, kd_kexec_obstacle(&f, &code), "kexec_load_disabled is 1");
	CHECK_INT(t, code, -EPERM);
	f.crash_size = 0;
	starts(t, kd_kexec_obstacle(&f, &code), "add crashkernel=");
	CHECK_INT(t, code, -EADDRNOTAVAIL);
	f.supported = false;
	starts(t, kd_kexec_obstacle(&f, &code), "CONFIG_CRASH_DUMP");
	CHECK_INT(t, code, -EOPNOTSUPP);
}

static void errnos(struct test *t)
{
	static const struct {
		int error;
		const char *words;
	} table[] = {
		{ -EPERM, "a security module" },
		{ -EACCES, "IMA" },
		{ -EADDRNOTAVAIL, "does not fit" },
		{ -ENOMEM, "too small" },
		{ -ENOEXEC, "does not take the file" },
		{ -ETXTBSY, "open for writing" },
		{ -EBUSY, "another process" },
		{ -ENOKEY, "signature" },
		{ -EKEYREJECTED, "signature" },
		{ -EBADMSG, "signature" },
		{ -ELIBBAD, "signature" },
		{ -ENOPKG, "signature" },
		{ -EMSGSIZE, "signature" },
		{ -ENOSYS, "CONFIG_KEXEC_FILE" },
		{ -EINVAL, "invalid" },
	};
	struct kd_kexec_facts f = healthy;

	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		starts(t, kd_kexec_explain(&healthy, &crash_file, table[i].error),
		       table[i].words);
	CHECK(t, !kd_kexec_explain(&healthy, &crash_file, -EIO));

	f.lockdown = KD_LOCKDOWN_INTEGRITY;
	starts(t, kd_kexec_explain(&f, &crash_file, -EPERM), "locked down");
	f.load_disabled = true;
	starts(t, kd_kexec_explain(&f, &crash_file, -EPERM), "kexec_load_disabled");
	f = healthy;
	f.crash_size = 0;
	starts(t, kd_kexec_explain(&f, &crash_file, -EADDRNOTAVAIL), "crashkernel=");
}

/* The same errno means something else to another call, or for another purpose. */
static void attempts(struct test *t)
{
	static const struct {
		struct kd_kexec_attempt what;
		int error;
		const char *words;
	} table[] = {
		{ { KD_KEXEC_LOAD_SEGMENTS, KD_KEXEC_CRASH }, -ENOMEM, "own pages" },
		{ { KD_KEXEC_LOAD_SEGMENTS, KD_KEXEC_REBOOT }, -ENOMEM, "free memory" },
		{ { KD_KEXEC_LOAD_SEGMENTS, KD_KEXEC_REBOOT }, -EADDRNOTAVAIL, "place" },
		{ { KD_KEXEC_LOAD_SEGMENTS, KD_KEXEC_CRASH }, -ENOSYS, "kexec_load(2)" },
		{ { KD_KEXEC_LOAD_SEGMENTS, KD_KEXEC_CRASH }, -EINVAL, "segments" },
		{ { KD_KEXEC_LOAD_SEGMENTS, KD_KEXEC_CRASH }, -EFAULT, "went away" },
		{ { KD_KEXEC_UNLOAD, KD_KEXEC_CRASH }, -EPERM, "refused the unload" },
		{ { KD_KEXEC_UNLOAD, KD_KEXEC_CRASH }, -EBUSY, "another process" },
		{ { KD_KEXEC_EXECUTE, KD_KEXEC_REBOOT }, -EINVAL, "no image is loaded" },
		{ { KD_KEXEC_EXECUTE, KD_KEXEC_REBOOT }, -EBUSY, "is loading" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		starts(t, kd_kexec_explain(&healthy, &table[i].what, table[i].error),
		       table[i].words);
}

/* What stands in the way of one call and not of another. */
static void obstacles_to(struct test *t)
{
	static const struct kd_kexec_attempt segments = { KD_KEXEC_LOAD_SEGMENTS,
							  KD_KEXEC_REBOOT },
					     reboot_file = { KD_KEXEC_LOAD_FILES,
							     KD_KEXEC_REBOOT },
					     unload = { KD_KEXEC_UNLOAD, KD_KEXEC_CRASH },
					     execute = { KD_KEXEC_EXECUTE,
							 KD_KEXEC_REBOOT };
	struct kd_kexec_facts f = healthy;
	int code;

	f.lockdown = KD_LOCKDOWN_INTEGRITY;
	starts(t, kd_kexec_obstacle_to(&f, &segments, &code), "kexec -s");
	CHECK_INT(t, code, -EPERM);
	CHECK(t, !kd_kexec_obstacle_to(&f, &reboot_file, &code));
	CHECK(t, !kd_kexec_obstacle_to(&f, &unload, &code));
	f.limit_reboot = 0;
	starts(t, kd_kexec_obstacle_to(&f, &reboot_file, &code), "limit_reboot is used");
	CHECK(t, !kd_kexec_obstacle_to(&f, &crash_file, &code));
	f.crash_size = 0;
	CHECK(t, !kd_kexec_obstacle_to(&f, &unload, &code));
	f.load_disabled = true;
	starts(t, kd_kexec_obstacle_to(&f, &unload, &code), "kexec_load_disabled");
	CHECK(t, !kd_kexec_obstacle_to(&f, &execute, &code));
	f.cap_sys_boot = false;
	starts(t, kd_kexec_obstacle_to(&f, &execute, &code), "CAP_SYS_BOOT");
}

static void facts_6_1(struct test *t)
{
	_cleanup_(fake_root_done) struct fake_root root;
	struct kd_kexec_facts f;

	fake_root_init(&root);
	fake_text(&root, "sys/kernel/kexec_crash_loaded", "1\n");
	fake_text(&root, "sys/kernel/kexec_crash_size", "134217728\n");
	fake_text(&root, "proc/sys/kernel/kexec_load_disabled", "0\n");
	fake_text(&root, "sys/kernel/security/lockdown",
		  "none [integrity] confidentiality\n");
	fake_text(&root, "proc/self/status",
		  "Name:\tkdumpd\nCapEff:\t000001ffffbfffff\n");
	CHECK_INT(t, kd_kexec_facts_read(root.fd, &f, NULL), 0);
	CHECK(t, f.supported && f.crash_loaded && !f.load_disabled);
	CHECK_INT(t, f.crash_size, 134217728);
	CHECK_INT(t, f.limit_panic, -1);
	CHECK_INT(t, f.limit_reboot, -1);
	CHECK(t, !f.reboot_loaded);
	CHECK_INT(t, f.lockdown, KD_LOCKDOWN_INTEGRITY);
	CHECK(t, !f.cap_sys_boot);
}

static void facts_7_3(struct test *t)
{
	_cleanup_(fake_root_done) struct fake_root root;
	struct kd_kexec_facts f;

	fake_root_init(&root);
	fake_text(&root, "sys/kernel/kexec/crash_loaded", "0\n");
	fake_text(&root, "sys/kernel/kexec/crash_size", "0\n");
	fake_text(&root, "proc/sys/kernel/kexec_load_disabled", "1\n");
	fake_text(&root, "proc/sys/kernel/kexec_load_limit_panic", "2\n");
	fake_text(&root, "proc/sys/kernel/kexec_load_limit_reboot", "0\n");
	fake_text(&root, "sys/kernel/kexec/loaded", "1\n");
	fake_text(&root, "proc/self/status", "CapEff:\t000001ffffffffff\n");
	CHECK_INT(t, kd_kexec_facts_read(root.fd, &f, NULL), 0);
	CHECK(t, f.supported && !f.crash_loaded && f.load_disabled && f.cap_sys_boot);
	CHECK_INT(t, f.limit_panic, 2);
	CHECK_INT(t, f.limit_reboot, 0);
	CHECK(t, f.reboot_loaded);
	CHECK_INT(t, f.crash_size, 0);
}

static void facts_wrong(struct test *t)
{
	_cleanup_(fake_root_done) struct fake_root root;
	struct kd_kexec_facts f = { .crash_size = 5 };
	struct kd_error err = { 0 };

	fake_root_init(&root);
	CHECK_INT(t, kd_kexec_facts_read(root.fd, &f, NULL), 0);
	CHECK(t, !f.supported);

	f.crash_size = 5;
	fake_text(&root, "sys/kernel/kexec_crash_loaded", "1\n");
	fake_text(&root, "sys/kernel/kexec_crash_size", "lots\n");
	CHECK_INT(t, kd_kexec_facts_read(root.fd, &f, &err), -EINVAL);
	starts(t, err.message, "reserved memory");
	CHECK_INT(t, f.crash_size, 5);
}

static const struct test_case cases[] = {
	{ "obstacles, the kernel's order", obstacles },
	{ "each errno", errnos },
	{ "each call and purpose", attempts },
	{ "obstacles to each call", obstacles_to },
	{ "facts of a 6.1 kernel", facts_6_1 },
	{ "facts of a 7.3 kernel", facts_7_3 },
	{ "no crash kexec, and nonsense", facts_wrong },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}

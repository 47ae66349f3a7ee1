/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kdumpd/cmdline: what goes, what stays, what comes; never cut.
 */
#include "kdumpd/arm/cmdline.h"
#include "tests/unit/test.h"

static const struct edit {
	const char *running, *remove, *append, *want;
} edits[] = {
	{ "BOOT_IMAGE=/vmlinuz root=/dev/vda1 ro quiet crashkernel=256M", "", "x",
	  "BOOT_IMAGE=/vmlinuz x" },
	{ "console=ttyS0,115200n8 no_timer_check panic=1", "", "panic=10",
	  "console=ttyS0,115200n8 no_timer_check panic=10" },
	{ "a  b\tc\n", "", "", "a b c" },
	{ "crashkernel=1G,high crashkernel=64M,low crashkernel-x=1", "", "",
	  "crashkernel-x=1" },
	{ "panic-on-warn=1 panic_on_warn hung_task_panic=1 panic_on_oops=1", "", "",
	  "panic_on_oops=1" },
	{ "hugepagesz=1G hugepages=16 hugetlb_cma=4G", "", "", "" },
	{ "rd.lvm.lv=a/b rd.luks.uuid=x systemd.unit=y rdma=1", "", "", "rdma=1" },
	{ "dyndbg=\"file a.c +p; root=x\" \"root=a b\" z", "", "",
	  "dyndbg=\"file a.c +p; root=x\" z" },
	{ "foo=1 bar foobar", "foo bar", "", "foobar" },
	{ "a -- root=/x single", "", "b", "a b" },
	{ "", "", "", "" },
	{ "oops=panic nmi_watchdog=panic sysctl.kernel.panic_on_oops=1 panic_print=1 "
	  "unknown_nmi_panic hardlockup_panic=1 oops_all=1",
	  "", "", "oops_all=1" },
	{ "mem=1G memtest=1 memmap=1M$4G", "", "", "memtest=1" },
	/* kdump-utils' prepare_cmdline, spec/kdump-lib_spec.sh */
	{ "a b c", "", "", "a b c" },
	{ "a b c", "b", "", "a c" },
	{ "a b=x c", "b", "", "a c" },
	{ "a b=\"x y\" c", "b", "", "a c" },
	{ "a b=\"x y\" c", "b=x", "", "a c" },
	{ "a b=\"x y\" c", "b=\"x y\"", "", "a c" },
	{ "a b c", "", "x", "a b c x" },
	{ "a b c", "", "x=1", "a b c x=1" },
	{ "a b c", "", "x=\"1 2\"", "a b c x=\"1 2\"" },
	{ "a b c", "a", "x=\"1 2\"", "b c x=\"1 2\"" },
	{ "a b c", "x", "x=\"1 2\"", "a b c x=\"1 2\"" },
	/* Single quotes are no quotes to the kernel, next_arg() in lib/cmdline.c; there,
	 * "b='x y'" is two parameters (docs/differences.md). */
	{ "a b='x y' c", "b", "", "a y' c" },
	{ "a b='x y' c", "b=x", "", "a y' c" },
	{ "a b='x y' c", "b='x y'", "", "a c" },
	{ "a b c", "", "x='1 2'", "a b c x='1 2'" },
	{ "a b c", "a", "x='1 2'", "b c x='1 2'" },
	{ "a b c", "x", "x='1 2'", "a b c x='1 2'" },
};

static void rules(struct test *t)
{
	for (size_t i = 0; i < ARRAY_SIZE(edits); i++) {
		const struct kd_cmdline_rules r = { .running = edits[i].running,
						    .remove = edits[i].remove,
						    .append = edits[i].append,
						    .max = 2000 };
		_cleanup_(kd_freep) char *got = NULL;

		CHECK_INT(t, kd_cmdline_build(&r, &got, NULL), 0);
		CHECK_STR(t, got, edits[i].want);
	}
}

static void test_id(struct test *t)
{
	const struct kd_cmdline_rules r = {
		.running = "a kdump_test_id=old",
		.remove = "",
		.append = "b",
		.max = 24,
		.test_id = "0123",
	};
	_cleanup_(kd_freep) char *got = NULL;
	struct kd_cmdline_rules tight = r;

	CHECK_INT(t, kd_cmdline_build(&r, &got, NULL), 0);
	CHECK_STR(t, got, "a b kdump_test_id=0123");
	tight.max = 21;
	CHECK_INT(t, kd_cmdline_build(&tight, &got, NULL), -E2BIG);
}

static void ours(struct test *t)
{
	static const char *const wanted[] = {
		"nr_cpus=1",  "reset_devices", "irqpoll",	    "panic",
		"novmcoredd", "nokaslr",       "cgroup_disable",    "hest_disable",
		"cma",	      "numa",	       "cryptomgr.notests", "noreplace-smp",
	};
	struct kd_cmdline_rules r = { .running = "console=ttyS0",
				      .remove = "",
				      .max = 2016 };
	const char *last, *theirs;
	_cleanup_(kd_freep) char *got = NULL;

	CHECK_INT(t, kd_cmdline_build(&r, &got, NULL), 0);
	CHECK(t, got && strncmp(got, "console=ttyS0 irqpoll ", 22) == 0);
	for (size_t i = 0; i < ARRAY_SIZE(wanted); i++)
		CHECK(t, kd_cmdline_has(got, strcmp(wanted[i], "nr_cpus=1") == 0
						     ? "nr_cpus"
						     : wanted[i]));
	CHECK(t, !kd_cmdline_has(got, "crashkernel"));
	CHECK(t, !kd_cmdline_has("notcrashkernel=1", "crashkernel"));
	CHECK(t, kd_cmdline_has("a crashkernel=1", "crashkernel"));

	/* the kernel goes by the last one */
	r.running = "init_on_alloc=1 init_on_free=1";
	free(TAKE_PTR(got));
	CHECK_INT(t, kd_cmdline_build(&r, &got, NULL), 0);
	theirs = got ? strstr(got, "init_on_free=1") : NULL;
	CHECK(t, theirs && strstr(theirs, "init_on_alloc=0") &&
			 strstr(theirs, "init_on_free=0"));

	/* openSUSE's KDUMP_COMMANDLINE_APPEND comes behind ours */
	r.also = "net_delay=1 x";
	free(TAKE_PTR(got));
	CHECK_INT(t, kd_cmdline_build(&r, &got, NULL), 0);
	last = got ? strrchr(got, ' ') : NULL;
	CHECK(t, last && strcmp(last - 11, "net_delay=1 x") == 0);
}

static void how_many_cpus(struct test *t)
{
	static const struct {
		unsigned int present;
		uint32_t boot_apic;
		enum kd_arch arch;
		uint64_t gib, mib; /* of the machine, reserved */
		unsigned int want;
	} table[] = {
		{ 0, 0, KD_ARCH_X86_64, 64, 512, 1 },
		{ 1, 0, KD_ARCH_X86_64, 64, 512, 1 },
		/* so little is done before another CPU is there */
		{ 64, 0, KD_ARCH_X86_64, 0, 512, 1 },
		{ 64, 0, KD_ARCH_X86_64, 1, 512, 2 },
		{ 64, 0, KD_ARCH_X86_64, 3, 512, 4 },
		{ 64, 0, KD_ARCH_X86_64, 7, 512, 8 },
		{ 64, 0, KD_ARCH_X86_64, 1 << 20, 512, 8 },
		{ 6, 0, KD_ARCH_X86_64, 1 << 20, 512, 6 },
		/* room for each */
		{ 64, 0, KD_ARCH_X86_64, 1 << 20, 0, 1 },
		{ 64, 0, KD_ARCH_X86_64, 1 << 20, 192, 1 },
		{ 64, 0, KD_ARCH_X86_64, 1 << 20, 207, 1 },
		{ 64, 0, KD_ARCH_X86_64, 1 << 20, 208, 2 },
		{ 64, 0, KD_ARCH_X86_64, 1 << 20, 256, 5 },
		{ 64, 0, KD_ARCH_X86_64, 1 << 20, 1 << 20, 8 },
		/* which one would reset the machine is not known */
		{ 64, KD_APIC_UNKNOWN, KD_ARCH_X86_64, 1 << 20, 512, 1 },
		{ 64, KD_APIC_UNKNOWN, KD_ARCH_ARM64, 1 << 20, 512, 8 },
	};
	const struct kd_cpus alone = { .present = 64, .alone = true };

	CHECK_INT(t, kd_cmdline_cpus(&alone, KD_ARCH_X86_64, UINT64_MAX, UINT64_MAX), 1);
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		const struct kd_cpus c = { .present = table[i].present,
					   .boot_apic = table[i].boot_apic };

		CHECK_INT(t,
			  kd_cmdline_cpus(&c, table[i].arch, table[i].gib << 30,
					  table[i].mib << 20),
			  table[i].want);
	}
}

static void cpus(struct test *t)
{
	static const struct {
		unsigned int cpus;
		uint32_t boot_apic;
		const char *append, *want;
	} lines[] = {
		{ 0, 0, NULL, " nr_cpus=1" },
		{ 1, 0, NULL, " nr_cpus=1" },
		{ 4, 16, NULL, " nr_cpus=4 maxcpus=1 disable_cpu_apicid=16" },
		{ 4, KD_APIC_UNKNOWN, NULL, " nr_cpus=4 maxcpus=1" },
		{ 4, 16, "nr_cpus=2 x", "nr_cpus=2 x" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		const struct kd_cmdline_rules r = { .running = "nr_cpus=9 maxcpus=9",
						    .remove = "",
						    .append = lines[i].append,
						    .cpus = lines[i].cpus,
						    .boot_apic = lines[i].boot_apic,
						    .max = 2016 };
		_cleanup_(kd_freep) char *got = NULL;
		size_t n = strlen(lines[i].want);

		CHECK_INT(t, kd_cmdline_build(&r, &got, NULL), 0);
		CHECK(t, got && strlen(got) >= n);
		CHECK_STR(t, got + strlen(got) - n, lines[i].want);
		CHECK(t, !strstr(got, "cpus=9"));
	}
}

static void never_cut(struct test *t)
{
	struct kd_cmdline_rules r = {
		.running = "aaaa bbbb", .remove = "", .append = "cc", .max = 12
	};
	_cleanup_(kd_freep) char *got = NULL;
	_cleanup_(kd_freep) char *huge = calloc(1, 5001);
	struct kd_error err = { 0 };

	CHECK_INT(t, kd_cmdline_build(&r, &got, NULL), 0);
	CHECK_STR(t, got, "aaaa bbbb cc");
	free(TAKE_PTR(got));
	r.max = 11;
	CHECK_INT(t, kd_cmdline_build(&r, &got, &err), -E2BIG);
	CHECK(t, !got && strstr(err.message, "longer than the 11 bytes"));
	memset(huge, 'a', 5000);
	r.running = huge;
	r.max = 0;
	CHECK_INT(t, kd_cmdline_build(&r, &got, NULL), -E2BIG);
}

static const struct test_case cases[] = {
	{ "rules", rules },
	{ "our own additions", ours },
	{ "how many CPUs", how_many_cpus },
	{ "more than one CPU", cpus },
	{ "too long is an error, not a cut", never_cut },
	{ "a test's name", test_id },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}

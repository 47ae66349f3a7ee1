/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kdumpd/host/cpus, capture-kernel/cpus: how many a machine has, and those that a capture
 * starts, one after the other.
 */
#include "base/io.h"
#include "capture-kernel/cpus.h"
#include "kdumpd/host/cpus.h"
#include "tests/unit/fake-root.h"
#include "tests/unit/test.h"

#define CPU	      "sys/devices/system/cpu/"
#define CPU_0(apic)   "processor\t: 0\nphysical id\t: 0\n" apic "flags\t\t: fpu\n\n"
#define CPU_1	      "processor\t: 1\ninitial apicid\t: 9\n\n"
#define INITIAL(text) "apicid\t\t: 3\ninitial apicid\t: " text "\n"

static void present(struct test *t)
{
	static const struct {
		const char *present, *cpuinfo;
		unsigned int want;
		uint32_t apic;
	} table[] = {
		{ "0", CPU_0(INITIAL("0")), 1, 0 },
		{ "0-7", CPU_0(INITIAL("5")) CPU_1, 8, 5 },
		{ "0,2-5,9", CPU_0(INITIAL("4294967294")), 6, 4294967294 },
		{ "0-8191", CPU_0(INITIAL("4294967295")), 8192, KD_APIC_UNKNOWN },
		/* another CPU's is not it */
		{ "0-1", CPU_0("") CPU_1, 2, KD_APIC_UNKNOWN },
		{ "0-1", CPU_0(INITIAL("-1")) CPU_1, 2, KD_APIC_UNKNOWN },
		{ "0-1", "", 2, KD_APIC_UNKNOWN },
		{ "", CPU_0(INITIAL("x")), 1, KD_APIC_UNKNOWN },
		{ "3-1,-,a-b,0-", NULL, 1, KD_APIC_UNKNOWN },
		{ NULL, NULL, 1, KD_APIC_UNKNOWN },
	};

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
		struct kd_cpus c;

		if (table[i].present)
			fake_text(&root, CPU "present", table[i].present);
		if (table[i].cpuinfo)
			fake_text(&root, "proc/cpuinfo", table[i].cpuinfo);
		kd_cpus_read(root.fd, &c);
		CHECK_INT(t, c.present, table[i].want);
		CHECK_INT(t, c.boot_apic, table[i].apic);
	}
}

static void alone(struct test *t)
{
	static const struct {
		const char *flags, *hypervisor;
		bool want;
	} table[] = {
		{ "fpu vme", NULL, false },
		{ "fpu hypervisor", NULL, false },
		/* a host whose guests may be encrypted */
		{ "fpu sev sev_es sev_snp", NULL, false },
		{ "sev_es fpu hypervisor", NULL, true },
		{ "fpu hypervisor sev_snp", NULL, true },
		{ "fpu tdx_guest hypervisor", NULL, true },
		{ "fpu hypervisor sev_esx nosev_es", NULL, false },
		{ "fpu hypervisor", "xen\n", true },
		{ "fpu hypervisor", "kvm\n", false },
		{ NULL, NULL, false },
	};
	char text[256];

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
		struct kd_cpus c;

		if (table[i].flags) {
			(void)snprintf(text, sizeof(text),
				       "processor\t: 0\nflags\t\t: %s\nbugs\t\t:\n\n",
				       table[i].flags);
			fake_text(&root, "proc/cpuinfo", text);
		}
		if (table[i].hypervisor)
			fake_text(&root, "sys/hypervisor/type", table[i].hypervisor);
		kd_cpus_read(root.fd, &c);
		CHECK_INT(t, c.alone, table[i].want);
	}
}

static void check_online(struct test *t, const struct fake_root *root, const char *path)
{
	char line[8] = "";

	CHECK_INT(t, kd_read_line_at(root->fd, path, line, sizeof(line), NULL), 0);
	CHECK_STR(t, line, "1");
}

static void start(struct test *t)
{
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
	unsigned int started = 9;

	/* a kernel that has but one */
	CHECK_INT(t, kd_cpus_start(root.fd, &started, NULL), 0);
	CHECK_INT(t, started, 0);

	fake_text(&root, CPU "cpu1/online", "1\n");
	fake_text(&root, CPU "cpu2/online", "0\n");
	fake_text(&root, CPU "cpu3/online", "0\n");
	/* behind a gap: another machine's */
	fake_text(&root, CPU "cpu5/online", "0\n");
	CHECK_INT(t, kd_cpus_start(root.fd, &started, NULL), 0);
	CHECK_INT(t, started, 2);
	check_online(t, &root, CPU "cpu2/online");
	check_online(t, &root, CPU "cpu3/online");
}

static void wait_for_one(struct test *t)
{
	static const struct {
		const char *online, *present;
		bool want;
	} table[] = {
		{ "0\n", "0\n", false },  { "0-3\n", "0-3\n", false },
		{ "0\n", "0-1\n", true }, { "0-1\n", "0-3\n", true },
		{ NULL, "0-1\n", false }, { "0\n", NULL, false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		_cleanup_(fake_root_done) struct fake_root root = fake_root_new();

		if (table[i].online)
			fake_text(&root, CPU "online", table[i].online);
		if (table[i].present)
			fake_text(&root, CPU "present", table[i].present);
		CHECK_INT(t, kd_cpus_wait(root.fd), table[i].want);
	}
}

/* One that does not come ends it: each takes the kernel's ten seconds. */
static void one_is_dead(struct test *t)
{
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
	struct kd_error err = { 0 };
	unsigned int started;

	fake_text(&root, CPU "cpu1/online", "0\n");
	fake_link(&root, CPU "cpu2/online", "/dev/full");
	fake_text(&root, CPU "cpu3/online", "0\n");
	CHECK_INT(t, kd_cpus_start(root.fd, &started, &err), -EFBIG);
	CHECK_INT(t, started, 1);
	CHECK(t, strstr(err.message, "cpu2/online") != NULL);
	check_online(t, &root, CPU "cpu1/online");
}

static const struct test_case cases[] = {
	{ "how many a machine has", present }, { "where no other starts", alone },
	{ "whether one waits", wait_for_one }, { "those that wait are started", start },
	{ "one does not come", one_is_dead },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}

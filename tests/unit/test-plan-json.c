/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Plans as JSON against what is in golden/: a change of a plan's shape shows up as a line
 * there. With KD_GOLDEN_WRITE set the files are written in place of being compared. And
 * the same plans against all rules of the systems that could load them.
 */
#include "tests/unit/test.h"

#include "kexec/check/validate.h"
#include "tests/unit/fake-kexec-host.h"

static const struct {
	const char *name;
	const struct fake_machine *machine;
	enum kd_kexec_purpose purpose;
	bool hotplug;
} rows[] = {
	{ "bios-crash", &fake_bios, KD_KEXEC_CRASH, false },
	{ "bios-hotplug", &fake_bios, KD_KEXEC_CRASH, true },
	{ "bios-reboot", &fake_bios, KD_KEXEC_REBOOT, false },
	{ "cma-crash", &fake_cma, KD_KEXEC_CRASH, false },
	{ "efi-crash", &fake_efi, KD_KEXEC_CRASH, false },
	{ "efi-reboot", &fake_efi, KD_KEXEC_REBOOT, false },
	{ "high-crash", &fake_high, KD_KEXEC_CRASH, false },
};

/* Purgatory is as large as a compiler makes it: its end is what a plan decides. */
static void normalise(struct kd_kexec_plan *plan)
{
	for (size_t i = 0; i < plan->n; i++) {
		struct kd_kexec_segment *s = &plan->segments[i];

		if (s->role != KD_SEGMENT_PURGATORY)
			continue;
		if (plan->purpose == KD_KEXEC_CRASH)
			s->mem += s->memsz;
		plan->entry = s->mem;
		s->memsz = s->bufsz = 0;
	}
}

static void print(struct test *t, size_t row, struct kd_strbuf *out)
{
	struct kd_kexec_options options = fake_kexec_options(rows[row].purpose);
	struct kd_kernel kernel = fake_kexec_kernel();
	struct kd_kexec_plan plan = { 0 };
	struct kd_kexec_host host;
	struct kd_json j;

	options.hotplug = rows[row].hotplug;
	fake_kexec_host(rows[row].machine, &host);
	CHECK_INT(t, kd_kexec_plan_build(&host, &kernel, &options, &plan, NULL), 0);
	normalise(&plan);
	kd_json_init(&j, out);
	kd_kexec_plan_json(&plan, &j, NULL);
	kd_kexec_plan_done(&plan);
	fake_kexec_host_done(&host);
}

static void check_golden(struct test *t, size_t row)
{
	_cleanup_(kd_strbuf_done) struct kd_strbuf got;
	_cleanup_(kd_fclosep) FILE *f = NULL;
	char path[512], want[8192] = "";
	bool write = getenv("KD_GOLDEN_WRITE");

	kd_strbuf_init(&got, sizeof(want) - 1);
	print(t, row, &got);
	CHECK_INT(t, got.status, 0);
	(void)snprintf(path, sizeof(path), "%s/tests/unit/golden/plan-%s.json",
		       KD_SOURCE_DIR, rows[row].name);
	f = fopen(path, write ? "we" : "re");
	if (!f) {
		test_failed(t, __FILE__, __LINE__, "%s: %m", path);
		return;
	}
	if (write)
		(void)fputs(kd_strbuf_text(&got), f);
	else
		want[fread(want, 1, sizeof(want) - 1, f)] = '\0';
	if (!write)
		CHECK_STR(t, kd_strbuf_text(&got), want);
}

static void test_golden(struct test *t)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		check_golden(t, i);
}

static void check_rules(struct test *t, size_t row, enum kd_kexec_system system)
{
	struct kd_kexec_options options = fake_kexec_options(rows[row].purpose);
	bool crash = rows[row].purpose == KD_KEXEC_CRASH;
	struct kd_kernel kernel = fake_kexec_kernel();
	struct kd_violations found = { 0 };
	struct kd_kexec_plan plan = { 0 };
	struct kd_kexec_host host;
	struct kd_kexec_call call;

	options.hotplug = rows[row].hotplug;
	fake_kexec_host(rows[row].machine, &host);
	CHECK_INT(t, kd_kexec_plan_build(&host, &kernel, &options, &plan, NULL), 0);
	call = (struct kd_kexec_call) { .system = system,
					.entry = plan.entry,
					.segments = plan.segments,
					.n = plan.n };
	if (system == KD_KEXEC_LINUX)
		call.flags = kd_kexec_arch_flags(plan.arch) | (crash ? 1 : 0) |
			     (plan.hotplug ? 8 : 0);
	if (kd_kexec_validate(&call, &host, NULL, &found))
		test_failed(t, __FILE__, __LINE__, "%s: %s: %s", rows[row].name,
			    found.items[0].rule, found.items[0].text);
	kd_kexec_plan_done(&plan);
	fake_kexec_host_done(&host);
}

/* FreeBSD has no crash loads. */
static void test_rules(struct test *t)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		check_rules(t, i, KD_KEXEC_LINUX);
		if (rows[i].purpose == KD_KEXEC_REBOOT)
			check_rules(t, i, KD_KEXEC_FREEBSD);
	}
}

static const struct test_case cases[] = {
	{ "plans as they were", test_golden },
	{ "plans that no rule forbids", test_rules },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}

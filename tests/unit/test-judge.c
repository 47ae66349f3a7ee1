/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kdumpd/report/judge: one machine on which all is well, and everything that can be
 * otherwise, one at a time.
 */
#include "kdumpd/report/judge.h"

#include "kdumpd/arm/plan-build.h"
#include "tests/unit/test.h"

static struct kd_status_facts facts;
static struct kd_status status;

static void all_well(struct kd_status_facts *f)
{
	*f = (struct kd_status_facts) {
		.kexec = { .supported = true,
			   .crash_loaded = true,
			   .crash_size = 96 << 20,
			   .limit_panic = -1,
			   .limit_reboot = -1 },
		.has_state = true,
		.state = { .boot_id = "b",
			   .key = "k",
			   .config = "c",
			   .release = "6.1",
			   .target = "ext4 UUID=x /",
			   .loaded_by = "kexec_load",
			   .cpus = "two",
			   .reserved = 96 << 20,
			   .estimate = 80 << 20,
			   .armed_at = 100 },
		.boot_id = "b",
		.release = "6.1",
		.config_digest = "c",
		.hardware = { .cpus = "two" },
		.n_targets = 1,
		.targets = { { .what = "UUID=x",
			       .local = true,
			       .mounted = true,
			       .free_bytes = 10ull << 30 } },
		.watchdog = KD_KNOWN_YES,
		.hard_lockups = KD_KNOWN_YES,
		.lockups_panic = KD_KNOWN_YES,
		.oops_panics = KD_KNOWN_YES,
		.has_proofs = true,
		.has_boot = true,
		.boot = { .verdict = "clean" },
	};
	f->proofs.kinds[KD_PROOF_CRASH] =
		(struct kd_proof) { .at = 90, .passed = 1, .key = "k" };
}

static void unreadable(struct kd_status_facts *f)
{
	(void)snprintf(f->kexec_error, sizeof(f->kexec_error), "/sys: not there");
}

static void unsupported(struct kd_status_facts *f)
{
	f->kexec = (struct kd_kexec_facts) { .limit_panic = -1 };
}

static void unreserved(struct kd_status_facts *f)
{
	f->kexec.crash_size = 0;
	f->kexec.crash_loaded = false;
}

static void unloaded(struct kd_status_facts *f)
{
	f->kexec.crash_loaded = false;
}

static void disabled(struct kd_status_facts *f)
{
	f->kexec.load_disabled = true;
}

static void disabled_unloaded(struct kd_status_facts *f)
{
	unloaded(f);
	disabled(f);
}

static void used_up(struct kd_status_facts *f)
{
	f->kexec.limit_panic = 0;
}

static void foreign(struct kd_status_facts *f)
{
	f->has_state = false;
}

static void other_kernel(struct kd_status_facts *f)
{
	(void)snprintf(f->state.release, sizeof(f->state.release), "6.0");
}

static void new_config(struct kd_status_facts *f)
{
	(void)snprintf(f->config_digest, sizeof(f->config_digest), "d");
}

static void less_reserved(struct kd_status_facts *f)
{
	f->kexec.crash_size = 88 << 20;
}

static void another_cpu(struct kd_status_facts *f)
{
	(void)snprintf(f->hardware.cpus, sizeof(f->hardware.cpus), "three");
}

static void broken_config(struct kd_status_facts *f)
{
	f->config_digest[0] = '\0';
	f->n_targets = 0;
	(void)snprintf(f->config_error, sizeof(f->config_error), "line 1: what?");
}

static void broken_config_unloaded(struct kd_status_facts *f)
{
	unloaded(f);
	broken_config(f);
}

static void arm_failed(struct kd_status_facts *f)
{
	(void)snprintf(f->state.error, sizeof(f->state.error), "no room");
}

static void unfinished(struct kd_status_facts *f)
{
	f->unfinished = true;
}

static void no_target(struct kd_status_facts *f)
{
	(void)snprintf(f->targets[0].missing, sizeof(f->targets[0].missing),
		       "no such device");
}

static void second_target(struct kd_status_facts *f)
{
	f->n_targets = 2;
	f->targets[1] = f->targets[0];
	no_target(f);
}

static void full(struct kd_status_facts *f)
{
	f->targets[0].free_bytes = KD_PLAN_FREE_MIN - 1;
}

static void unmounted(struct kd_status_facts *f)
{
	f->targets[0].mounted = false;
	f->targets[0].free_bytes = 0;
}

static void far_away(struct kd_status_facts *f)
{
	f->targets[0] = (struct kd_status_target) { .what = "u@host" };
}

static void small(struct kd_status_facts *f)
{
	f->state.estimate = 120 << 20;
}

static void undriven(struct kd_status_facts *f)
{
	f->watchdog = KD_KNOWN_NO;
	f->watchdog_driver = (struct kd_module_driver) { .name = "i6300esb" };
}

static void blacklisted(struct kd_status_facts *f)
{
	undriven(f);
	f->watchdog_driver.blacklisted = true;
}

static void no_watchdog(struct kd_status_facts *f)
{
	f->watchdog = KD_KNOWN_NO;
}

static void no_detector(struct kd_status_facts *f)
{
	f->hard_lockups = f->lockups_panic = KD_KNOWN_NO;
}

static void lockup_goes_on(struct kd_status_facts *f)
{
	f->lockups_panic = KD_KNOWN_NO;
}

static void oops_goes_on(struct kd_status_facts *f)
{
	f->oops_panics = KD_KNOWN_NO;
}

static void nothing_known(struct kd_status_facts *f)
{
	f->watchdog = f->hard_lockups = f->lockups_panic = f->oops_panics = KD_NOT_KNOWN;
	f->has_proofs = f->has_boot = false;
}

static void never(struct kd_status_facts *f)
{
	f->proofs.kinds[KD_PROOF_CRASH].at = 0;
}

static void test_failed_later(struct kd_status_facts *f)
{
	f->proofs.kinds[KD_PROOF_TEST] = (struct kd_proof) { .at = 95, .detail = "why" };
}

static void outdated(struct kd_status_facts *f)
{
	(void)snprintf(f->state.key, sizeof(f->state.key), "k2");
}

static void lost(struct kd_status_facts *f)
{
	f->boot = (struct kd_boot_report) { .verdict = "lost", .why = "only a log" };
}

#define NOTHING KD_SAY_COUNT

static const struct {
	const char *name;
	void (*change)(struct kd_status_facts *f);
	enum kd_say reason, remark;
	const char *words;
} table[] = {
	{ "unreadable", unreadable, KD_SAY_UNREADABLE, NOTHING, "/sys: not there" },
	{ "unsupported", unsupported, KD_SAY_NO_SUPPORT, NOTHING, "CONFIG_CRASH_DUMP" },
	{ "unreserved", unreserved, KD_SAY_NO_RESERVATION, NOTHING, "" },
	{ "unloaded", unloaded, KD_SAY_NOT_LOADED, NOTHING, "" },
	{ "disabled", disabled, NOTHING, KD_SAY_LOADS_DISABLED, "kexec_load_disabled" },
	{ "disabled, unloaded", disabled_unloaded, KD_SAY_LOADS_DISABLED, NOTHING, "" },
	{ "used up", used_up, NOTHING, KD_SAY_LOADS_USED_UP, "" },
	{ "foreign", foreign, KD_SAY_FOREIGN_IMAGE, NOTHING, "" },
	{ "other kernel", other_kernel, KD_SAY_OTHER_KERNEL, NOTHING, "" },
	{ "new config", new_config, KD_SAY_CONFIG_CHANGED, NOTHING, "" },
	{ "less reserved", less_reserved, KD_SAY_RESERVATION_CHANGED, NOTHING, "" },
	{ "another CPU", another_cpu, KD_SAY_HARDWARE_CHANGED, NOTHING, "stale" },
	{ "broken config", broken_config, NOTHING, KD_SAY_CONFIG_BROKEN,
	  "line 1: what?" },
	{ "broken config, unloaded", broken_config_unloaded, KD_SAY_CONFIG_BROKEN,
	  NOTHING, "" },
	{ "arm failed", arm_failed, NOTHING, KD_SAY_ARM_FAILED, "no room" },
	{ "unfinished", unfinished, NOTHING, KD_SAY_ARM_UNFINISHED, "" },
	{ "no target", no_target, KD_SAY_TARGET_MISSING, NOTHING, "no such device" },
	{ "second target", second_target, NOTHING, KD_SAY_TARGET_MISSING, "" },
	{ "full", full, KD_SAY_TARGET_FULL, NOTHING, "UUID=x is full: 16M free" },
	{ "unmounted", unmounted, NOTHING, KD_SAY_TARGET_NOT_MOUNTED, "UUID=x" },
	{ "far away", far_away, NOTHING, NOTHING, "" },
	{ "small", small, NOTHING, KD_SAY_SMALL_RESERVATION, "96M are reserved" },
	{ "no watchdog", no_watchdog, NOTHING, KD_SAY_NO_WATCHDOG,
	  "has no watchdog: a capture" },
	{ "its driver is not loaded", undriven, NOTHING, KD_SAY_NO_WATCHDOG,
	  "(`modprobe i6300esb` loads it)" },
	{ "its driver is blacklisted", blacklisted, NOTHING, KD_SAY_NO_WATCHDOG,
	  "(modprobe.d has i6300esb in its blacklist)" },
	{ "no detector", no_detector, NOTHING, KD_SAY_LOCKUPS_UNSEEN, "" },
	{ "lockup goes on", lockup_goes_on, NOTHING, KD_SAY_LOCKUPS_HARMLESS, "" },
	{ "oops goes on", oops_goes_on, NOTHING, KD_SAY_OOPS_HARMLESS, "" },
	{ "nothing known", nothing_known, NOTHING, NOTHING, "" },
	{ "never", never, NOTHING, KD_SAY_NEVER_PROVEN, "" },
	{ "test failed", test_failed_later, NOTHING, KD_SAY_PROOF_FAILED,
	  "the last test failed: why" },
	{ "outdated", outdated, NOTHING, KD_SAY_PROOF_OUTDATED, "last crash" },
	{ "lost", lost, NOTHING, KD_SAY_LOST_CRASH, "only a log" },
};

static const struct kd_finding *find(const struct kd_findings *list, enum kd_say id)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->items[i].id == id)
			return &list->items[i];
	return NULL;
}

static void well(struct test *t)
{
	all_well(&facts);
	kd_status_judge(&facts, &status);
	CHECK(t, status.operational && status.armed);
	CHECK_INT(t, status.reasons.n, 0);
	CHECK_INT(t, status.remarks.n, 0);
	CHECK_INT(t, status.last_proof, KD_PROOF_CRASH);
}

/* The last crash is also the last proof, a failed one. */
static void told_once(struct test *t)
{
	all_well(&facts);
	lost(&facts);
	facts.proofs.kinds[KD_PROOF_CRASH] = (struct kd_proof) { .at = 95,
								 .detail = "only a log" };
	kd_status_judge(&facts, &status);
	CHECK_INT(t, status.remarks.n, 1);
	CHECK(t, find(&status.remarks, KD_SAY_LOST_CRASH) != NULL);
}

static void one_by_one(struct test *t)
{
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		unsigned int before = t->failures;
		const struct kd_finding *f = NULL;

		all_well(&facts);
		table[i].change(&facts);
		kd_status_judge(&facts, &status);
		CHECK_INT(t, status.operational, table[i].reason == NOTHING);
		CHECK_INT(t, status.reasons.n == 0, table[i].reason == NOTHING);
		if (table[i].reason != NOTHING)
			f = find(&status.reasons, table[i].reason);
		if (table[i].remark != NOTHING)
			f = find(&status.remarks, table[i].remark);
		else if (table[i].reason == NOTHING)
			CHECK_INT(t, status.remarks.n, 0);
		CHECK(t, f || (table[i].reason == NOTHING && table[i].remark == NOTHING));
		CHECK(t, !f || strstr(f->text, table[i].words));
		if (t->failures != before)
			printf("# %s\n", table[i].name);
	}
}

static void verified(struct test *t)
{
	static const struct {
		const char *loaded_by, *ima;
		enum kd_lockdown lockdown;
		bool forced;
		enum kd_say want;
	} rows[] = {
		{ "kexec_load", "", KD_LOCKDOWN_NONE, false, KD_SAY_VERIFIES_NOTHING },
		{ "kexec_file_load", "", KD_LOCKDOWN_NONE, false,
		  KD_SAY_VERIFIES_NOTHING },
		{ "kexec_file_load", "", KD_LOCKDOWN_INTEGRITY, false,
		  KD_SAY_VERIFIES_KERNEL },
		{ "kexec_file_load", "", KD_LOCKDOWN_NONE, true, KD_SAY_VERIFIES_KERNEL },
		{ "kexec_file_load", "kernel", KD_LOCKDOWN_NONE, false,
		  KD_SAY_VERIFIES_MORE },
		{ "kexec_load", "kernel", KD_LOCKDOWN_NONE, true,
		  KD_SAY_VERIFIES_NOTHING },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		all_well(&facts);
		(void)snprintf(facts.state.loaded_by, sizeof(facts.state.loaded_by), "%s",
			       rows[i].loaded_by);
		(void)snprintf(facts.ima_policy, sizeof(facts.ima_policy), "%s",
			       rows[i].ima);
		facts.kexec.lockdown = rows[i].lockdown;
		facts.forced_signature = rows[i].forced;
		kd_status_judge(&facts, &status);
		CHECK_INT(t, status.verified.id, rows[i].want);
	}
}

static void bytes(struct test *t)
{
	static const struct {
		uint64_t bytes;
		const char *want;
	} rows[] = {
		{ 0, "0B" },	       { 1023, "1023B" },      { 1024, "1.0K" },
		{ 96 << 20, "96M" },   { 1536 << 10, "1.5M" }, { 10 << 20, "10M" },
		{ UINT64_MAX, "16E" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char text[16];

		kd_bytes_format(rows[i].bytes, text, sizeof(text));
		CHECK_STR(t, text, rows[i].want);
	}
}

static const struct test_case cases[] = {
	{ "all is well", well },
	{ "one thing at a time", one_by_one },
	{ "a lost crash is told once", told_once },
	{ "what was verified", verified },
	{ "bytes", bytes },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}

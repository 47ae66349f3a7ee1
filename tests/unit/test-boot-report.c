/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kdumpd/report/boot-report: the verdict on the last boot from every kind of evidence.
 */
#include "kdumpd/report/boot-report.h"

#include "base/io.h"
#include "tests/unit/fake-root.h"
#include "tests/unit/test.h"

static const struct kd_marker armed = { .boot_id = "b1",
					.armed = 1,
					.release = "6.1",
					.target = "ext4 UUID=x /",
					.begun_at = 100,
					.armed_at = 100 };
static const struct kd_marker ended = {
	.boot_id = "b1", .armed = 1, .begun_at = 100, .ended_at = 900
};
static const struct kd_marker unarmed = { .boot_id = "b1", .begun_at = 100 };
static const struct kd_marker failed = { .boot_id = "b1",
					 .begun_at = 100,
					 .error = "no target" };
static const struct kd_dump whole = { .name = "h-1",
				      .state = KD_OUTCOME_COMPLETE,
				      .time = 500,
				      .bytes = 7,
				      .release = "6.1",
				      .capture_ms = 9000,
				      .ours = true };
static const struct kd_dump part = { .name = "h-2",
				     .state = KD_OUTCOME_INCOMPLETE,
				     .trouble = "dump: No space left on device" };
static const struct kd_dump log_only = { .name = "h-3", .state = KD_OUTCOME_DMESG_ONLY };
static const struct kd_dump nothing = { .name = "h-4",
					.state = KD_OUTCOME_FAILED,
					.trouble = "dump: Input/output error" };

static const struct kd_dump mini = { .name = "h-5", .state = KD_OUTCOME_MINI };
static const struct kd_dump cut_off = { .name = "h-6",
					.state = KD_OUTCOME_STARTED,
					.trouble = "the capture was cut off" };

static const struct {
	struct kd_boot_evidence evidence;
	enum kd_boot_verdict want;
	int code; /* KD_SAY_…, of a lost crash */
	const char *why;
	bool provisional;
} table[] = {
	{ { NULL, NULL, NULL, NULL, 0 }, KD_BOOT_UNKNOWN, -1, "", false },
	{ { NULL, NULL, NULL, "away", 0 }, KD_BOOT_UNKNOWN, -1, "", true },
	{ { &ended, NULL, NULL, NULL, 0 }, KD_BOOT_CLEAN, -1, "", false },
	{ { &ended, NULL, NULL, "away", 0 }, KD_BOOT_CLEAN, -1, "", false },
	{ { &armed, NULL, NULL, NULL, 0 }, KD_BOOT_UNCLEAN, -1, "", false },
	{ { &armed, NULL, NULL, "away", 0 }, KD_BOOT_UNCLEAN, -1, "", true },
	{ { &unarmed, NULL, NULL, "away", 0 }, KD_BOOT_UNCLEAN, -1, "", false },
	/* a dump outweighs everything */
	{ { &armed, &whole, "/c", NULL, 0 }, KD_BOOT_DUMPED, -1, "", false },
	{ { &armed, &whole, "/c", "away", 400 }, KD_BOOT_DUMPED, -1, "", false },
	{ { &ended, &whole, "/c", NULL, 0 }, KD_BOOT_DUMPED, -1, "", false },
	{ { NULL, &whole, "/c", NULL, 0 }, KD_BOOT_DUMPED, -1, "", false },
	{ { &armed, &part, "/c", NULL, 0 },
	  KD_BOOT_LOST,
	  KD_SAY_WHY_INCOMPLETE,
	  "/c/h-2 is not whole: dump: No space left on device",
	  false },
	{ { &armed, &log_only, "/c", NULL, 0 },
	  KD_BOOT_LOST,
	  KD_SAY_WHY_LOG_ONLY,
	  "only the kernel's log was saved, in /c/h-3",
	  false },
	{ { &armed, &nothing, "/c", NULL, 0 },
	  KD_BOOT_LOST,
	  KD_SAY_WHY_FAILED,
	  "the capture saved nothing: dump: Input/output error",
	  false },
	{ { &armed, &mini, "/c", NULL, 0 },
	  KD_BOOT_LOST,
	  KD_SAY_WHY_MINI,
	  "only tasks, stacks and the kernel's own data were saved, in /c/h-5",
	  false },
	{ { &armed, &cut_off, "/c", NULL, 0 },
	  KD_BOOT_LOST,
	  KD_SAY_WHY_CUT_OFF,
	  "the capture was cut off by a reset or a loss of power, and left nothing in "
	  "/c/h-6",
	  false },
	/* a panic was logged, and nothing is there */
	{ { &armed, NULL, NULL, NULL, 500 },
	  KD_BOOT_LOST,
	  KD_SAY_WHY_NOTHING_LEFT,
	  "the capture kernel was loaded, but nothing came of it on ext4 UUID=x /; the end of "
	  "the log is in pstore",
	  false },
	{ { &armed, NULL, NULL, "away", 500 },
	  KD_BOOT_LOST,
	  KD_SAY_WHY_UNSEEN,
	  "whether there is a dump cannot be seen from here: away",
	  true },
	{ { &unarmed, NULL, NULL, "away", 500 },
	  KD_BOOT_LOST,
	  KD_SAY_WHY_UNARMED,
	  "no capture kernel was loaded",
	  false },
	{ { &failed, NULL, NULL, NULL, 500 },
	  KD_BOOT_LOST,
	  KD_SAY_WHY_ARM_FAILED,
	  "no capture kernel was loaded: no target",
	  false },
	{ { &ended, NULL, NULL, NULL, 950 },
	  KD_BOOT_LOST,
	  KD_SAY_WHY_NOTHING_LEFT,
	  "the capture kernel was loaded, but nothing came of it on ; the end of the log is in "
	  "pstore",
	  false },
};

static void verdicts(struct test *t)
{
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		unsigned int before = t->failures;
		struct kd_boot_report r;

		kd_boot_judge(&table[i].evidence, &r);
		CHECK_INT(t, kd_boot_verdict_of(&r), table[i].want);
		CHECK_STR(t, r.why, table[i].why);
		CHECK_STR(t, r.code,
			  table[i].code < 0
				  ? ""
				  : kd_sentence((enum kd_say)table[i].code)->code);
		CHECK_INT(t, r.provisional, table[i].provisional);
		CHECK_STR(t, r.last_boot_id, table[i].evidence.marker ? "b1" : "");
		if (t->failures != before)
			printf("# row %zu\n", i);
	}
}

static void of_a_dump(struct test *t)
{
	const struct kd_boot_evidence e = { &armed, &whole, "/var/crash", NULL, 0 };
	struct kd_boot_report r;

	kd_boot_judge(&e, &r);
	CHECK_STR(t, r.dump, "/var/crash/h-1");
	CHECK_STR(t, r.state, "complete");
	CHECK_INT(t, r.crash_time, 500);
	CHECK_INT(t, r.dump_bytes, 7);
	CHECK_INT(t, r.capture_ms, 9000);
	CHECK_INT(t, r.test, 0);
}

/* What was armed for a test and left no dump was a test all the same. */
static void of_a_test(struct test *t)
{
	struct kd_marker marker = { .boot_id = "b", .armed = 1, .test = 1 };
	struct kd_dump dump = { .state = KD_OUTCOME_COMPLETE };
	struct kd_boot_evidence e = { .marker = &marker };
	struct kd_boot_report r;

	kd_boot_judge(&e, &r);
	CHECK_INT(t, r.test, 1);
	e.panic_at = 7;
	kd_boot_judge(&e, &r);
	CHECK_INT(t, r.test, 1);
	e.folder = "/var/crash";
	e.dump = &dump;
	kd_boot_judge(&e, &r);
	CHECK_INT(t, r.test, 0);
}

static void events(struct test *t)
{
	static const struct {
		struct kd_boot_report report;
		enum kd_say want;
		const char *text;
	} rows[] = {
		{ { .verdict = "clean" },
		  KD_SAY_BOOT_CLEAN,
		  "The last boot ended in a shutdown" },
		{ { .verdict = "unknown" }, KD_SAY_BOOT_UNKNOWN, NULL },
		{ { .verdict = "nonsense" }, KD_SAY_BOOT_UNKNOWN, NULL },
		{ { .verdict = "unclean" }, KD_SAY_BOOT_UNCLEAN, NULL },
		{ { .verdict = "dumped", .dump = "/c/d" },
		  KD_SAY_CRASH_DUMPED,
		  "The last boot ended in a crash, and it was dumped: /c/d" },
		{ { .verdict = "lost", .why = "because" },
		  KD_SAY_CRASH_LOST,
		  "The last boot ended in a crash, and there is no whole dump: "
		  "because" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char text[KD_ERROR_SIZE];

		CHECK_INT(t, kd_boot_event(&rows[i].report, text, sizeof(text)),
			  rows[i].want);
		if (rows[i].text)
			CHECK_STR(t, text, rows[i].text);
	}
}

static void kept(struct test *t)
{
	const struct kd_boot_report r = { .boot_id = "b2",
					  .verdict = "lost",
					  .code = "log-only",
					  .why = "only a log",
					  .crash_time = 9 };
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
	struct kd_boot_report got;

	fake_text(&root, "proc/sys/kernel/random/boot_id", "b2\n");
	CHECK_INT(t, kd_boot_report_read(root.fd, &got, NULL), -ENOENT);
	CHECK_INT(t, kd_boot_report_write(root.fd, &r, NULL), 0);
	CHECK_INT(t, kd_boot_report_read(root.fd, &got, NULL), 0);
	CHECK_STR(t, got.why, "only a log");
	CHECK_INT(t, got.crash_time, 9);
	/* /run is gone after a soft reboot of services, /var is not */
	CHECK_INT(t, unlinkat(root.fd, KD_BOOT_REPORT_PATH, 0), 0);
	CHECK_INT(t, kd_boot_report_read(root.fd, &got, NULL), 0);
	CHECK_STR(t, got.code, "log-only");
	/* another boot's report is none */
	fake_text(&root, "proc/sys/kernel/random/boot_id", "b3\n");
	CHECK_INT(t, kd_boot_report_read(root.fd, &got, NULL), -ENOENT);
}

static const struct test_case cases[] = {
	{ "verdicts", verdicts },
	{ "what is told of a dump", of_a_dump },
	{ "a test without a dump", of_a_test },
	{ "events", events },
	{ "kept for this boot", kept },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}

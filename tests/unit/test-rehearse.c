/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kdumpd/rehearse: a console made into a story, the verdict on it, QEMU's words, and a
 * program in QEMU's place. A real rehearsal is tests/vm/rehearse's.
 */
#include "kdumpd/rehearse/machine.h"
#include "kdumpd/rehearse/rehearse.h"
#include "kdumpd/rehearse/stage.h"
#include "tests/unit/test.h"

static const char console[] =
	"[    0.000000] Linux version 6.1\r\n"
	"[    1.2] kdumpd: phase mounts: done in 11 ms\r\n"
	"kdumpd: phase sysctl: done in 3 ms\n"
	"kdumpd: phase plan: done in 2 ms\n"
	"kdumpd: Error: phase vmcore: no /proc/vmcore: this kernel was not started by a crash\n"
	"kdumpd: phase modules: 55 % (virtio_blk.ko, 5 of 9)\n"
	"kdumpd: phase modules: done in 402 ms\n"
	"kdumpd: phase watchdog: there is none\n"
	"kdumpd: phase watchdog: done in 2 ms\n"
	"kdumpd: phase device: done in 18 ms\n"
	"kdumpd: phase target: started\n"
	"kdumpd: phase target: done in 216 ms\n"
	"kdumpd: phase dump: started, 9131 of 36524 KiB for buffers\n"
	"kdumpd: Error: phase dump: /proc/vmcore: No such file or directory\n"
	"kdumpd: phase outcome: done in 15 ms\n"
	"kdumpd: phase release: done in 16 ms\n"
	"kdumpd: phase final: failed: reboot\n";

static void feed(struct kd_story *s, const char *text, size_t step)
{
	size_t size = strlen(text);

	memset(s, 0, sizeof(*s));
	for (size_t i = 0; i < size; i += step)
		kd_story_feed(s, text + i, MIN(step, size - i), 1000 + i);
}

static void test_story(struct test *t)
{
	static const size_t steps[] = { 1, 7, 4096 };

	for (size_t i = 0; i < ARRAY_SIZE(steps); i++) {
		struct kd_story s;

		feed(&s, console, steps[i]);
		CHECK_INT(t, s.n_phases, 11);
		CHECK(t, kd_story_done(&s, "mounts"));
		CHECK(t, kd_story_done(&s, "modules"));
		CHECK(t, kd_story_done(&s, "watchdog"));
		CHECK(t, !kd_story_done(&s, "vmcore"));
		CHECK(t, !kd_story_done(&s, "dump"));
		CHECK(t, !kd_story_done(&s, "log"));
		CHECK_STR(t, kd_story_phase(&s, "dump")->text,
			  "/proc/vmcore: No such file or directory");
		CHECK_STR(t, s.final, "failed: reboot");
		CHECK_INT(t, s.available, 36524 * 1024);
		CHECK_STR(t, s.panic, "");
		CHECK(t, s.first_ms >= 1000 && s.last_ms >= s.first_ms);
	}
}

static void test_hostile(struct test *t)
{
	struct kd_story s;
	char line[64];

	memset(&s, 0, sizeof(s));
	for (int i = 0; i < 100; i++) {
		(void)snprintf(line, sizeof(line), "kdumpd: phase p%d: x\x1b[2J\n", i);
		kd_story_feed(&s, line, strlen(line), 1);
	}
	CHECK_INT(t, s.n_phases, KD_STORY_PHASES);
	CHECK_STR(t, s.phases[0].text, "x?[2J");
	feed(&s, "kdumpd: phase a-name-that-is-far-too-long: done in 1 ms\n", 4096);
	CHECK_INT(t, s.n_phases, 0);
	feed(&s,
	     "kdumpd: phase dump: started, 1 of 99999999999999999999 KiB for buffers\n",
	     4096);
	CHECK_INT(t, s.available, 0);
}

static void test_judge(struct test *t)
{
	static const struct {
		const char *cut, *why;
	} rows[] = {
		{ NULL, "" },
		{ "kdumpd: phase device: done", "phase device: did not come to its end" },
		{ "kdumpd: phase target: done", "phase target: did not come to its end" },
		{ "kdumpd: phase final", "it did not come to its end" },
	};
	static struct kd_rehearsal r;
	char text[sizeof(console)], why[KD_ERROR_SIZE];

	r = (struct kd_rehearsal) { .needed = 4 << 20, .driver = "virtio_blk" };
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char *at;

		memcpy(text, console, sizeof(text));
		at = rows[i].cut ? strstr(text, rows[i].cut) : NULL;
		if (at)
			memcpy(at, "------: phase", 13);
		feed(&r.story, text, 4096);
		CHECK_INT(t, kd_rehearsal_judge(&r, why), rows[i].cut == NULL);
		CHECK_STR(t, why, rows[i].why);
	}
	feed(&r.story, console, 4096);
	r.needed = 40 << 20;
	CHECK(t, !kd_rehearsal_judge(&r, why));
	CHECK_STR(t, why,
		  "36524 KiB were free when a dump would begin, 40960 are needed");
	r.needed = 4 << 20;
	r.driver[0] = '\0';
	(void)snprintf(r.no_disk, sizeof(r.no_disk), "no reason");
	CHECK(t, !kd_rehearsal_judge(&r, why));
	CHECK_STR(t, why, "the target was not rehearsed: no reason");
	feed(&r.story, "Kernel panic - not syncing: System is deadlocked on memory\n", 9);
	CHECK(t, !kd_rehearsal_judge(&r, why));
	CHECK_STR(t, why, "the capture kernel panicked: System is deadlocked on memory");
}

static void test_stage(struct test *t)
{
	static const char *const modules[] = { "sd-mod", "virtio-scsi", "ext4", NULL };
	static const char *const none[] = { "ext4", NULL };
	struct kd_stage stage = { .accel = "tcg",
				  .kernel = "/k",
				  .image = "/i",
				  .file = "/d",
				  .cmdline = "a b",
				  .memory = (96ull << 20) + 5 };
	static struct kd_stage_words w;
	size_t n = 0;

	stage.disk = kd_stage_disk(modules, "sda");
	CHECK(t, stage.disk && strcmp(stage.disk->driver, "virtio_scsi") == 0);
	CHECK_STR(t, kd_stage_disk(none, "nvme0n1p2")->driver, "nvme");
	CHECK_STR(t, kd_stage_disk(NULL, "vda")->driver, "virtio_blk");
	CHECK(t, !kd_stage_disk(none, "sda"));
	CHECK_INT(t, kd_stage_words(&stage, &w, NULL), 0);
	CHECK_STR(t, w.memory, "96M");
	CHECK(t, strstr(w.drive, "file.filename=/d"));
	while (w.argv[n])
		n++;
	CHECK_STR(t, w.argv[0], "qemu-system-x86_64");
	CHECK_STR(t, w.argv[n - 1], stage.disk->words[1]);
	stage.disk = NULL;
	CHECK_INT(t, kd_stage_words(&stage, &w, NULL), 0);
	for (n = 0; w.argv[n]; n++)
		CHECK(t, strcmp(w.argv[n], "-blockdev") != 0);
}

static int run(const char *script, unsigned int first_s, struct kd_story *s,
	       struct kd_error *err)
{
	const char *const argv[] = { "sh", "-c", script, NULL };
	uint64_t ms;

	memset(s, 0, sizeof(*s));
	*err = (struct kd_error) { 0 };
	return kd_machine_run(argv, first_s, 5, s, &ms, err);
}

static void test_machine(struct test *t)
{
	static const char *const nothing[] = { "no-such-qemu", NULL };
	struct kd_error err = { 0 };
	struct kd_story s = { 0 };
	uint64_t ms;

	CHECK_INT(t, run("echo 'kdumpd: phase plan: done in 1 ms'", 2, &s, &err), 0);
	CHECK(t, kd_story_done(&s, "plan"));
	CHECK_INT(t, run("echo qemu: no such option >&2; exit 1", 2, &s, &err), -ECHILD);
	CHECK_STR(t, err.message, "sh: qemu: no such option");
	/* silent: ended at the limit for its first word */
	CHECK_INT(t, run("exec sleep 100", 1, &s, &err), 0);
	CHECK_INT(t, s.first_ms, 0);
	/* speaks, then hangs: ended at the other one */
	CHECK_INT(t, run("echo 'kdumpd: phase a: b'; exec sleep 100", 1, &s, &err), 0);
	CHECK(t, s.first_ms > 0);
	CHECK_INT(t, kd_machine_run(nothing, 1, 1, &s, &ms, &err), -ENOENT);
}

int main(void)
{
	static const struct test_case cases[] = {
		{ "a console as a story", test_story },
		{ "a console that lies", test_hostile },
		{ "verdicts", test_judge },
		{ "QEMU's words", test_stage },
		{ "a machine, listened to and ended", test_machine },
	};

	return test_run(cases, ARRAY_SIZE(cases));
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kdumpd/summary on machines that are folders: armed or not and why, targets without
 * room, a configuration that was edited, and that whatever
 * the state file says becomes text that a bus carries; base/utf8 with it.
 */
#include "kdumpd/summary.h"

#include <string.h>

#include "base/io.h"
#include "base/utf8.h"
#include "kdumpd/config/settings.h"
#include "tests/unit/fake-root.h"
#include "tests/unit/in-child.h"
#include "tests/unit/test.h"

static void setup(const struct fake_root *root)
{
	fake_text(root, "proc/sys/kernel/osrelease", "6.1\n");
	fake_text(root, "proc/sys/kernel/random/boot_id", "boot-1\n");
	fake_text(root, "sys/kernel/kexec_crash_loaded", "1\n");
	fake_text(root, "sys/kernel/kexec_crash_size", "67108864\n");
	(void)kd_mkdir_p_at(root->fd, KD_STATE_DIR, 0755, NULL);
}

static void armed(struct test *t)
{
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
	struct kd_state state = { .boot_id = "boot-1",
				  .release = "6.1",
				  .target = "ext4 UUID=1 /",
				  .loaded_by = "kexec_load",
				  .image_bytes = 7,
				  .armed_at = 1700000000 };
	_cleanup_(kd_freep) struct kd_settings *settings = malloc(sizeof(*settings));
	struct kd_summary first, second;

	setup(&root);
	CHECK_INT(t, kd_settings_read(root.fd, settings, NULL), 0);
	memcpy(state.config, settings->digest, sizeof(state.config));
	CHECK_INT(t, kd_state_write(root.fd, KD_STATE_PATH, &state, NULL), 0);
	kd_summary_read(root.fd, &first);
	CHECK_INT(t, first.armed, 1);
	CHECK_INT(t, first.operational, 1);
	CHECK_INT(t, first.config_changed, 0);
	CHECK(t, !first.reasons[0] && !first.full[0]);
	CHECK_INT(t, first.armed_usec, 1700000000000000);
	CHECK_STR(t, first.target, "ext4 UUID=1 /");
	CHECK_STR(t, first.loaded_by, "kexec_load");
	CHECK_INT(t, first.image_bytes, 7);
	CHECK_INT(t, first.reserved_bytes, 64 << 20);
	memset(&second, 0xff, sizeof(second));
	kd_summary_read(root.fd, &second);
	CHECK(t, memcmp(first.texts, second.texts, sizeof(first.texts)) == 0);
	CHECK(t, memcmp(first.target, second.target, sizeof(first.target)) == 0);
}

/* A machine armed for @devices. */
static void arm(struct test *t, const struct fake_root *root, const char *devices)
{
	_cleanup_(kd_freep) struct kd_settings *settings = malloc(sizeof(*settings));
	struct kd_state state = { .boot_id = "boot-1", .release = "6.1" };

	CHECK_INT(t, kd_settings_read(root->fd, settings, NULL), 0);
	memcpy(state.config, settings->digest, sizeof(state.config));
	(void)snprintf(state.devices, sizeof(state.devices), "%s", devices);
	CHECK_INT(t, kd_state_write(root->fd, KD_STATE_PATH, &state, NULL), 0);
}

/* vda is mounted on a file system of 64 KiB, vdb below the folder of the test. */
static void full_in_child(struct test *t)
{
	static const char say[] = "target /full is full: 64K free: make room, or name "
				  "another in /etc/kdump.conf";
	static const struct {
		const char *devices;
		bool operational;
		size_t n;
	} rows[] = {
		{ "vda", false, 1 },	 { "vdb", true, 0 },	 { "vda vdb", true, 1 },
		{ "vda -", true, 1 },	 { "vda vdz", true, 1 }, { "", true, 0 },
		{ "vda vda", false, 2 },
	};
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
	char point[128];

	setup(&root);
	fake_text(&root, "sys/class/block/vda/dev", "254:0\n");
	fake_text(&root, "sys/class/block/vdb/dev", "254:16\n");
	fake_text(&root, "sys/class/block/vdz/dev", "254:32\n");
	fake_text(&root, "proc/self/mountinfo",
		  "22 1 254:16 / / rw - ext4 /dev/vdb rw\n"
		  "23 22 254:0 / /full rw - ext4 /dev/vda rw\n");
	CHECK_INT(t, kd_mkdir_p_at(root.fd, "full", 0755, NULL), 0);
	(void)snprintf(point, sizeof(point), "%s/full", root.path);
	CHECK_INT(t, mount("none", point, "tmpfs", 0, "size=64k"), 0);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct kd_summary s;

		arm(t, &root, rows[i].devices);
		kd_summary_read(root.fd, &s);
		CHECK_INT(t, s.armed, 1);
		CHECK_INT(t, s.operational, rows[i].operational);
		if (!rows[i].operational)
			CHECK_STR(t, s.reasons[0], say);
		for (size_t j = 0; j < rows[i].n; j++)
			CHECK_STR(t, s.full[j], "/full");
		CHECK(t, !s.full[rows[i].n]);
	}
	CHECK_INT(t, umount(point), 0);
}

static void full(struct test *t)
{
	test_in_child(t, CLONE_NEWNS, full_in_child);
}

/* What is armed stays armed with a configuration that nobody can read. */
static void config(struct test *t)
{
	static const struct {
		const char *text;
		bool changed, armed;
	} rows[] = {
		{ "# a comment\n", false, true },
		{ "keep_dumps 3\n", false, true },
		{ "final_action halt\n", true, false },
		{ "color red\n", true, true },
	};
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
	struct kd_summary s;

	setup(&root);
	kd_summary_read(root.fd, &s);
	CHECK_INT(t, s.config_changed, 0);
	arm(t, &root, "");
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		fake_text(&root, "etc/kdump.conf", rows[i].text);
		kd_summary_read(root.fd, &s);
		CHECK_INT(t, s.config_changed, rows[i].changed);
		CHECK_INT(t, s.armed, rows[i].armed);
		CHECK_INT(t, s.operational, rows[i].armed);
	}
}

static void not_armed(struct test *t)
{
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
	struct kd_state state = { .error = "target /dev/\xff: no such device",
				  .error_at = 1700000000 };
	struct kd_boot_report report = { .boot_id = "boot-1",
					 .verdict = "dumped",
					 .dump = "/var/crash/h" };
	struct kd_summary s;

	setup(&root);
	CHECK_INT(t, kd_boot_report_write(root.fd, &report, NULL), 0);
	fake_text(&root, "sys/kernel/kexec_crash_loaded", "0\n");
	fake_text(&root, "proc/sys/kernel/kexec_load_disabled", "1\n");
	CHECK_INT(t, kd_state_write(root.fd, KD_STATE_PATH, &state, NULL), 0);
	kd_summary_read(root.fd, &s);
	CHECK_INT(t, s.armed, 0);
	CHECK_INT(t, s.operational, 0);
	CHECK(t, s.reasons[0] && strstr(s.reasons[0], "no capture kernel"));
	CHECK(t, s.reasons[1] && strstr(s.reasons[1], "kexec_load_disabled"));
	CHECK(t, !s.reasons[2]);
	CHECK_STR(t, s.error, "target /dev/?: no such device");
	CHECK_INT(t, s.error_usec, 1700000000000000);
	CHECK_INT(t, s.armed_usec, 0);
	CHECK_STR(t, s.release, "");
	CHECK_STR(t, s.last_boot, "dumped");
	CHECK_STR(t, s.last_dump, "/var/crash/h");
}

static void nothing_there(struct test *t)
{
	_cleanup_(fake_root_done) struct fake_root root = fake_root_new();
	struct kd_summary s;

	kd_summary_read(root.fd, &s);
	CHECK_INT(t, s.armed, 0);
	CHECK(t, s.reasons[0] && s.reasons[0][0]);
}

static const struct {
	const char *text, *clean;
} texts[] = {
	{ "", "" },
	{ "plain", "plain" },
	{ "gr\xc3\xbc\xc3\x9f", "gr\xc3\xbc\xc3\x9f" },
	{ "a\xfcz", "a?z" },
	{ "\xe2\x82", "??" },
	{ "\xc0\xaf", "??" },
	{ "\xf0\x9f\x98\x80\x80", "\xf0\x9f\x98\x80?" },
};

static void utf8(struct test *t)
{
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		char text[32];

		(void)snprintf(text, sizeof(text), "%s", texts[i].text);
		kd_utf8_clean(text);
		CHECK_STR(t, text, texts[i].clean);
	}
}

static const struct test_case cases[] = {
	{ "armed", armed },
	{ "targets that are full", full },
	{ "a configuration that has changed", config },
	{ "not armed, with reasons", not_armed },
	{ "a machine without kexec", nothing_there },
	{ "texts become UTF-8", utf8 },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}

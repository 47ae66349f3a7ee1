/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kdumpd/summary on machines that are folders: armed or not and why, and that whatever
 * the state file says becomes text that a bus carries; base/utf8 with it.
 */
#include "kdumpd/summary.h"

#include <string.h>

#include "base/io.h"
#include "base/utf8.h"
#include "kdumpd/config/settings.h"
#include "tests/unit/fake-root.h"
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
	CHECK(t, !first.reasons[0]);
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
	{ "not armed, with reasons", not_armed },
	{ "a machine without kexec", nothing_there },
	{ "texts become UTF-8", utf8 },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}

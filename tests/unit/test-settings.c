/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kdumpd/config/settings and dropins: which files are read, in which order, what the
 * later ones replace, and that complaints of all of them come together.
 */
#include "kdumpd/config/settings.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/io.h"
#include "kdumpd/config/dropins.h"
#include "tests/unit/fake-root.h"
#include "tests/unit/test.h"

#define ETC "etc/kdump.conf.d/"
#define USR "usr/lib/kdump.conf.d/"

static void digests(struct test *t)
{
	_cleanup_(fake_root_done) struct fake_root root;
	struct kd_settings s;
	struct kd_error err = { 0 };
	char before[KD_DIGEST_HEX];

	fake_root_init(&root);
	CHECK_INT(t, kd_settings_read(root.fd, &s, NULL), 0);
	CHECK_STR(t, s.config.path, "/var/crash");
	memcpy(before, s.digest, sizeof(before));

	/* A comment changes nothing, a value does, wherever it stands. */
	fake_text(&root, "etc/kdump.conf", "# nothing\nforce_rebuild 1\n");
	CHECK_INT(t, kd_settings_read(root.fd, &s, NULL), 0);
	CHECK_STR(t, s.digest, before);
	fake_text(&root, "etc/kdump.conf", "path /other\n");
	CHECK_INT(t, kd_settings_read(root.fd, &s, NULL), 0);
	CHECK(t, strcmp(s.digest, before) != 0);
	memcpy(before, s.digest, sizeof(before));
	fake_text(&root, "etc/kdump.conf", "path /var/crash/long\n");
	fake_text(&root, ETC "a.conf", "path /other\n");
	CHECK_INT(t, kd_settings_read(root.fd, &s, NULL), 0);
	CHECK_STR(t, s.digest, before);

	fake_text(&root, "etc/default/kdumpd", "COLOR=red\n");
	CHECK_INT(t, kd_settings_read(root.fd, &s, &err), -EINVAL);
	CHECK_STR(t, err.message, "/etc/default/kdumpd:1: unknown variable \"COLOR\"");
	CHECK_STR(t, s.report.problems[0].file, "/etc/default/kdumpd");
	/* sysconfig is looked for first */
	fake_text(&root, "etc/sysconfig/kdump", "KEXEC_ARGS=-c\n");
	CHECK_INT(t, kd_settings_read(root.fd, &s, &err), 0);
	CHECK_STR(t, s.sysconfig.kexec_args, "-c");
}

static void order(struct test *t)
{
	static const char *const want[] = { ETC "10-a.conf", USR "20-b.conf",
					    ETC "30-c.conf", ETC "90-z.conf" };
	_cleanup_(kd_strlist_done) struct kd_strlist got = { 0 };
	_cleanup_(fake_root_done) struct fake_root root;
	struct kd_config_report report;

	fake_root_init(&root);
	kd_config_report_init(&report);
	CHECK_INT(t, kd_dropins_list(root.fd, &got, &report), 0);
	CHECK_INT(t, got.n, 0);
	fake_text(&root, ETC "90-z.conf", "x");
	fake_text(&root, ETC "10-a.conf", "x");
	fake_text(&root, USR "10-a.conf", "x");
	fake_text(&root, USR "20-b.conf", "x");
	fake_text(&root, USR "30-c.conf", "x");
	fake_text(&root, ETC "30-c.conf", "x");
	/* masked, by a link and by an empty file; and an empty one of the vendor's */
	fake_text(&root, USR "40-d.conf", "x");
	fake_link(&root, ETC "40-d.conf", "/dev/null");
	fake_text(&root, USR "50-e.conf", "x");
	fake_text(&root, ETC "50-e.conf", "");
	fake_text(&root, USR "60-f.conf", "");
	/* no drop-ins */
	fake_text(&root, ETC "readme", "x");
	fake_text(&root, ETC ".hidden.conf", "x");
	fake_text(&root, ETC "95-z.conf.bak", "x");
	fake_text(&root, ETC ".conf", "x");
	CHECK_INT(t, kd_dropins_list(root.fd, &got, &report), 0);
	CHECK_INT(t, report.n, 0);
	CHECK_INT(t, got.n, ARRAY_SIZE(want));
	for (size_t i = 0; i < MIN(got.n, ARRAY_SIZE(want)); i++)
		CHECK_STR(t, got.items[i], want[i]);
}

/* A key replaces the key, a list of targets the list; what a file leaves out stays. */
static void merge(struct test *t)
{
	_cleanup_(fake_root_done) struct fake_root root;
	struct kd_error err = { 0 };
	struct kd_settings s;

	fake_root_init(&root);
	fake_text(&root, "etc/kdump.conf",
		  "path /base\next4 /dev/vda\nxfs /dev/vdb\nfinal_action halt\n"
		  "extra_modules a b\nfailure_action dump_to_rootfs\n");
	fake_text(&root, USR "10-vendor.conf",
		  "final_action poweroff\nextra_modules c\n");
	CHECK_INT(t, kd_settings_read(root.fd, &s, &err), 0);
	CHECK_STR(t, err.message, "");
	CHECK_STR(t, s.config.path, "/base");
	CHECK_INT(t, s.config.final_action, KD_ACTION_POWEROFF);
	CHECK_STR(t, s.config.extra_modules, "c");
	CHECK_INT(t, s.config.n_targets, 3);
	CHECK_STR(t, s.config.targets[1].source, "/dev/vdb");
	CHECK_STR(t, s.config.targets[2].source, KD_TARGET_OF_ROOT);

	fake_text(&root, ETC "20-site.conf", "nfs host:/dumps\nfinal_action reboot\n");
	fake_text(&root, ETC "30-site.conf", "failure_action halt\n");
	CHECK_INT(t, kd_settings_read(root.fd, &s, NULL), 0);
	CHECK_INT(t, s.config.n_targets, 1);
	CHECK_STR(t, s.config.targets[0].source, "host:/dumps");
	CHECK_STR(t, s.config.targets[0].file, "/" ETC "20-site.conf");
	CHECK_INT(t, s.config.final_action, KD_ACTION_REBOOT);
	CHECK_INT(t, s.config.failure_action, KD_ACTION_HALT);
}

/* What is wrong in any of the files, with its name, at once. */
static void all_complaints(struct test *t)
{
	static const char *const want[] = {
		"/etc/kdump.conf:2: unknown key \"color\"; kdump.conf(5) lists those "
		"there are",
		"/" USR "10-a.conf:1: path: expected an absolute path, found \"x\"",
		"/" ETC "20-b.conf: is no file",
		"/" ETC "30-c.conf:2: force_rebuild and force_no_rebuild: only one of "
		"them can be yes",
		"/etc/sysconfig/kdump:1: unknown variable \"COLOR\"",
	};
	_cleanup_(fake_root_done) struct fake_root root;
	char text[KD_CONFIG_PROBLEM_TEXT];
	struct kd_error err = { 0 };
	struct kd_settings s;

	fake_root_init(&root);
	fake_text(&root, "etc/kdump.conf", "force_no_rebuild yes\ncolor red\n");
	fake_text(&root, USR "10-a.conf", "path x\n");
	fake_text(&root, ETC "readme", "");
	CHECK_INT(t, mkfifoat(root.fd, ETC "20-b.conf", 0600), 0);
	fake_text(&root, ETC "30-c.conf", "\nforce_rebuild yes\n");
	fake_text(&root, "etc/sysconfig/kdump", "COLOR=red\n");
	CHECK_INT(t, kd_settings_read(root.fd, &s, &err), -EINVAL);
	CHECK_INT(t, s.report.errors, ARRAY_SIZE(want));
	for (size_t i = 0; i < MIN(s.report.n, ARRAY_SIZE(want)); i++) {
		kd_config_problem_format(&s.report.problems[i], text, sizeof(text));
		CHECK_STR(t, text, want[i]);
	}
	CHECK(t, strstr(err.message, "(and 4 more)"));
}

static void too_much(struct test *t)
{
	_cleanup_(fake_root_done) struct fake_root root;
	_cleanup_(kd_freep) char *big = malloc(KD_CONFIG_MAX_SIZE + 2);
	struct kd_settings s;
	char name[64];

	fake_root_init(&root);
	memset(big, '\n', KD_CONFIG_MAX_SIZE + 1);
	big[KD_CONFIG_MAX_SIZE + 1] = '\0';
	fake_text(&root, "etc/kdump.conf", big);
	CHECK_INT(t, kd_settings_read(root.fd, &s, NULL), -EINVAL);
	CHECK_STR(t, s.report.problems[0].text, "longer than 65536 bytes");
	fake_text(&root, "etc/kdump.conf", "");
	for (int i = 0; i <= KD_DROPINS_MAX; i++) {
		(void)snprintf(name, sizeof(name), ETC "%d.conf", i);
		fake_text(&root, name, "#\n");
	}
	CHECK_INT(t, kd_settings_read(root.fd, &s, NULL), -EINVAL);
	CHECK_STR(t, s.report.problems[0].text, "65 files; at most 64 are read");
}

static const struct test_case cases[] = {
	{ "what counts as a change", digests },
	{ "drop-ins: order and masks", order },
	{ "drop-ins: what they replace", merge },
	{ "complaints of all files at once", all_complaints },
	{ "limits", too_much },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kdumpd/config/sysconfig: what is read of a shell's assignments, what is refused, and
 * that openSUSE's file of the same name is told apart.
 */
#include "kdumpd/config/sysconfig.h"

#include <string.h>

#include "tests/unit/test.h"

struct wrong {
	const char *text, *message;
};

static void sysconfig(struct test *t)
{
	static const char text[] = "# sysconfig\n"
				   "KDUMP_KERNELVER=\"\"\n"
				   "KDUMP_COMMANDLINE_REMOVE='quiet foo'\n"
				   "KDUMP_COMMANDLINE_APPEND=\"nr_cpus=1 a=\"\n"
				   "KEXEC_ARGS=\"-s -d\" # file\n"
				   "KDUMP_BOOTDIR=/efi/boot\nKDUMP_IMG=vmlinuz\n"
				   "MKDUMPRD_ARGS=\"-v $(x)\"\n";
	static const struct wrong sysconfig_wrongs[] = {
		{ "COLOR=red", "s:1: unknown variable \"COLOR\"" },
		{ "KDUMP_COMMANDLINE=\"$(cat x)\"",
		  "s:1: KDUMP_COMMANDLINE: expected a plain or quoted text, it is not run "
		  "by a shell" },
		{ "KDUMP_COMMANDLINE=\"a",
		  "s:1: KDUMP_COMMANDLINE: expected a plain or quoted text, it is not run "
		  "by a shell" },
		{ "KDUMP_KERNELVER=a b",
		  "s:1: KDUMP_KERNELVER: expected a plain or quoted text, it is not run "
		  "by a shell" },
		{ "KEXEC_ARGS=\"-s $(x)\"",
		  "s:1: KEXEC_ARGS: expected a plain or quoted text, it is not run by a "
		  "shell" },
		{ "export", "s:1: expected NAME=\"value\", found \"export\"" },
		{ "A B=c", "s:1: expected NAME=\"value\", found \"A B=c\"" },
		{ "KDUMP_BOOTDIR=boot",
		  "s: KDUMP_BOOTDIR: expected an absolute path, found \"boot\"" },
		{ "KDUMP_IMG=a/b", "s: KDUMP_IMG: expected a file's name without its "
				   "folder, which KDUMP_BOOTDIR names" },
	};
	struct kd_config_report report;
	struct kd_sysconfig s;

	kd_config_report_init(&report);
	kd_sysconfig_read("s", text, strlen(text), &s, &report);
	CHECK_INT(t, report.n, 0);
	CHECK_STR(t, s.kernel_version, "");
	CHECK_STR(t, s.remove, "quiet foo");
	CHECK(t, s.has_append && !s.append_to_ours);
	CHECK_STR(t, s.append, "nr_cpus=1 a=");
	CHECK_STR(t, s.kexec_args, "-s -d");
	CHECK_STR(t, s.boot_dir, "/efi/boot");
	CHECK_STR(t, s.image, "vmlinuz");
	for (size_t i = 0; i < ARRAY_SIZE(sysconfig_wrongs); i++) {
		const struct wrong *w = &sysconfig_wrongs[i];
		struct kd_error err = { 0 };

		kd_config_report_init(&report);
		kd_sysconfig_read("s", w->text, strlen(w->text), &s, &report);
		CHECK_INT(t, kd_config_verdict(&report, &err), -EINVAL);
		CHECK_STR(t, err.message, w->message);
	}
}

/* What openSUSE's file and kdump-utils' have in common is not all the same. */
static void sysconfig_suse(struct test *t)
{
	static const char usual[] = "KDUMP_IMG=\"vmlinuz\"\nKDUMP_IMG_EXT=\"\"\n";
	static const char text[] =
		"KDUMP_CPUS=32\nKDUMP_COMMANDLINE_APPEND=\"net_delay=1\"\n"
		"KDUMP_SAVEDIR=\"/var/crash\"\n";
	struct kd_config_report report;
	struct kd_sysconfig s;

	kd_config_report_init(&report);
	kd_sysconfig_read("s", text, strlen(text), &s, &report);
	CHECK_INT(t, report.n, 1);
	CHECK_INT(t, report.errors, 0);
	CHECK(t, strstr(report.problems[0].text, "kdumpctl import"));
	CHECK(t, s.has_append && s.append_to_ours);

	/* as kdump-utils ships it, nothing is said of the kernel's place */
	kd_config_report_init(&report);
	kd_sysconfig_read("s", usual, strlen(usual), &s, &report);
	CHECK_INT(t, report.n, 0);
	CHECK_STR(t, s.image, "");
}

static const struct test_case cases[] = {
	{ "values, and what is refused", sysconfig },
	{ "openSUSE's file", sysconfig_suse },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}

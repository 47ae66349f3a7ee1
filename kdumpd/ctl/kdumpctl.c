/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kdumpctl: what people and scripts call; see kdumpctl(8). The table of commands, nothing
 * else.
 */
#include "kdumpd/ctl/kdumpctl.h"

#include <fcntl.h>
#include <string.h>

#include "kdumpd/version.h"

static const struct kd_ctl_command commands[] = {
	{ "start", "", 0, 0, KD_CTL_INIT, kd_ctl_start,
	  "arm, unless it is armed and nothing has changed", "" },
	{ "stop", "", 0, 0, 0, kd_ctl_stop, "disarm", "" },
	{ "restart", "", 0, 0, KD_CTL_INIT, kd_ctl_restart,
	  "arm anew, without a moment unarmed", "" },
	{ "reload", "", 0, 0, KD_CTL_INIT, kd_ctl_reload,
	  "take over a changed configuration", "" },
	{ "rebuild", "", 0, 0, KD_CTL_INIT, kd_ctl_rebuild,
	  "build the capture image anew and arm it", "" },
	{ "status", "", 0, 0, KD_CTL_JSON, kd_ctl_status,
	  "say whether a crash would be captured",
	  "Exit status 0: it would. 3: it would not, and each reason is a line.\n" },
	{ "showmem", "", 0, 0, KD_CTL_JSON, kd_ctl_showmem,
	  "say how much memory is reserved", "" },
	{ "list", "[MATCH]...", 0, 64,
	  KD_CTL_JSON | KD_CTL_NO_PAGER | KD_CTL_NO_LEGEND | KD_CTL_REVERSE |
		  KD_CTL_COUNT,
	  kd_ctl_list, "list the dumps on this machine",
	  "A MATCH is a part of a dump's name, its path, or its state, host or kernel.\n" },
	{ "info", "[MATCH]...", 0, 64, KD_CTL_JSON | KD_CTL_NO_PAGER, kd_ctl_info,
	  "show all that is known of a dump, of the newest without a MATCH", "" },
	{ "show-log", "[MATCH]...", 0, 64, KD_CTL_NO_PAGER, kd_ctl_show_log,
	  "show the kernel's log of the newest dump that has one", "" },
	{ "verify", "[MATCH]...", 0, 64, KD_CTL_JSON, kd_ctl_verify,
	  "check every page of dumps, of all without a MATCH",
	  "Exit status 1 when one is not good.\n" },
	{ "gc", "", 0, 0, KD_CTL_JSON | KD_CTL_DRY_RUN | KD_CTL_BOOT, kd_ctl_gc,
	  "remove dumps that are over the limits of kdump.conf",
	  "Never the newest whole one, nor one that was not reported yet.\n" },
	{ "estimate", "", 0, 0, KD_CTL_JSON | KD_CTL_INIT, kd_ctl_estimate,
	  "say how much memory crashkernel= should reserve",
	  "Computed from the kernel, image and target that a crash would use now.\n" },
	{ "rehearse", "", 0, 0, KD_CTL_JSON | KD_CTL_INIT, kd_ctl_rehearse,
	  "start what a crash would start, in a virtual machine",
	  "Nothing of this machine is changed. Exit status 1 when it did not go well.\n" },
	{ "test", "", 0, 0, KD_CTL_FORCE | KD_CTL_INIT, kd_ctl_test,
	  "crash the machine now, to see that it is captured",
	  "Asks before, unless --force is given. After the restart, kdumpctl status says\n"
	  "what came of it.\n" },
	{ "setup-crypttab", "", 0, 0, 0, kd_ctl_setup_crypttab,
	  "keep the keys of encrypted volumes for arming",
	  "Sets link-volume-key= in /etc/crypttab for the volumes a dump goes through.\n" },
	{ "check", "[FILE]", 0, 1, KD_CTL_JSON | KD_CTL_INIT, kd_ctl_check,
	  "say what is wrong with the configuration, and whether it could be armed",
	  "Changes nothing. With FILE, that one alone is read, as a kdump.conf.\n"
	  "Exit status 0: valid, and arming would go through. 1: each reason is a line.\n" },
	{ "import", "[FILE]", 0, 1, KD_CTL_WRITE | KD_CTL_FORCE, kd_ctl_import,
	  "make a kdump.conf of the settings of kdump-tools or openSUSE's kdump",
	  "Of FILE, or /etc/default/kdump-tools, or /etc/sysconfig/kdump; on stdout unless\n"
	  "--write. What cannot be carried over is told. --force: over a file that has\n"
	  "settings.\n" },
	{ "propagate", "", 0, 0, 0, kd_ctl_propagate,
	  "make a key for dumps over ssh and put it on the servers",
	  "ssh asks for passwords and for the servers' own keys.\n" },
	{ "get-default-crashkernel", "[kdump]", 0, 1, 0, kd_ctl_get_default_crashkernel,
	  "print a value for crashkernel= that suits most machines like this", "" },
	{ "reset-crashkernel", "[VALUE]...", 0, 3,
	  KD_CTL_KERNEL | KD_CTL_FADUMP | KD_CTL_REBOOT | KD_CTL_INSTALLED,
	  kd_ctl_reset_crashkernel, "set crashkernel= for the next boot",
	  "Without a VALUE (512M, 1G,high, 64M,low, ranges) the default one. Without\n"
	  "--kernel for the running kernel, or KDUMP_KERNELVER. --installed changes nothing\n"
	  "unless kdump.conf has auto_reset_crashkernel yes.\n" },
	{ "setup-raw", "DEVICE", 1, 1, 0, kd_ctl_setup_raw,
	  "prepare an empty partition for \"raw\" in kdump.conf",
	  "DEVICE is named as there. Refused when anything is found on it.\n" },
	{ "recover", "", 0, 0, 0, kd_ctl_recover,
	  "take dumps over from raw partitions to kdump.conf's path", "" },
	{ .name = NULL },
};

int main(int argc, char *argv[])
{
	_cleanup_(kd_closep) int root_fd = -EBADF;
	const struct kd_ctl_command *command = NULL;
	struct kd_ctl ctl = {
		.log = { .fd = STDERR_FILENO, .name = "kdump", .max = KD_LOG_INFO },
	};
	struct kd_error err = { 0 };
	int r;

	r = kd_ctl_parse(argc, argv, commands, &command, &ctl.args, &err);
	switch (r) {
	case KD_CTL_HELP:
		kd_ctl_help(stdout, commands);
		return EXIT_SUCCESS;
	case KD_CTL_COMMAND_HELP:
		kd_ctl_command_help(stdout, command);
		return EXIT_SUCCESS;
	case KD_CTL_VERSION:
		(void)puts("kdumpctl " KD_VERSION);
		return EXIT_SUCCESS;
	case KD_CTL_RUN:
		break;
	default:
		kd_log(&ctl.log, KD_LOG_ERROR, "%s", err.message);
		return EXIT_FAILURE;
	}
	root_fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (root_fd < 0) {
		kd_log(&ctl.log, KD_LOG_ERROR, "/: %s", strerror(errno));
		return EXIT_FAILURE;
	}
	ctl.root_fd = root_fd;
	return command->run(&ctl);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Debian's and Ubuntu's kdump-tools: /etc/default/kdump-tools as kdump-config reads it.
 * Called by import.c.
 */
#include <assert.h>
#include <string.h>

#include "base/params.h"
#include "kdumpd/config/config-keys.h"
#include "kdumpd/config/import-private.h"

#define IN_SYSCONFIG(name) "belongs into /etc/default/kdumpd, as " name

static const struct kd_import_variable variables[] = {
	{ "USE_KDUMP", "1", "whether to arm is the unit's: systemctl disable kdumpd",
	  false },
	{ "KDUMP_SYSCTL", "kernel.panic_on_oops=1", "belongs into /etc/sysctl.d", false },
	{ "KDUMP_KERNEL", "/var/lib/kdump/vmlinuz",
	  "the capture kernel is the running one, or KDUMP_KERNELVER's in "
	  "/etc/default/kdumpd",
	  false },
	{ "KDUMP_INITRD", "/var/lib/kdump/initrd.img", "kdumpd builds its own image",
	  false },
	{ "KDUMP_COREDIR", "", NULL, false },
	{ "KDUMP_FAIL_CMD", "", NULL, false },
	{ "KDUMP_DUMP_DMESG", "1", "the kernel's log is always saved", false },
	{ "KDUMP_NUM_DUMPS", "0", NULL, false },
	{ "KDUMP_COMPRESSION", "",
	  "dumps are compressed page by page, so that they can be read as they are: see "
	  "core_collector",
	  false },
	{ "MAKEDUMP_ARGS", "", NULL, false },
	{ "KDUMP_KEXEC_ARGS", "", IN_SYSCONFIG("KEXEC_ARGS"), false },
	{ "KDUMP_CMDLINE", "", IN_SYSCONFIG("KDUMP_COMMANDLINE"), false },
	{ "KDUMP_CMDLINE_APPEND",
	  "reset_devices systemd.unit=kdump-tools-dump.service nr_cpus=1 irqpoll "
	  "usbcore.nousb",
	  IN_SYSCONFIG("KDUMP_COMMANDLINE_APPEND, instead of kdumpd's own list"), false },
	{ "HOSTTAG", "ip", "dump folders are named for the address", false },
	{ "NFS", "", NULL, false },
	{ "NFS_TIMEO", "600", "the capture has time limits of its own", false },
	{ "NFS_RETRANS", "3", "the capture has time limits of its own", false },
	{ "NFS_MOUNT_RETRY", "4", "the capture has time limits of its own", false },
	{ "FTP", "", "there is no target for FTP: name an ssh, sftp or nfs target",
	  false },
	{ "FTP_USER", "", "there is no target for FTP", false },
	{ "FTP_PASSWORD", "", "there is no target for FTP", false },
	{ "FTP_PORT", "21", "there is no target for FTP", false },
	{ "SSH", "", NULL, false },
	{ "SSH_KEY", "", NULL, false },
	{ "SSH_KDUMP_RETRY", "16", "the capture has time limits of its own", false },
	{ .name = NULL },
};
static_assert(ARRAY_SIZE(variables) <= KD_IMPORT_VARIABLES + 1, "room for each");

static void put_targets(struct kd_importer *im)
{
	const char *nfs = kd_import_value(im, "NFS"), *ssh = kd_import_value(im, "SSH"),
		   *path = kd_import_value(im, "KDUMP_COREDIR"),
		   *key = kd_import_value(im, "SSH_KEY");

	if (nfs[0])
		kd_import_put(im, "NFS", "nfs", nfs);
	if (ssh[0])
		kd_import_put(im, "SSH", "ssh", ssh);
	if (key[0])
		kd_import_put(im, "SSH_KEY", "sshkey", key);
	/* kdump-tools mounts the export over KDUMP_COREDIR: dumps lie at its top. */
	if (nfs[0] && !ssh[0])
		kd_import_put(im, "NFS", "path", "/");
	else if (path[0])
		kd_import_put(im, "KDUMP_COREDIR", "path", path);
	if (nfs[0] && ssh[0])
		kd_import_remark(im, "NFS",
				 "kdump-tools writes to NFS and to SSH; here SSH is "
				 "used when NFS fails, and the path is KDUMP_COREDIR on "
				 "either");
}

static void put_collector(struct kd_importer *im)
{
	const char *args = kd_import_value(im, "MAKEDUMP_ARGS");
	char line[KD_IMPORT_VALUE + 16] = "makedumpfile";
	size_t n;

	if (!args[0])
		return;
	for (; (n = kd_params_next(&args)) > 0; args += n)
		if (n != 2 || memcmp(args, "-F", 2) != 0)
			(void)kd_config_add_word(line, sizeof(line), args, n);
	kd_import_put(im, "MAKEDUMP_ARGS", "core_collector", line);
}

static void put_failure(struct kd_importer *im)
{
	static const struct {
		const char *command, *action;
	} actions[] = {
		{ "reboot", "reboot" },	    { "reboot -f", "reboot" },
		{ "halt", "halt" },	    { "halt -f", "halt" },
		{ "poweroff", "poweroff" }, { "poweroff -f", "poweroff" },
	};
	const char *command = kd_import_value(im, "KDUMP_FAIL_CMD");

	if (!command[0])
		return;
	for (size_t i = 0; i < ARRAY_SIZE(actions); i++)
		if (strcmp(command, actions[i].command) == 0) {
			kd_import_put(im, "KDUMP_FAIL_CMD", "failure_action",
				      actions[i].action);
			return;
		}
	kd_import_remark(im, "KDUMP_FAIL_CMD",
			 "there is no shell in the capture image: the machine reboots; "
			 "kdump_emergency runs a program");
}

static void compose(struct kd_importer *im)
{
	put_targets(im);
	put_collector(im);
	put_failure(im);
	if (kd_import_value(im, "KDUMP_NUM_DUMPS")[0])
		kd_import_put(im, "KDUMP_NUM_DUMPS", "keep_dumps",
			      kd_import_value(im, "KDUMP_NUM_DUMPS"));
}

const struct kd_import_dialect kd_import_debian = {
	.title = "kdump-tools",
	.variables = variables,
	.compose = compose,
};

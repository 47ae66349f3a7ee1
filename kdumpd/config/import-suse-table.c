/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The variables of openSUSE's and SLE's /etc/sysconfig/kdump, and what becomes of each.
 * By itself, since the daemon has to know the file when it meets it, and nothing of what
 * imports it. Called by sysconfig.c and import.c.
 */
#include <assert.h>
#include <string.h>

#include "kdumpd/config/import-private.h"

#define MAIL	"kdumpd sends no mail; the journal has an entry for each dump"
#define STAYS	"is read where it is"
#define FADUMP	"firmware-assisted dumps are not supported"
#define NETWORK "the network is set up as the target needs it, as it is on this system"

const struct kd_import_variable kd_import_suse_variables[] = {
	{ "KDUMP_CRASHKERNEL", "auto", "set it with kdumpctl reset-crashkernel", false },
	{ "KDUMP_UPDATE_BOOTLOADER", "true",
	  "only kdumpctl reset-crashkernel changes the boot loader's files", false },
	{ "KDUMP_KERNELVER", "", STAYS, true },
	{ "KDUMP_CPUS", "32", "kdumpd decides how many CPUs the capture uses", false },
	{ "KDUMP_COMMANDLINE", "", STAYS, true },
	{ "KDUMP_COMMANDLINE_APPEND", "", STAYS, true },
	{ "KDUMP_AUTO_RESIZE", "false", "the reservation is left as it is", false },
	{ "KDUMP_FADUMP", "false", FADUMP, false },
	{ "KDUMP_FADUMP_SHELL", "false", FADUMP, false },
	{ "FADUMP_COMMANDLINE_APPEND",
	  "numa=off cgroup_disable=memory cma=0 kvm_cma_resv_ratio=0 hugetlb_cma=0 "
	  "transparent_hugepage=never novmcoredd udev.children-max=2",
	  FADUMP, true },
	{ "KEXEC_OPTIONS", "", "belongs into /etc/sysconfig/kdump, as KEXEC_ARGS",
	  false },
	{ "KDUMP_IMMEDIATE_REBOOT", "true",
	  "there is no shell after a dump; final_action halt keeps the machine down",
	  false },
	{ "KDUMP_TRANSFER", "", "there is no shell: core_collector names a program",
	  false },
	{ "KDUMP_SAVEDIR", "", NULL, false },
	{ "KDUMP_KEEP_OLD_DUMPS", "0", NULL, false },
	{ "KDUMP_FREE_DISK_SIZE", "64",
	  "a dump that does not fit is made smaller until it does", false },
	{ "KDUMP_VERBOSE", "0", "progress is always told on the console", false },
	{ "KDUMP_DUMPLEVEL", "", NULL, false },
	{ "KDUMP_DUMPFORMAT", "", NULL, false },
	{ "MAKEDUMPFILE_OPTIONS", "", NULL, false },
	{ "KDUMP_CONTINUE_ON_ERROR", "true",
	  "there is no shell in the capture image: the capture always goes on", false },
	{ "KDUMP_REQUIRED_PROGRAMS", "", NULL, false },
	{ "KDUMP_PRESCRIPT", "", NULL, false },
	{ "KDUMP_POSTSCRIPT", "", NULL, false },
	{ "KDUMP_NETCONFIG", "auto", NETWORK, false },
	{ "KDUMP_NET_TIMEOUT", "30", "the capture has time limits of its own", false },
	{ "KDUMP_SMTP_SERVER", "", MAIL, false },
	{ "KDUMP_SMTP_USER", "", MAIL, false },
	{ "KDUMP_SMTP_PASSWORD", "", MAIL, false },
	{ "KDUMP_NOTIFICATION_TO", "", MAIL, false },
	{ "KDUMP_NOTIFICATION_CC", "", MAIL, false },
	{ "KDUMP_HOST_KEY", "", "host keys are those that root's known_hosts has",
	  false },
	{ "KDUMP_SSH_IDENTITY", "", NULL, false },
	{ "KDUMPTOOL_FLAGS", "", "is obsolete for openSUSE, too", false },
	{ "KDUMP_COPY_KERNEL", "", "is obsolete for openSUSE, too", false },
	{ .name = NULL },
};
static_assert(ARRAY_SIZE(kd_import_suse_variables) <= KD_IMPORT_VARIABLES + 1,
	      "room for each");

bool kd_import_is_suse(const char *name)
{
	const struct kd_import_variable *v = kd_import_suse_variables;

	while (v->name && strcmp(v->name, name) != 0)
		v++;
	return v->name && !v->common;
}

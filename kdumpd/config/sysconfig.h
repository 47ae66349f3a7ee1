/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * /etc/sysconfig/kdump: the capture kernel and its command line. A shell file of plain
 * assignments; it is read, not run, so anything a shell would have to expand is an
 * error. Pure; trusts nothing. Called by the daemon and kdumpctl.
 */
#pragma once

#include "kdumpd/config/config.h"

#define KD_SYSCONFIG_PATH	 "etc/sysconfig/kdump"
#define KD_SYSCONFIG_PATH_DEBIAN "etc/default/kdumpd"
#define KD_SYSCONFIG_VALUE	 2048

/**
 * @kernel_version: KDUMP_KERNELVER, release of the capture kernel; "": the running one
 * @commandline:    KDUMP_COMMANDLINE, instead of the running kernel's; "": that one
 * @remove:         KDUMP_COMMANDLINE_REMOVE, parameters to drop besides our own list
 * @append:         KDUMP_COMMANDLINE_APPEND; valid with @has_append; instead of our own,
 *                  or with @append_to_ours behind it: openSUSE's file means it so
 * @kexec_args:     KEXEC_ARGS: which system call to load with; the rest of it is of
 *                  kexec-tools
 * @boot_dir, @image, @image_suffix: KDUMP_BOOTDIR, KDUMP_IMG, KDUMP_IMG_EXT: the kernel is
 *                  "<boot_dir>/<image>-<release><image_suffix>"; all "" to look for it
 */
struct kd_sysconfig {
	char kernel_version[KD_RELEASE_SIZE];
	char commandline[KD_SYSCONFIG_VALUE];
	char remove[KD_SYSCONFIG_VALUE];
	char append[KD_SYSCONFIG_VALUE];
	char kexec_args[KD_SYSCONFIG_VALUE];
	char boot_dir[KD_PLAN_STRING];
	char image[KD_RELEASE_SIZE];
	char image_suffix[KD_RELEASE_SIZE];
	bool has_append;
	bool append_to_ours;
};

/** Read its text. @report: complaints are added; @ret means something without errors */
void kd_sysconfig_read(const char *file, const char *text, size_t size,
		       struct kd_sysconfig *ret, struct kd_config_report *report);

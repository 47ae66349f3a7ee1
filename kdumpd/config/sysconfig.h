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
 * @append:         KDUMP_COMMANDLINE_APPEND, instead of our own; valid with @has_append
 * @kexec_args:     KEXEC_ARGS: which system call to load with; the rest of it is of
 *                  kexec-tools
 */
struct kd_sysconfig {
	char kernel_version[KD_RELEASE_SIZE];
	char commandline[KD_SYSCONFIG_VALUE];
	char remove[KD_SYSCONFIG_VALUE];
	char append[KD_SYSCONFIG_VALUE];
	char kexec_args[KD_SYSCONFIG_VALUE];
	bool has_append;
};

/** Parse it. As kd_config_parse(): @ret only on success, the report always. */
int kd_sysconfig_parse(const char *file, const char *text, size_t size,
		       struct kd_sysconfig *ret, struct kd_config_report *report,
		       struct kd_error *err);

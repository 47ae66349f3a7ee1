/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kdumpctl's commands: one function each, called by kdumpctl.c from its table. Sentences
 * and exit codes are those scripts know from kdump-utils: messages on stderr behind
 * "kdump: ", data on stdout, `status` 0 or 3.
 */
#pragma once

#include "base/log.h"

#define KD_EXIT_NOT_OPERATIONAL 3 /* LSB: program is not running */

/**
 * @root_fd: "/" of the system
 * @init:    path of the capture image's pid 1
 * @json:    data as JSON on stdout
 * @log:     messages
 */
struct kd_ctl {
	int root_fd;
	const char *init;
	bool json;
	struct kd_log log;
};

/** Each returns the program's exit status. */
int kd_ctl_start(const struct kd_ctl *ctl);
int kd_ctl_stop(const struct kd_ctl *ctl);
int kd_ctl_restart(const struct kd_ctl *ctl);
int kd_ctl_reload(const struct kd_ctl *ctl);
int kd_ctl_rebuild(const struct kd_ctl *ctl);
int kd_ctl_status(const struct kd_ctl *ctl);
int kd_ctl_showmem(const struct kd_ctl *ctl);
int kd_ctl_list(const struct kd_ctl *ctl);

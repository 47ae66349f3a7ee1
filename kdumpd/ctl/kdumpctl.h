/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kdumpctl's commands: one function each, called by kdumpctl.c from its table. Sentences
 * and exit codes are those scripts know from kdump-utils: messages on stderr behind
 * "kdump: ", data on stdout, `status` 0 or 3.
 */
#pragma once

#include "base/log.h"
#include "kdumpd/ctl/kdumpctl-args.h"

#define KD_EXIT_NOT_OPERATIONAL 3 /* LSB: program is not running */

/** @root_fd: "/" of the system; @args: options and words; @log: messages */
struct kd_ctl {
	int root_fd;
	struct kd_ctl_args args;
	struct kd_log log;
};

/** Data is wanted as JSON on stdout. */
static inline bool kd_ctl_json(const struct kd_ctl *ctl)
{
	return ctl->args.options & KD_CTL_JSON;
}

/** Each returns the program's exit status. */
int kd_ctl_start(const struct kd_ctl *ctl);
int kd_ctl_stop(const struct kd_ctl *ctl);
int kd_ctl_restart(const struct kd_ctl *ctl);
int kd_ctl_reload(const struct kd_ctl *ctl);
int kd_ctl_rebuild(const struct kd_ctl *ctl);
int kd_ctl_status(const struct kd_ctl *ctl);
int kd_ctl_showmem(const struct kd_ctl *ctl);
int kd_ctl_check(const struct kd_ctl *ctl);
int kd_ctl_import(const struct kd_ctl *ctl);
int kd_ctl_list(const struct kd_ctl *ctl);
int kd_ctl_info(const struct kd_ctl *ctl);
int kd_ctl_show_log(const struct kd_ctl *ctl);
int kd_ctl_verify(const struct kd_ctl *ctl);
int kd_ctl_gc(const struct kd_ctl *ctl);
int kd_ctl_estimate(const struct kd_ctl *ctl);
int kd_ctl_test(const struct kd_ctl *ctl);
int kd_ctl_rehearse(const struct kd_ctl *ctl);
int kd_ctl_setup_crypttab(const struct kd_ctl *ctl);
int kd_ctl_propagate(const struct kd_ctl *ctl);
int kd_ctl_get_default_crashkernel(const struct kd_ctl *ctl);
int kd_ctl_reset_crashkernel(const struct kd_ctl *ctl);
int kd_ctl_reset_installed(const struct kd_ctl *ctl); /* its --installed */
int kd_ctl_setup_raw(const struct kd_ctl *ctl);
int kd_ctl_recover(const struct kd_ctl *ctl);

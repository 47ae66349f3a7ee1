/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All configuration of this machine together, read through a root_fd: kdump.conf, its
 * drop-ins, sysconfig; and a digest of what they mean, so that an edited comment changes
 * nothing. Called by the arm path and kdumpctl.
 */
#pragma once

#include "kdumpd/config/config.h"
#include "kdumpd/config/sysconfig.h"
#include "kdumpd/digest.h"

/**
 * @report: every complaint about any file, warnings too
 * @digest: of the values, not of the files
 */
struct kd_settings {
	struct kd_config config;
	struct kd_sysconfig sysconfig;
	struct kd_config_report report;
	char digest[KD_DIGEST_HEX];
};

/**
 * Read it. A file that is absent stands for its defaults.
 *
 * @ret: the report is valid even on -EINVAL, so that all errors can be shown
 */
int kd_settings_read(int root_fd, struct kd_settings *ret, struct kd_error *err);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which drop-ins of kdump.conf count, and in which order: "*.conf" in two folders, sorted
 * by name across both; a file in /etc stands in for one of its name in /usr/lib, and an
 * empty one, or a link to /dev/null, is nothing in its place. Called by settings.c.
 */
#pragma once

#include "base/strlist.h"
#include "kdumpd/config/config-report.h"

#define KD_DROPINS_ETC "etc/kdump.conf.d" /* below the root */
#define KD_DROPINS_USR "usr/lib/kdump.conf.d"
#define KD_DROPINS_MAX 64

/**
 * List them.
 *
 * @ret:    initialised by the caller; paths below the root, without a leading '/'
 * @report: complaints are added: a folder that cannot be read, too many files
 * Returns 0 or -ENOMEM.
 */
int kd_dropins_list(int root_fd, struct kd_strlist *ret, struct kd_config_report *report);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Settings of other kdump services as a kdump.conf: Debian's kdump-tools
 * (/etc/default/kdump-tools) and openSUSE's kdump (/etc/sysconfig/kdump), told apart by
 * their variables. Pure: text in, text and remarks out; trusts nothing, and repeats no
 * password. Called by kdumpctl import.
 */
#pragma once

#include "base/strbuf.h"
#include "kdumpd/config/config-report.h"

#define KD_IMPORT_DEBIAN   "etc/default/kdump-tools" /* below the root */
#define KD_IMPORT_SUSE	   "etc/sysconfig/kdump"
#define KD_IMPORT_MAX_CONF 16384 /* bytes of text that come out */

/**
 * Turn one into the other.
 *
 * @file:   name for messages
 * @conf:   the text of a kdump.conf is appended; kd_config_read() finds no error in it
 * @report: initialised by the caller; what could not be carried over is added, a warning
 *          each, with its line
 * Returns 0; -EINVAL with one sentence for a file of neither; -ENOMEM.
 */
int kd_import(const char *file, const char *text, size_t size, struct kd_strbuf *conf,
	      struct kd_config_report *report, struct kd_error *err);

/** Whether only openSUSE's file has a variable of that name. */
bool kd_import_is_suse(const char *name);

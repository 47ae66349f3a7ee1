/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * /etc/kdump.conf in kdump-utils' syntax: "key value" lines, comments, one target.
 * Pure: text in, values and complaints out. Trusts nothing; what cannot be honoured is
 * refused by name with its line, never ignored. Called by the daemon and kdumpctl.
 */
#pragma once

#include "base/plan.h"

#define KD_CONFIG_PATH	   "etc/kdump.conf" /* below the root */
#define KD_CONFIG_MAX_SIZE 65536	    /* bytes of text */
#define KD_CONFIG_PROBLEMS 32

/** Something wrong with a line. @warning: odd, yet the configuration stands. */
struct kd_config_problem {
	unsigned int line;
	bool warning;
	char text[KD_ERROR_SIZE];
};

/** All that is wrong with a file; @n counts on past KD_CONFIG_PROBLEMS, the texts
 *  do not. @errors: those that are no warnings. */
struct kd_config_report {
	size_t n, errors;
	struct kd_config_problem problems[KD_CONFIG_PROBLEMS];
};

/**
 * @path:      folder for the dumps: below the target's root when one is named, else
 *             absolute on this system
 * @collector: core_collector
 * @fstype, @device: the target line; "" when there is none and @path decides
 */
struct kd_config {
	char path[KD_PLAN_STRING];
	char collector[KD_PLAN_COLLECTOR];
	char fstype[32];
	char device[KD_PLAN_STRING];
	enum kd_action final_action;
	enum kd_action failure_action;
};

/** What an empty file means: /var/crash, makedumpfile -z -d 31, reboot on either end. */
void kd_config_init(struct kd_config *config);

/**
 * Parse a configuration.
 *
 * @file:       name for messages
 * @ret:        set only when there are no errors
 * @ret_report: always set: every complaint, warnings too
 * Returns 0, or -EINVAL with the first error, and how many more, in @err.
 */
int kd_config_parse(const char *file, const char *text, size_t size,
		    struct kd_config *ret, struct kd_config_report *ret_report,
		    struct kd_error *err);

/** Nothing read yet. */
static inline void kd_config_report_init(struct kd_config_report *report)
{
	report->n = report->errors = 0;
}

/** Add to a report, for other readers of configuration (sysconfig.c). */
void kd_config_complain(struct kd_config_report *report, unsigned int line, bool warning,
			const char *fmt, ...) _printf_(4, 5);

/** -EINVAL with the report's first error in @err, 0 when it has none. */
int kd_config_verdict(const char *file, const struct kd_config_report *report,
		      struct kd_error *err);

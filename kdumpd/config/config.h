/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * /etc/kdump.conf in kdump-utils' syntax: "key value" lines, comments, targets in the
 * order they are to be tried. Pure: text in, values and complaints out. Trusts nothing;
 * what cannot be honoured is told by name with its line, never ignored. Called by the
 * daemon and kdumpctl.
 */
#pragma once

#include "kdumpd/config/config-target.h"

#define KD_CONFIG_PATH	   "etc/kdump.conf" /* below the root */
#define KD_CONFIG_MAX_SIZE 65536	    /* bytes of text */
#define KD_CONFIG_PROBLEMS 32

/** Something wrong with a line; @line 0: with the file. @warning: odd, yet the
 *  configuration stands. */
struct kd_config_problem {
	char file[KD_CONFIG_FILE];
	unsigned int line;
	bool warning;
	char text[KD_ERROR_SIZE];
};

/** All that is wrong with a configuration; @n counts on past KD_CONFIG_PROBLEMS, the
 *  texts do not. @errors: those that are no warnings. */
struct kd_config_report {
	size_t n, errors;
	struct kd_config_problem problems[KD_CONFIG_PROBLEMS];
};

/**
 * @path:      folder for the dumps: below the target's root when one is named, else
 *             absolute on this system
 * @collector: core_collector
 * @targets:   to be tried in this order, never none: KD_TARGET_OF_PATH stands for no
 *             target line, KD_TARGET_OF_ROOT at the end for dump_to_rootfs
 * @last_resort: of dump_to_rootfs, until kd_config_parse() puts it in @targets; its
 *             source is "" for another failure_action
 */
struct kd_config {
	char path[KD_PLAN_STRING];
	char collector[KD_PLAN_COLLECTOR];
	size_t n_targets;
	struct kd_config_target targets[KD_PLAN_TARGETS];
	struct kd_config_target last_resort;
	enum kd_action final_action;
	enum kd_action failure_action;
};

/** What an empty file means: /var/crash on the file system that holds it, makedumpfile
 *  -z -d 31, reboot on either end. */
void kd_config_init(struct kd_config *config);

/**
 * Parse a configuration.
 *
 * @file:       name for messages
 * @ret:        set only when there are no errors
 * @report:     initialised by the caller; every complaint is added, warnings too
 * Returns 0, or -EINVAL with the first error, and how many more, in @err.
 */
int kd_config_parse(const char *file, const char *text, size_t size,
		    struct kd_config *ret, struct kd_config_report *report,
		    struct kd_error *err);

/** Nothing read yet. */
static inline void kd_config_report_init(struct kd_config_report *report)
{
	report->n = report->errors = 0;
}

/** Add to a report. @line: 0 for the file as a whole */
void kd_config_complain(struct kd_config_report *report, const char *file,
			unsigned int line, bool warning, const char *fmt, ...)
	_printf_(5, 6);

/** A problem as "file:line: text", or "file: text". */
void kd_config_problem_format(const struct kd_config_problem *problem, char *ret,
			      size_t size);

/** -EINVAL with the report's first error in @err, 0 when it has none. */
int kd_config_verdict(const struct kd_config_report *report, struct kd_error *err);

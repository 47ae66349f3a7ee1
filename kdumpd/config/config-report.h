/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is wrong with a configuration: each complaint with its file and line, all at once,
 * in a fixed size so that a hostile file cannot make it grow. Filled by the parsers of
 * configuration files and by who finds that what they ask for cannot be had.
 */
#pragma once

#include "base/error.h"
#include "base/types.h"

#define KD_CONFIG_FILE	   128 /* name of a configuration file, for messages */
#define KD_CONFIG_PROBLEMS 32

/** Something wrong with a line; @line 0: with the file. @warning: odd, yet the
 *  configuration stands. */
struct kd_config_problem {
	char file[KD_CONFIG_FILE];
	unsigned int line;
	bool warning;
	char text[KD_ERROR_SIZE];
};

/** @n counts on past KD_CONFIG_PROBLEMS, the texts do not; @errors: no warnings */
struct kd_config_report {
	size_t n, errors;
	struct kd_config_problem problems[KD_CONFIG_PROBLEMS];
};

/** Nothing read yet. */
static inline void kd_config_report_init(struct kd_config_report *report)
{
	report->n = report->errors = 0;
}

/** Add to a report. @line: 0 for the file as a whole; @file: "" for what no file says */
void kd_config_complain(struct kd_config_report *report, const char *file,
			unsigned int line, bool warning, const char *fmt, ...)
	_printf_(5, 6);

/** A problem as "file:line: text", "file: text" or "text". */
void kd_config_problem_format(const struct kd_config_problem *problem, char *ret,
			      size_t size);
#define KD_CONFIG_PROBLEM_TEXT (KD_CONFIG_FILE + KD_ERROR_SIZE + 16)

/** -EINVAL with the report's first error in @err, 0 when it has none. */
int kd_config_verdict(const struct kd_config_report *report, struct kd_error *err);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Collecting what is wrong with a configuration: see config-report.h. Trusts no
 * text to be short.
 */
#include <stdarg.h>

#include "kdumpd/config/config-report.h"

void kd_config_complain(struct kd_config_report *report, const char *file,
			unsigned int line, bool warning, const char *fmt, ...)
{
	va_list ap;

	if (report->n < KD_CONFIG_PROBLEMS) {
		struct kd_config_problem *p = &report->problems[report->n];

		(void)snprintf(p->file, sizeof(p->file), "%s", file);
		p->line = line;
		p->warning = warning;
		va_start(ap, fmt);
		(void)vsnprintf(p->text, sizeof(p->text), fmt, ap);
		va_end(ap);
	}
	report->n++;
	report->errors += !warning;
}

void kd_config_problem_format(const struct kd_config_problem *problem, char *ret,
			      size_t size)
{
	if (!problem->file[0])
		(void)snprintf(ret, size, "%s", problem->text);
	else if (problem->line)
		(void)snprintf(ret, size, "%s:%u: %s", problem->file, problem->line,
			       problem->text);
	else
		(void)snprintf(ret, size, "%s: %s", problem->file, problem->text);
}

int kd_config_verdict(const struct kd_config_report *report, struct kd_error *err)
{
	const struct kd_config_problem *p = report->problems;
	char text[KD_CONFIG_PROBLEM_TEXT];

	if (report->errors == 0)
		return 0;
	for (size_t i = 0; i < MIN(report->n, (size_t)KD_CONFIG_PROBLEMS) && p->warning;
	     i++)
		p = &report->problems[i];
	kd_config_problem_format(p, text, sizeof(text));
	if (report->errors == 1)
		return kd_fail_msg(err, -EINVAL, "%s", text);
	return kd_fail_msg(err, -EINVAL, "%s (and %zu more)", text, report->errors - 1);
}

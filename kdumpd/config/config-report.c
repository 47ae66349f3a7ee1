/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Collecting what is wrong with a configuration: see config.h. Fixed size, so that a
 * hostile file cannot make it grow. Called by the parsers of both configuration files.
 */
#include <stdarg.h>

#include "kdumpd/config/config.h"

void kd_config_complain(struct kd_config_report *report, unsigned int line, bool warning,
			const char *fmt, ...)
{
	va_list ap;

	if (report->n < KD_CONFIG_PROBLEMS) {
		struct kd_config_problem *p = &report->problems[report->n];

		p->line = line;
		p->warning = warning;
		va_start(ap, fmt);
		(void)vsnprintf(p->text, sizeof(p->text), fmt, ap);
		va_end(ap);
	}
	report->n++;
	report->errors += !warning;
}

int kd_config_verdict(const char *file, const struct kd_config_report *report,
		      struct kd_error *err)
{
	const struct kd_config_problem *p = report->problems;

	if (report->errors == 0)
		return 0;
	for (size_t i = 0; i < MIN(report->n, (size_t)KD_CONFIG_PROBLEMS) && p->warning;
	     i++)
		p = &report->problems[i];
	if (report->errors == 1)
		return kd_fail_msg(err, -EINVAL, "%s:%u: %s", file, p->line, p->text);
	return kd_fail_msg(err, -EINVAL, "%s:%u: %s (and %zu more)", file, p->line,
			   p->text, report->errors - 1);
}

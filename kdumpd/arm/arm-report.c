/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An arming's result as log lines: see arm-report.h. Trusts the texts no further than
 * kd_log(), which keeps control characters from the terminal.
 */
#include "kdumpd/arm/arm-report.h"

#include <string.h>

static void log_lines(const struct kd_log *log, enum kd_log_level level,
		      const struct kd_strbuf *text)
{
	const char *line = kd_strbuf_text(text);

	while (*line) {
		int n = (int)strcspn(line, "\n");

		kd_log(log, level, "%.*s", n, line);
		line += n + (line[n] == '\n');
	}
}

void kd_arm_report(const struct kd_log *log, const struct kd_arm_result *result, int r,
		   const struct kd_error *err)
{
	const char *report = kd_strbuf_text(&result->report);

	log_lines(log, KD_LOG_WARNING, &result->warnings);
	if (r >= 0)
		return;
	/* The first of several errors is the error itself. */
	if (strchr(report, '\n') != strrchr(report, '\n'))
		log_lines(log, KD_LOG_ERROR, &result->report);
	kd_log(log, KD_LOG_ERROR, "%s", err->message);
}

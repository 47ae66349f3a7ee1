/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Telling of an arming: see arm-tell.h. Trusts the texts no further than kd_log(), which
 * keeps control characters from the terminal. Called by kdumpd-worker and kdumpctl.
 */
#include "kdumpd/report/arm-tell.h"

#include <string.h>

#include "kdumpd/report/boot-check.h"
#include "kdumpd/report/metrics.h"

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

static void tell_armed(const struct kd_events *events, const struct kd_state *s)
{
	const struct kd_journal_field fields[] = { { "KDUMP_RELEASE", s->release },
						   { "KDUMP_TARGET", s->target },
						   { "KDUMP_LOADED_BY", s->loaded_by } };
	char text[KD_ERROR_SIZE];

	kd_say(KD_SAY_ARMED, s->release, s->target, text, sizeof(text));
	(void)kd_event_quiet(events, KD_SAY_ARMED, text, fields, ARRAY_SIZE(fields));
}

void kd_arm_tell(const struct kd_events *events, const struct kd_arm_result *result,
		 int r, const struct kd_error *err)
{
	const char *report = kd_strbuf_text(&result->report);
	bool config = r == -EINVAL && report[0];
	enum kd_say id = config ? KD_SAY_BAD_CONFIG : KD_SAY_NOT_ARMED;
	char text[2 * KD_ERROR_SIZE];

	log_lines(events->log, KD_LOG_WARNING, &result->warnings);
	if (r >= 0) {
		if (!result->already)
			tell_armed(events, &result->state);
		return;
	}
	/* The first of several errors is the error itself. */
	if (strchr(report, '\n') != strrchr(report, '\n'))
		log_lines(events->log, KD_LOG_ERROR, &result->report);
	kd_say(id, err->message, NULL, text, sizeof(text));
	if (!kd_event_quiet(events, id, text, NULL, 0))
		kd_log(events->log, KD_LOG_ERROR, "%s", err->message);
}

void kd_after_arming(int root_fd, const struct kd_events *events)
{
	struct kd_boot_report report;
	struct kd_error err = { 0 };

	if (kd_boot_check(root_fd, events, &report, &err) < 0)
		kd_log(events->log, KD_LOG_WARNING, "the last boot: %s", err.message);
	kd_error_reset(&err);
	if (kd_metrics_update(root_fd, &err) < 0)
		kd_log(events->log, KD_LOG_WARNING, "metrics: %s", err.message);
}

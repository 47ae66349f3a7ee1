/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Log lines of the programs: see log.h. Trusts nothing in the text: what comes out of
 * a dump must not steer a terminal. Called by main programs only.
 */
#include "base/log.h"

#include <stdarg.h>

#include "base/io.h"

#define LINE_SIZE 1024

static const char *level_word(enum kd_log_level level)
{
	switch (level) {
	case KD_LOG_ERROR:
		return "Error: ";
	case KD_LOG_WARNING:
		return "WARNING: ";
	default:
		return "";
	}
}

void kd_log(const struct kd_log *log, enum kd_log_level level, const char *fmt, ...)
{
	char line[LINE_SIZE];
	size_t n = 0;
	va_list ap;
	int r;

	if (level > log->max)
		return;
	if (log->journal)
		r = snprintf(line, sizeof(line), "<%d>%s: ", (int)level, log->name);
	else
		r = snprintf(line, sizeof(line), "%s: %s", log->name, level_word(level));
	if (r > 0)
		n = MIN((size_t)r, sizeof(line) - 2);

	va_start(ap, fmt);
	r = vsnprintf(line + n, sizeof(line) - 1 - n, fmt, ap);
	va_end(ap);
	if (r > 0)
		n = MIN(n + (size_t)r, sizeof(line) - 2);

	for (size_t i = 0; i < n; i++)
		if ((unsigned char)line[i] < 0x20 || line[i] == 0x7f)
			line[i] = line[i] == '\t' ? '\t' : '?';
	line[n++] = '\n';
	(void)kd_write_full(log->fd, line, n);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Console lines: see console.h. Trusts the log writer to take control characters out
 * of texts that come from a crashed kernel. Called by pid 1's phases.
 */
#include "capture-kernel/console.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "capture-kernel/deadline.h"

#define TEXT_SIZE 512

void kd_console_init(struct kd_console *c, int root_fd)
{
	int fd = openat(root_fd, "dev/console",
			O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);

	*c = (struct kd_console) {
		.log = { .fd = fd < 0 ? STDERR_FILENO : fd,
			 .name = "kdumpd",
			 .max = KD_LOG_INFO },
	};
}

void kd_console_done(struct kd_console *c)
{
	if (c->log.fd != STDERR_FILENO)
		c->log.fd = kd_close(c->log.fd);
}

void kd_console_say(const struct kd_console *c, enum kd_log_level level,
		    const char *phase, const char *fmt, ...)
{
	char text[TEXT_SIZE];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	kd_log(&c->log, level, "phase %s: %s", phase, text);
}

static unsigned int percent(uint64_t done, uint64_t all)
{
	if (done >= all)
		return 100;
	return (unsigned int)((double)done * 100.0 / (double)all);
}

void kd_progress_text(const char *what, uint64_t done, uint64_t all, char *ret,
		      size_t size)
{
	if (all == 0 && done == 0)
		(void)snprintf(ret, size, "%s", what);
	else if (all == 0)
		(void)snprintf(ret, size, "(%s, %" PRIu64 ")", what, done);
	else
		(void)snprintf(ret, size, "%u %% (%s, %" PRIu64 " of %" PRIu64 ")",
			       percent(done, all), what, done, all);
}

void kd_console_begin(struct kd_console *c)
{
	c->next_ms = 0;
	c->line[0] = '\0';
}

void kd_console_progress(struct kd_console *c, const char *phase, const char *what,
			 uint64_t done, uint64_t all)
{
	char text[sizeof(c->line)];
	uint64_t now = kd_now_ms();

	if (now < c->next_ms)
		return;
	kd_progress_text(what, done, all, text, sizeof(text));
	if (strcmp(text, c->line) == 0)
		return;
	memcpy(c->line, text, sizeof(text));
	c->next_ms = now + KD_CONSOLE_INTERVAL_MS;
	kd_console_say(c, KD_LOG_INFO, phase, "%s", text);
}

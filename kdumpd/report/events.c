/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Telling of events: see events.h. Where an entry cannot be sent the line goes to the log,
 * so that nothing is lost. Called by the daemon and by kdumpctl.
 */
#include "kdumpd/report/events.h"

#define MORE_FIELDS 8

void kd_events_init(struct kd_events *ret, int root_fd, const struct kd_log *log)
{
	int fd = kd_journal_open(root_fd);

	*ret = (struct kd_events) {
		.log = log,
		.journal = fd,
		.only_journal = fd >= 0 &&
				kd_journal_is_stream(getenv("JOURNAL_STREAM"), log->fd),
	};
}

void kd_events_done(struct kd_events *events)
{
	events->journal = kd_close(events->journal);
}

static bool send_entry(const struct kd_events *events, enum kd_say id, const char *line,
		       const struct kd_journal_field *more, size_t n)
{
	const struct kd_sentence *s = kd_sentence(id);
	char level[8];
	struct kd_journal_field fields[5 + MORE_FIELDS] = {
		{ "MESSAGE", line },
		{ "MESSAGE_ID", s->message_id },
		{ "PRIORITY", level },
		/* Cockpit reads the journal by this name */
		{ "SYSLOG_IDENTIFIER", "kdumpctl" },
		{ "KDUMP_EVENT", s->code },
	};
	size_t count = 5;

	if (events->journal < 0)
		return false;
	(void)snprintf(level, sizeof(level), "%d", (int)s->level);
	for (size_t i = 0; i < n && i < MORE_FIELDS; i++)
		if (more[i].value && more[i].value[0])
			fields[count++] = more[i];
	return kd_journal_send(events->journal, fields, count) >= 0;
}

bool kd_event_quiet(const struct kd_events *events, enum kd_say id, const char *text,
		    const struct kd_journal_field *fields, size_t n)
{
	char line[3 * KD_ERROR_SIZE];

	kd_say_with_remedy(id, text, line, sizeof(line));
	return send_entry(events, id, line, fields, n) && events->only_journal;
}

void kd_event(const struct kd_events *events, enum kd_say id, const char *text,
	      const struct kd_journal_field *fields, size_t n)
{
	char line[3 * KD_ERROR_SIZE];

	kd_say_with_remedy(id, text, line, sizeof(line));
	if (!kd_event_quiet(events, id, text, fields, n))
		kd_log(events->log, kd_sentence(id)->level, "%s", line);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Telling of an event: an entry in the journal with its MESSAGE_ID, explained by
 * conf/kdumpd.catalog, and a line for who waits at a terminal. The sentences are those of
 * sentences.def. Called by the daemon and by kdumpctl, at their edge.
 */
#pragma once

#include "kdumpd/report/journal.h"
#include "kdumpd/report/sentences.h"

/**
 * @log:     lines of the program
 * @journal: kd_journal_open(), or negative; owned
 * @only_journal: @log ends in the journal, too: what was sent there is not repeated
 */
struct kd_events {
	const struct kd_log *log;
	int journal;
	bool only_journal;
};

/** @log: borrowed */
void kd_events_init(struct kd_events *ret, int root_fd, const struct kd_log *log);
void kd_events_done(struct kd_events *events);

/**
 * Tell of @id, one of KD_EVENT's.
 *
 * @text:   the sentence, as kd_say() gave it
 * @fields: more of the journal's, at most 8; KDUMP_…
 */
void kd_event(const struct kd_events *events, enum kd_say id, const char *text,
	      const struct kd_journal_field *fields, size_t n);

/** The same for the journal alone. Returns whether who reads the log has it, too: the log
 *  ends in the journal, and the entry was sent. */
bool kd_event_quiet(const struct kd_events *events, enum kd_say id, const char *text,
		    const struct kd_journal_field *fields, size_t n);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The sentences of sentences.def by name: what people read in status, in the journal and
 * from the archive's commands. A sentence is looked up, filled in and shown; nothing is
 * composed elsewhere. Pure. Called by report/ and kdumpctl.
 */
#pragma once

#include "base/error.h"
#include "base/log.h"
#include "base/types.h"

#define KD_SENTENCE(id, ...) KD_SAY_##id,
#define KD_EVENT(id, ...)    KD_SAY_##id,
enum kd_say {
#include "kdumpd/report/sentences.def"
	KD_SAY_COUNT,
};
#undef KD_SENTENCE
#undef KD_EVENT

/**
 * @code:       stable: scripts compare it
 * @text:       what has happened; {1}, {2} are to be filled in
 * @remedy:     what to do; "" for nothing
 * @message_id: of an event, 32 hex digits; NULL for what is no event
 * @level:      of an event
 */
struct kd_sentence {
	const char *code;
	const char *text;
	const char *remedy;
	const char *message_id;
	enum kd_log_level level;
};

/** The sentence. Never NULL for a value of the enum. */
const struct kd_sentence *kd_sentence(enum kd_say id);

/**
 * Its text, filled in and without the remedy. Control characters in @first and @second
 * become '?'; what does not fit is cut.
 *
 * @first, @second: for {1} and {2}; NULL is ""
 */
void kd_say(enum kd_say id, const char *first, const char *second, char *ret,
	    size_t size);

/** Text and remedy as one line: "text: remedy". @text: as kd_say() gave it */
void kd_say_with_remedy(enum kd_say id, const char *text, char *ret, size_t size);

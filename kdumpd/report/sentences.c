/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Looking sentences up and filling them in: see sentences.h. No format strings, so that
 * the table can be checked as data. Called by report/ and kdumpctl.
 */
#include "kdumpd/report/sentences.h"

#include <string.h>

#define KD_SENTENCE(id, sentence_code, sentence_text, sentence_remedy) \
	[KD_SAY_##id] = { .code = (sentence_code),                     \
			  .text = (sentence_text),                     \
			  .remedy = (sentence_remedy) },
#define KD_EVENT(id, event_code, event_level, event_id, event_text, event_remedy) \
	[KD_SAY_##id] = { .code = (event_code),                                   \
			  .text = (event_text),                                   \
			  .remedy = (event_remedy),                               \
			  .message_id = (event_id),                               \
			  .level = (event_level) },
static const struct kd_sentence sentences[KD_SAY_COUNT] = {
#include "kdumpd/report/sentences.def"
};
#undef KD_SENTENCE
#undef KD_EVENT

const struct kd_sentence *kd_sentence(enum kd_say id)
{
	return &sentences[id];
}

/** What is written so far, of @size bytes with a NUL. */
struct line {
	char *text;
	size_t n, size;
};

static void put(struct line *line, const char *text, size_t length)
{
	for (size_t i = 0; i < length && line->n + 1 < line->size; i++) {
		char c = text[i];

		line->text[line->n++] = (unsigned char)c < 0x20 || c == 0x7f ? '?' : c;
	}
	line->text[line->n] = '\0';
}

void kd_say(enum kd_say id, const char *first, const char *second, char *ret, size_t size)
{
	const char *const values[] = { first ? first : "", second ? second : "" };
	struct line line = { .text = ret, .size = size };
	const char *at = sentences[id].text;

	ret[0] = '\0';
	while (*at) {
		size_t plain = strcspn(at, "{");

		put(&line, at, plain);
		at += plain;
		if (at[0] == '{' && (at[1] == '1' || at[1] == '2') && at[2] == '}') {
			const char *value = values[at[1] - '1'];

			put(&line, value, strlen(value));
			at += 3;
		} else if (*at) {
			put(&line, at++, 1);
		}
	}
}

void kd_say_with_remedy(enum kd_say id, const char *text, char *ret, size_t size)
{
	const char *remedy = sentences[id].remedy;

	(void)snprintf(ret, size, "%s%s%s", text, *remedy ? ": " : "", remedy);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kdumpd/report/sentences: the table as data, and how a sentence is filled in.
 */
#include "kdumpd/report/sentences.h"

#include <ctype.h>

#include "tests/unit/test.h"

static bool is_code(const char *s)
{
	if (!islower((unsigned char)*s))
		return false;
	for (; *s; s++)
		if (!islower((unsigned char)*s) && *s != '-')
			return false;
	return true;
}

static bool is_message_id(const char *s)
{
	return strlen(s) == 32 && strspn(s, "0123456789abcdef") == 32;
}

static void table(struct test *t)
{
	for (int i = 0; i < KD_SAY_COUNT; i++) {
		const struct kd_sentence *s = kd_sentence((enum kd_say)i);
		char text[KD_ERROR_SIZE];

		CHECK(t, is_code(s->code));
		CHECK(t, strlen(s->code) < 32);
		CHECK(t, s->text[0] && s->remedy);
		if (s->message_id) {
			CHECK(t, is_message_id(s->message_id));
			CHECK(t, s->level >= KD_LOG_ERROR && s->level <= KD_LOG_INFO);
		}
		/* sentences are put together as "text: remedy" */
		CHECK(t, !strchr(".:", s->text[strlen(s->text) - 1]));
		CHECK(t, !s->remedy[0] || islower((unsigned char)s->remedy[0]));
		kd_say((enum kd_say)i, "1", "2", text, sizeof(text));
		CHECK(t, !strchr(text, '{') && !strchr(text, '}'));
		for (int k = 0; k < i; k++) {
			const struct kd_sentence *o = kd_sentence((enum kd_say)k);

			CHECK(t, strcmp(s->code, o->code) != 0);
			CHECK(t, !s->message_id || !o->message_id ||
					 strcmp(s->message_id, o->message_id) != 0);
		}
	}
}

static void filled_in(struct test *t)
{
	char text[64], line[128], small[8];

	kd_say(KD_SAY_SMALL_RESERVATION, "64M", "80M", text, sizeof(text));
	CHECK_STR(t, text, "64M are reserved, and the capture is expected to need 80M");
	kd_say(KD_SAY_OVER_COUNT, "3", NULL, text, sizeof(text));
	CHECK_STR(t, text, "more than 3 dumps (keep_dumps)");
	kd_say(KD_SAY_OVER_COUNT, NULL, NULL, text, sizeof(text));
	CHECK_STR(t, text, "more than  dumps (keep_dumps)");
	/* what is filled in steers nothing and is not filled in again */
	kd_say(KD_SAY_OVER_COUNT, "\033[31m{2}\n", "x", text, sizeof(text));
	CHECK_STR(t, text, "more than ?[31m{2}? dumps (keep_dumps)");
	kd_say(KD_SAY_OVER_COUNT, "3", NULL, small, sizeof(small));
	CHECK_STR(t, small, "more th");
	kd_say_with_remedy(KD_SAY_NOT_LOADED, "no", line, sizeof(line));
	CHECK_STR(t, line, "no: run `kdumpctl start`");
	kd_say_with_remedy(KD_SAY_DISARMED, "off", line, sizeof(line));
	CHECK_STR(t, line, "off");
}

static const struct test_case cases[] = {
	{ "the table", table },
	{ "filled in", filled_in },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}

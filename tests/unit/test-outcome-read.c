/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kdumpd/outcome-read: reads what base/outcome writes, and refuses the rest.
 */
#include "kdumpd/archive/outcome-read.h"
#include "tests/unit/sample-outcome.h"
#include "tests/unit/test.h"

static void round_trip(struct test *t)
{
	_cleanup_(kd_strbuf_done) struct kd_strbuf text;
	_cleanup_(kd_freep) struct kd_outcome *out = calloc(1, sizeof(*out));

	kd_strbuf_init(&text, KD_OUTCOME_MAX_SIZE);
	CHECK_INT(t, kd_outcome_encode(&sample_outcome, &text, NULL), 0);
	CHECK_INT(t, kd_outcome_read(kd_strbuf_text(&text), text.length, out, NULL), 0);
	CHECK_INT(t, memcmp(&sample_outcome, out, sizeof(*out)), 0);
}

static void wrong(struct test *t)
{
	static const struct {
		const char *text;
		int code;
	} table[] = {
		{ "", -EBADMSG },
		{ "[]", -EBADMSG },
		{ "{", -EBADMSG },
		{ "{}", -EPROTO },
		{ "{\"schemaVersion\":2,\"state\":\"complete\"}", -EPROTO },
		{ "{\"schemaVersion\":1}", -EBADMSG },
		{ "{\"schemaVersion\":1,\"state\":\"fine\"}", -EBADMSG },
		{ "{\"schemaVersion\":1,\"state\":\"complete\",\"release\":1}",
		  -EBADMSG },
		{ "{\"schemaVersion\":1,\"state\":\"complete\",\"crashTime\":-1}",
		  -EBADMSG },
		{ "{\"schemaVersion\":1,\"state\":\"complete\",\"test\":1}", -EBADMSG },
	};
	_cleanup_(kd_freep) struct kd_outcome *out = calloc(1, sizeof(*out));

	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		CHECK_INT(
			t,
			kd_outcome_read(table[i].text, strlen(table[i].text), out, NULL),
			table[i].code);
	CHECK_INT(t, kd_outcome_read("", KD_OUTCOME_MAX_SIZE + 1, out, NULL), -EFBIG);
}

static void odd(struct test *t)
{
	static const char text[] =
		"{\"schemaVersion\":1,\"state\":\"complete\",\"future\":[1],"
		"\"layout\":\"much too long for sixteen bytes\",\"phases\":{},"
		"\"pages\":3,\"notes\":[1,\"two\"]}";
	_cleanup_(kd_freep) struct kd_outcome *out = calloc(1, sizeof(*out));

	CHECK_INT(t, kd_outcome_read(text, strlen(text), out, NULL), 0);
	CHECK_STR(t, out->layout, "much too long f");
	CHECK_INT(t, out->n_phases, 0);
	CHECK_INT(t, out->n_notes, 1);
	CHECK_STR(t, out->notes[0], "two");
}

static const struct test_case cases[] = {
	{ "reads what is written", round_trip },
	{ "refusals", wrong },
	{ "odd but bearable", odd },
};

int main(void)
{
	return test_run(cases, ARRAY_SIZE(cases));
}
